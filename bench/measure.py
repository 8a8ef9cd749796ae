"""The main table: the engine itself, nginx in front of it and the whole house, interleaved in the same run."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from bench import answers
from bench.answers import Chat, Load, Row
from bench.client import direct
from bench.client.browser import Browser
from bench.client.page import Page
from bench.client.script import Script
from bench.client.wire import Connection
from bench.systems import front
from bench.systems.engine import MODEL
from bench.systems.stack import Shape, Stack
from bench.systems.usage import Use, use
from local.parts import ROOT, free_port
from local.process import end, spawn

HOUSE, ENGINE, NGINX = "olamchat", "engine itself", "nginx in front"
PAGE = f"{HOUSE}, the page's way"
SETTLE_S = 1.5
WARM = Load(16, Script(length=40), name="warm")


@dataclass(frozen=True)
class System:
    """Something that answers: how to make readers for it, and what its processes have used."""

    name: str
    readers: Callable[[int], Awaitable[Sequence[Chat]]]
    look: Callable[[], dict[str, Use]]


class Ground:
    """The engine, nginx and the house, started once for all rounds."""

    def __init__(self, folder: Path, shape: Shape | None = None, *, house: bool = True) -> None:
        self._folder, self._shape, self._with_house = folder, shape or Shape(), house
        self._stack = ExitStack()
        self.engine_port = free_port()
        self.house: Stack | None = None

    async def __aenter__(self) -> Self:
        self._engine = self._start("engine", [sys.executable, "-m", "bench.systems.engine", str(self.engine_port)])
        await listening(self.engine_port)
        if self._with_house:
            self.house = self._stack.enter_context(Stack(self._folder / "house", self.engine_port, self._shape))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stack.close()

    def engine_itself(self) -> System:
        return System(ENGINE, lambda streams: _direct(self.engine_port, streams), lambda: {"engine": use(self._engine.pid)})

    async def nginx(self) -> System | None:
        """Return nginx in front of the engine, or None where this machine has none."""
        if (binary := front.binary()) is None:
            return None
        port = free_port()
        process = front.start(binary, self._folder / "nginx", port, self.engine_port)
        self._stack.callback(end, process, signal.SIGTERM, 5)
        await listening(port)
        return System(NGINX, lambda streams: _direct(port, streams), lambda: {"engine": use(self._engine.pid), "nginx": use(process.pid)})

    def whole_house(self) -> System:
        house = self.house
        assert house is not None
        return System(HOUSE, lambda streams: browsers(house, streams), lambda: {"engine": use(self._engine.pid), **house.use()})

    def as_the_page(self) -> System:
        """Return the house as its page uses it: one stream that is there already, and one request for a chat."""
        house = self.house
        assert house is not None
        return System(PAGE, lambda streams: pages(house, streams), self.whole_house().look)

    def _start(self, name: str, command: list[str | Path]) -> subprocess.Popen[bytes]:
        process = spawn(command, log=self._folder / f"{name}.log", dies_by=signal.SIGTERM, cwd=ROOT)
        self._stack.callback(end, process, signal.SIGTERM, 5)
        return process


async def browsers(house: Stack, streams: int) -> Sequence[Chat]:
    """Sign up as many people as there are streams; return how each asks."""
    return [browser.chat for browser in await people(house, streams)]


async def pages(house: Stack, streams: int) -> Sequence[Chat]:
    """Sign up as many people as there are streams, each with the page open; it closes with the answer."""
    opened = [await Page(browser).opened() for browser in await people(house, streams)]
    return [page.chat_and_close for page in opened]


async def people(house: Stack, streams: int) -> list[Browser]:
    """Sign up as many people as there are streams, a few at a time."""
    made = [Browser(house.port, MODEL) for _ in range(streams)]
    few = asyncio.Semaphore(8)

    async def sign_up(browser: Browser) -> None:
        async with few:
            await browser.sign_up()

    await asyncio.gather(*(sign_up(browser) for browser in made))
    return made


async def one(ground: Ground, system: System, load: Load) -> Row:
    """Measure one system under one load, once."""
    return await with_readers(ground, system, load, await system.readers(load.streams))


async def with_readers(ground: Ground, system: System, load: Load, readers: Sequence[Chat]) -> Row:
    """Measure one system under one load, with readers that are there already."""
    if ground.house:
        ground.house.checkpoint()
    await asyncio.sleep(SETTLE_S)
    house = ground.house if system.name.startswith(HOUSE) else None
    before, written = (house.redis_calls(), house.wal_bytes()) if house else ({}, 0)
    with busy(load.burners):
        row = await answers.run(system.name, load, readers, system.look)
    if house is None:
        return row
    calls = {name: calls - before.get(name, 0) for name, calls in house.redis_calls().items() if calls > before.get(name, 0)}
    return replace(row, redis_commands=calls, wal_bytes=house.wal_bytes() - written)


@contextmanager
def busy(burners: int) -> Iterator[None]:
    """Let so many processes of others want a core each."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(burners)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


async def table(ground: Ground, loads: Sequence[Load], rounds: int, say: Callable[[Row], None]) -> list[Row]:
    """Measure all systems under all loads, round after round, and return the medians."""
    systems = [ground.engine_itself(), *filter(None, [await ground.nginx()]), ground.as_the_page(), ground.whole_house()]
    for system in systems:
        await one(ground, system, WARM)
    rows: dict[tuple[str, str, int], list[Row]] = {}
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", flush=True)
        for load in loads:
            for system in systems[-2:] if load.alone else systems:
                row = await one(ground, system, load)
                say(row)
                rows.setdefault((row.system, row.load, row.streams), []).append(row)
    return [answers.medians(same) for same in rows.values()]


async def _direct(port: int, streams: int) -> Sequence[Chat]:
    connections = [await Connection.to(port) for _ in range(streams)]
    return [lambda script, connection=connection: direct.chat(connection, script) for connection in connections]  # type: ignore[misc]


async def listening(port: int) -> None:
    """Wait until somebody listens on the port."""
    for _ in range(400):
        with suppress(OSError):
            (await Connection.to(port)).close()
            return
        await asyncio.sleep(0.025)
    raise TimeoutError(f"nobody listens on {port}")
