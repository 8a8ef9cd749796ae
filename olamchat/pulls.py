"""Models that an engine is to fetch: an administrator asks, a worker of the pool has it done and says how far it is.

All of it is in Redis alone, for a day: what Redis forgets is asked for again, and the engine goes on with what it has fetched already.
"""

from typing import Literal

import msgspec

from olamchat import redis

KEPT_S = 24 * 3600
# For how long a worker that fell silent keeps others from going on with its pull.
HELD_S = 20
_INDEX = "pulls"

Status = Literal["waiting", "pulling", "done", "failed"]


class Pull(msgspec.Struct, frozen=True, kw_only=True):
    """A model on its way to the engines of a pool: bytes fetched and bytes in all (0 while nobody knows), of one engine after another.

    `trouble` is what the engine said where it failed.
    """

    pool: str
    model: str
    status: Status = "waiting"
    completed: int = 0
    total: int = 0
    trouble: str = ""

    @property
    def is_over(self) -> bool:
        return self.status in {"done", "failed"}


def ask(pool: str, model: str) -> Pull:
    """Ask for a model. One that is on its way already goes on; one that is over begins again. Raises redis.Lost."""
    known = next((pull for pull in every() if (pull.pool, pull.model) == (pool, model)), None)
    if known and not known.is_over:
        return known
    asked = Pull(pool=pool, model=model)
    with redis.guard(), redis.client().pipeline(transaction=True) as trip:
        trip.set(_key(asked), msgspec.json.encode(asked), ex=KEPT_S)
        trip.sadd(_INDEX, _key(asked))
        trip.execute()
    return asked


def every() -> list[Pull]:
    """List the pulls of the last day, by pool and model. Raises redis.Lost."""
    with redis.guard():
        keys = sorted(redis.client().smembers(_INDEX))
        told = redis.client().mget(keys) if keys else []
        if gone := [key for key, value in zip(keys, told, strict=True) if value is None]:
            redis.client().srem(_INDEX, *gone)
    pulls = [pull for value in told if value is not None and (pull := _read(value))]
    return sorted(pulls, key=lambda pull: (pull.pool, pull.model))


def tell(pull: Pull) -> bool:
    """Say how far a pull is; False when nobody wants it any more. Raises redis.Lost."""
    with redis.guard():
        return bool(redis.client().set(_key(pull), msgspec.json.encode(pull), ex=KEPT_S, xx=True))


def forget(pool: str, model: str) -> bool:
    """Want a model no more: a worker that fetches it stops within a second. False where nobody asked for it. Raises redis.Lost."""
    with redis.guard():
        return bool(redis.client().delete(_key(Pull(pool=pool, model=model))))


def hold(pull: Pull, worker: str) -> bool:
    """Hold a pull for a while, for the first time or again; False where another worker does. Raises redis.Lost."""
    with redis.guard():
        if redis.client().set(_holder(pull), worker, ex=HELD_S, nx=True):
            return True
        if redis.client().get(_holder(pull)) != worker.encode():
            return False
        redis.client().expire(_holder(pull), HELD_S)
        return True


def release(pull: Pull, worker: str) -> None:
    """Let others hold what this worker holds; what another has taken over meanwhile stays theirs. Raises redis.Lost."""
    with redis.guard():
        if redis.client().get(_holder(pull)) == worker.encode():
            redis.client().delete(_holder(pull))


def _key(pull: Pull) -> str:
    return f"pull:{pull.pool}:{pull.model}"


def _holder(pull: Pull) -> str:
    return f"pull-holder:{pull.pool}:{pull.model}"


def _read(value: bytes | str) -> Pull | None:
    try:
        return msgspec.json.decode(value, type=Pull)
    except msgspec.MsgspecError:
        return None
