"""The list of conversations: requests a second for a core, and its latency while answers stream."""

import argparse
import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from bench import measure
from bench.answers import Load, one_round, percentile
from bench.client.browser import Browser
from bench.reporting import tables
from bench.reporting.results import Point, Results
from bench.systems import stored
from bench.systems.engine import MODEL
from bench.systems.stack import Stack

SECTION = "REST"
CONVERSATIONS, READERS, SECONDS = 60, 8, 5.0
LIST = f"/api/conversations?limit={CONVERSATIONS}"


async def run(folder: Path, asked: argparse.Namespace, found: Results) -> None:
    """Measure the list alone, then while 64 streams run."""
    del asked
    async with measure.Ground(folder) as ground:
        house = ground.house
        assert house is not None
        person = Browser(house.port, MODEL)
        await person.sign_up()
        stored.conversations(house.database_url, await person.me(), CONVERSATIONS, each=6)
        house.checkpoint()
        await hammer(person, 1.0)
        told = [*await alone(house, person), await beside(ground, person)]
    found.replace_section(SECTION, told)
    print(tables.points(told))


async def alone(house: Stack, person: Browser) -> list[Point]:
    before = house.use()
    late = await hammer(person, SECONDS)
    after = house.use()
    spent = {name: after[name].cpu_s - before[name].cpu_s for name in after}
    functions = spent["functions"]
    note = f"functions {functions * 1e6 / len(late):.0f} µs, Postgres {spent['postgres'] * 1e6 / len(late):.0f} µs for one request"
    return [
        Point(
            SECTION,
            f"list of {CONVERSATIONS}, for a core of the functions",
            len(late) / functions,
            "requests/s",
            1_500,
            least=True,
            note=note,
        ),
        Point(
            SECTION,
            f"list of {CONVERSATIONS}, for a core of functions and Postgres",
            len(late) / (functions + spent["postgres"]),
            "requests/s",
        ),
        Point(SECTION, f"list of {CONVERSATIONS}, {READERS} readers without pause, p99", percentile(late, 0.99), "ms", 30),
        Point(SECTION, f"list of {CONVERSATIONS}, {READERS} readers without pause, p50", percentile(late, 0.50), "ms"),
    ]


async def beside(ground: measure.Ground, person: Browser) -> Point:
    """Ask for the list 10 times a second while 64 answers stream."""
    system = ground.whole_house()
    load = Load(64)
    readers = await system.readers(load.streams)
    streaming = asyncio.ensure_future(one_round(load, readers))
    late: list[float] = []
    while not streaming.done():
        late.append(await timed(person))
        await asyncio.sleep(0.1)
    await streaming
    return Point(SECTION, "list while 64 answers stream, p95", percentile(late, 0.95), "ms", 50)


async def hammer(person: Browser, seconds: float) -> Sequence[float]:
    """Let several browsers of one person ask without a pause; return the latencies in milliseconds."""
    until, late = time.monotonic() + seconds, []

    async def reader(browser: Browser) -> None:
        while time.monotonic() < until:
            late.append(await timed(browser))

    await asyncio.gather(*(reader(person.twin()) for _ in range(READERS)))
    return late


async def timed(browser: Browser, path: str = LIST) -> float:
    """Return how many milliseconds one request took."""
    began = time.perf_counter()
    await browser.ask("GET", path)
    return (time.perf_counter() - began) * 1e3
