"""What can answer now: every worker says it every few seconds, functions read it and never ask an engine themselves."""

import logging
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from olamchat import redis

KEY = "roster"
# How long a worker that fell silent is missed: what it offered may come back.
MISSED_S = 600.0
# What engines say that a model can do.
EMBEDDING, COMPLETION = "embedding", "completion"
# How much a model is to think: OpenAI's words, and `on` where there is nothing between none and all.
Effort = Literal["none", "on", "minimal", "low", "medium", "high", "xhigh", "max"]
_log = logging.getLogger(__name__)
# Which of two offers of one model in one pool is the better news.
_BEST = {"loaded": 0, "loading": 1, "cold": 2, "down": 3}


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One model that a pool offers; `context_length` in tokens, `state` is loaded, loading, cold or down.

    `capacity` is how many answers the pool's workers write at once; `efforts` is how much the model may be told to think, none where it can't be told; `display_name` is for people, empty where the name does.
    """

    model: str
    pool: str
    engine: str
    context_length: int | None = None
    state: str = "loaded"
    capabilities: tuple[str, ...] = ()
    can_continue: bool = True
    calls_tools: bool = True
    capacity: int = 0
    display_name: str = ""
    efforts: tuple[Effort, ...] = ()

    @property
    def embeds(self) -> bool:
        """Whether the model turns texts into vectors."""
        return EMBEDDING in self.capabilities

    @property
    def answers(self) -> bool:
        """Whether the model says something: those that only make embeddings don't."""
        return not self.embeds or COMPLETION in self.capabilities


class Replica(msgspec.Struct, frozen=True, kw_only=True):
    """One engine as one worker sees it: whether it answers, how many answers it writes for this worker, how many requests wait in it."""

    pool: str
    address: str
    up: bool
    busy: int
    waiting: int
    loaded: tuple[str, ...] = ()
    # What engine it is, and whether it gets models by itself when asked to.
    kind: str = ""
    fetches: bool = False
    # What it said when it last failed, in its own words, until it answers again: for administrators.
    trouble: str = ""


class Worker(msgspec.Struct, frozen=True, kw_only=True):
    """One worker process: what it offers, how many answers it can write at once and writes now.

    `taken` is how many turns it has taken since it started; `until` is in Unix seconds.
    """

    id: str
    offers: tuple[Offer, ...]
    capacity: int
    running: int
    taken: int = 0
    replicas: tuple[Replica, ...] = ()
    until: float


_last_known: list[Offer] = []


def announce(
    worker_id: str,
    offers: Sequence[Offer],
    *,
    capacity: int,
    running: int,
    taken: int = 0,
    replicas: Sequence[Replica] = (),
    ttl_s: float = 15,
) -> None:
    """Say what this worker offers and sees; it counts for `ttl_s`. Raises redis.Lost."""
    counts = {"capacity": capacity, "running": running, "taken": taken}
    with redis.guard():
        until = _time(redis.client().time()) + ttl_s
        said = Worker(id=worker_id, offers=tuple(offers), replicas=tuple(replicas), until=until, **counts)
        redis.client().hset(KEY, worker_id, msgspec.json.encode(said))


def withdraw(worker_id: str) -> None:
    """Take this worker off the roster. Raises redis.Lost."""
    with redis.guard():
        redis.client().hdel(KEY, worker_id)


def workers() -> list[Worker]:
    """List the workers that spoke up lately, by Redis's clock. Raises redis.Lost."""
    return _everybody()[0]


def _everybody() -> tuple[list[Worker], list[Worker]]:
    """Return who spoke up lately, and who fell silent and did not take leave; forget those of whom nothing was heard for long."""
    with redis.guard():
        with redis.client().pipeline(transaction=False) as trip:
            trip.time()
            trip.hgetall(KEY)
            told, said = trip.execute()
        now = _time(told)
        known = {name: worker for name, value in said.items() if (worker := _read(name, value))}
        forgotten = [name for name, worker in known.items() if worker.until + MISSED_S < now]
        if forgotten:
            redis.client().hdel(KEY, *forgotten)
    silent = [worker for name, worker in known.items() if worker.until < now and name not in forgotten]
    return [worker for worker in known.values() if worker.until >= now], silent


def _read(name: bytes, value: bytes) -> Worker | None:
    try:
        return msgspec.json.decode(value, type=Worker)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        _log.warning("the roster's entry %.80r is not a worker's: %s", name, error)
        return None


def _time(told: tuple[int, int]) -> float:
    seconds, microseconds = told
    return seconds + microseconds / 1_000_000


def offers() -> list[Offer]:
    """List what can answer, each model of a pool once, by name. What only silent workers offered is `down`: its questions wait. Raises redis.Lost."""
    global _last_known
    there, silent = _everybody()
    missed = (msgspec.structs.replace(offer, state="down") for worker in silent for offer in worker.offers)
    _last_known = _merge([*(offer for worker in there for offer in worker.offers), *missed])
    return _last_known


def last_known() -> list[Offer]:
    """Return what offers() answered last in this process."""
    return _last_known


def _merge(every: Iterable[Offer]) -> list[Offer]:
    best: dict[tuple[str, str], Offer] = {}
    for offer in every:
        known = best.get((offer.model, offer.pool))
        better = known is None or _BEST.get(offer.state, 9) < _BEST.get(known.state, 9)
        capacity = offer.capacity + (known.capacity if known else 0)
        best[offer.model, offer.pool] = msgspec.structs.replace(offer if better or known is None else known, capacity=capacity)
    return sorted(best.values(), key=lambda offer: (offer.engine == "demo", offer.model, offer.pool))
