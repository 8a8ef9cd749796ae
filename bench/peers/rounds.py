"""One round: chats are begun, processes die halfway and start again, and what is left is read once nothing moves any more."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bench.peers.kept import LENGTH, RATE, Row, Seen, count
from tests.faults.house import Part

HALFWAY_S = LENGTH / RATE / 2
AGAIN_S = 2.0
# Long enough for a dead worker to be missed and its answer to be written by another one.
QUIET_S, PATIENCE_S = 30.0, 180.0
STARTS_WITHIN_S = 300.0
ASKED_AT_ONCE = 4


Act = Callable[[], Awaitable[object]]


class System(Protocol):
    """A chat system under test."""

    name: str

    async def ask(self) -> str:
        """Begin a chat and return its id."""

    async def read(self, chat_id: str) -> Seen:
        """Return the chat as the system's API shows it."""


@dataclass(frozen=True)
class Fault:
    """What dies, in words, and how; `act` returns when all runs again."""

    name: str
    act: Act


async def run(system: System, fault: Fault, answers: int) -> tuple[Row, list[str]]:
    """Ask, strike, wait, count. Returns the row and the chats' ids. Raises RuntimeError where an answer was done before the fault came."""
    chats = await _ask_all(system, answers)
    await asyncio.sleep(HALFWAY_S)
    if any(chat.ended for chat in await read_all(system, chats)):
        raise RuntimeError(f"{system.name} took its questions so slowly that an answer was done before the fault")
    await fault.act()
    return count(system.name, fault.name, await _settled(system, chats)), chats


async def read_all(system: System, chats: Sequence[str]) -> list[Seen]:
    return [await system.read(chat_id) for chat_id in chats]


async def nothing() -> None:
    """No fault: nobody follows these answers, so that they are written whether the page is open or not."""


def dies(parts: Sequence[Part], how: signal.Signals) -> Act:
    """Return what ends these processes at once and starts them again a moment later, one after the other."""

    async def act() -> None:
        for part in parts:
            part.kill() if how == signal.SIGKILL else part.terminate()
        for part in parts:
            await asyncio.to_thread(part.wait)
        await asyncio.sleep(AGAIN_S)
        for part in parts:
            part.start()
            await ready(part)

    return act


async def ready(part: Part) -> None:
    """Wait until the part is ready. Raises RuntimeError when it ends instead, or never is."""
    deadline = time.monotonic() + STARTS_WITHIN_S
    while not await asyncio.to_thread(part.ready):
        if part.process is None or part.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{part.name} did not start; its log says why")
        await asyncio.sleep(0.2)


async def _ask_all(system: System, answers: int) -> list[str]:
    gate = asyncio.Semaphore(ASKED_AT_ONCE)

    async def one() -> str:
        async with gate:
            return await system.ask()

    return await asyncio.gather(*(one() for _ in range(answers)))


async def _settled(system: System, chats: Sequence[str]) -> list[Seen]:
    """Read the chats until all are complete, or until nothing has moved for a while."""
    began = moved = time.monotonic()
    seen = await read_all(system, chats)
    while not all(chat.ended for chat in seen) and time.monotonic() < min(moved + QUIET_S, began + PATIENCE_S):
        await asyncio.sleep(1)
        before, seen = seen, await read_all(system, chats)
        if seen != before:
            moved = time.monotonic()
    return seen
