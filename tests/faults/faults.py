"""The faults: what is done to which processes, and how it is undone."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import redis

from tests.faults.house import House, Part

# A function's pod is started again after a moment, as Kubernetes does; a worker's only long after its answers must have gone on without it.
AGAIN_S = 2.0
WORKER_AGAIN_S = 12.0
PAUSE_S = 8.0
OUTAGE_S = 30.0

Act = Callable[[House], Awaitable[None]]


@dataclass(frozen=True)
class Struck:
    """When a fault came, and when what it took away ran again."""

    at: float
    back: float


@dataclass(frozen=True)
class Fault:
    """A fault by name. `act` returns when everything runs again; `is_needed` says that nobody can take the place of what is away."""

    name: str
    act: Act
    is_needed: bool = False

    async def strike(self, house: House) -> Struck:
        """Do it."""
        at = time.monotonic()
        await self.act(house)
        return Struck(at, time.monotonic())


def _again_s(part: Part) -> float:
    return WORKER_AGAIN_S if part.name.startswith("worker") else AGAIN_S


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


async def redis_gone(house: House) -> None:
    part = house.parts["redis"]
    part.kill()
    await asyncio.sleep(OUTAGE_S)
    await _start(part)


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
        Fault("redis-gone", redis_gone, is_needed=True),
        Fault("partition", pause("wire")),
        Fault("workers-kill", both_workers, is_needed=True),
        Fault("everything", everything, is_needed=True),
    )
}
SHORT = ("worker-kill", "redis-flush", "stream-term", "everything")
