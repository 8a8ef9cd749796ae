"""The faults: what is done to which processes, and how it is undone."""

import asyncio
import shutil
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.faults import clocks, guilty
from tests.faults.house import Act, House, Part

# A function's pod is started again after a moment, as Kubernetes does; a worker's only long after its answers must have gone on without it.
AGAIN_S = 2.0
WORKER_AGAIN_S = 12.0
PAUSE_S = 8.0
OUTAGE_S = 30.0
REFUSAL_S = 10.0
# How far behind a replica is that is promoted.
LAGS_S = (0.2, 0.7, 3.0)


@dataclass(frozen=True)
class Struck:
    """When a fault came, and when what it took away ran again."""

    at: float
    back: float


@dataclass(frozen=True)
class Fault:
    """A fault by name. `act` returns when everything runs again; `is_needed` says that nobody can take the place of what is away.

    `before` and `after` prepare the house and put it right; `missing` says what this machine lacks for the fault.
    """

    name: str
    act: Act
    is_needed: bool = False
    before: Act | None = None
    after: Act | None = None
    missing: str = ""

    async def strike(self, house: House) -> Struck:
        """Do it."""
        at = time.monotonic()
        await self.act(house)
        return Struck(at, time.monotonic())


def _again_s(part: Part) -> float:
    return WORKER_AGAIN_S if part.name.startswith(("worker", "steps")) else AGAIN_S


def kill(name: str) -> Act:
    async def act(house: House) -> None:
        part = house.parts[name]
        part.kill()
        await asyncio.sleep(_again_s(part))
        await _start(part)

    return act


def terminate(name: str) -> Act:
    async def act(house: House) -> None:
        part = house.parts[name]
        part.terminate()
        await asyncio.to_thread(part.wait)
        await _start(part)

    return act


def pause(name: str, lasts_s: float = PAUSE_S) -> Act:
    async def act(house: House) -> None:
        part = house.parts[name]
        part.signal_all(signal.SIGSTOP)
        await asyncio.sleep(lasts_s)
        part.signal_all(signal.SIGCONT)

    return act


async def flush(house: House) -> None:
    redis.Redis.from_url(house.redis_url).flushall()


async def refuse_for_lost_replicas(house: House) -> None:
    """Redis takes no writes, as one does that has lost the replicas it must have."""
    client = redis.Redis.from_url(house.redis_url)
    client.config_set("min-replicas-to-write", 1)
    await asyncio.sleep(REFUSAL_S)
    client.config_set("min-replicas-to-write", 0)


async def refuse_for_a_full_disk(house: House) -> None:
    """Redis takes no writes since it could not save: the folder it saves into is gone, as space is on a full disk."""
    client = redis.Redis.from_url(house.redis_url)
    folder = str(client.config_get("dir")["dir"])  # another one after a replica has taken over; the second time it is gone for this process
    if folder:
        shutil.rmtree(folder)
    client.config_set("save", "3600 1")
    client.bgsave()
    await asyncio.to_thread(_until_unsaved, client)
    await asyncio.sleep(REFUSAL_S)
    client.config_set("save", "")
    if folder:
        await asyncio.to_thread(Path(folder).mkdir)


def _until_unsaved(client: redis.Redis) -> None:
    deadline = time.monotonic() + REFUSAL_S
    while client.info("persistence")["rdb_last_bgsave_status"] != "err":
        assert time.monotonic() < deadline, "Redis could save"
        time.sleep(0.05)


def promote(lag_s: float, dying: Sequence[str] = ()) -> Act:
    """Redis is gone and its replica, so far behind, takes its address; then these workers die."""

    async def act(house: House) -> None:
        house.replicate()  # not in a thread: what it starts dies with the thread that started it
        house.parts["replication"].signal_all(signal.SIGSTOP)
        await asyncio.sleep(lag_s)
        await asyncio.to_thread(house.promote)
        for name in dying:
            house.parts[name].kill()
        await asyncio.sleep(WORKER_AGAIN_S if dying else 0)
        for name in dying:
            await _start(house.parts[name])

    return act


def gone(name: str, lasts_s: float = OUTAGE_S) -> Act:
    async def act(house: House) -> None:
        part = house.parts[name]
        part.kill()
        await asyncio.sleep(lasts_s)
        await _start(part)

    return act


async def everything(house: House) -> None:
    """Kill every process but the router and the readers at once, and start all of them again."""
    parts = [part for name, part in house.parts.items() if name not in {"router", "wire"}]
    for part in parts:
        part.kill()
    await asyncio.sleep(AGAIN_S)
    for name in ("postgres", "redis", "engine"):
        await _start(house.parts[name])
    for part in parts:
        if part.name not in {"postgres", "redis", "engine"}:
            part.start()
    for part in parts:
        await asyncio.to_thread(part.await_ready)


async def both_workers(house: House) -> None:
    parts = [house.parts["worker-0"], house.parts["worker-1"]]
    for part in parts:
        part.kill()
    await asyncio.sleep(AGAIN_S)
    for part in parts:
        await _start(part)


async def _start(part: Part) -> None:
    part.start()
    await asyncio.to_thread(part.await_ready)


async def nothing(_house: House) -> None:
    """No fault: what the suite itself costs."""


def clock(role: str, name: str, offset_s: float) -> Fault:
    """A role's clock is ahead while the questions are asked, then behind by as much from one moment to the next."""
    return Fault(
        f"clock-{role}-{name}",
        clocks.step(role, -offset_s),
        before=clocks.differ(role, offset_s),
        after=clocks.set_right(role),
        missing=clocks.MISSING,
    )


_TARGETS = {
    "worker": "worker-0", "stream": "stream-0", "messages": "messages-0", "engine": "engine", "redis": "redis", "postgres": "postgres",
}  # fmt: skip

# There is one of these, and whoever holds a connection to a frozen function waits for its thaw.
_ALONE = {"engine", "redis", "postgres"}
_FROZEN = _ALONE | {"stream", "messages"}

FAULTS: dict[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault("none", nothing),
        *(Fault(f"{what}-kill", kill(name), what in _ALONE) for what, name in _TARGETS.items()),
        *(Fault(f"{what}-term", terminate(name), what in _ALONE) for what, name in _TARGETS.items()),
        *(Fault(f"{what}-pause", pause(name), what in _FROZEN) for what, name in _TARGETS.items()),
        Fault("redis-flush", flush),
        *(Fault(f"{name}-gone", gone(name), is_needed=True) for name in ("redis", "engine")),
        Fault("redis-lost-replicas", refuse_for_lost_replicas, is_needed=True),
        Fault("redis-full-disk", refuse_for_a_full_disk, is_needed=True),
        *(Fault(f"redis-behind-{lag_s}s", promote(lag_s)) for lag_s in LAGS_S),
        *(Fault(f"redis-behind-{lag_s}s-worker-kill", promote(lag_s, ("worker-0",))) for lag_s in LAGS_S),
        Fault("partition", pause("wire")),
        Fault("guilty-answer", guilty.act, is_needed=True),
        Fault("kills-every-2s", guilty.kill_for_a_while, is_needed=True),
        Fault("workers-kill", both_workers, is_needed=True),
        Fault("everything", everything, is_needed=True),
        *(clock(role, name, offset_s) for role in clocks.ROLES for name, offset_s in clocks.OFFSETS_S.items()),
    )
}
SHORT = ("worker-kill", "redis-flush", "redis-behind-0.7s-worker-kill", "stream-term", "everything")
