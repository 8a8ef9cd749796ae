"""What a chat's start costs: by two requests, by one, and by the page's whole way, by turns in one house."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bench import measure
from bench.answers import Chat, Load, Row
from bench.client.browser import Browser
from bench.client.page import Page
from bench.client.received import Received
from bench.client.script import Script
from bench.measure import Ground
from bench.reporting import tables
from bench.reporting.results import Point, Results

SECTION = "A chat's start"
STARTS = Load(100, Script(length=4, rate=0), spread_s=10, name="starts")
SHORT = Load(40, Script(length=4, rate=0), spread_s=4, name="starts")
Way = Callable[[Browser], Awaitable[Chat]]


async def two_requests(browser: Browser) -> Chat:
    return browser.chat


async def one_request(browser: Browser) -> Chat:
    return browser.begin


async def two_streams(browser: Browser) -> Chat:
    events = asyncio.ensure_future(browser.follow("/api/events", lambda _event, _data: None))

    async def chat(script: Script) -> Received:
        try:
            return await browser.open_two_streams(script)
        finally:
            events.cancel()

    return chat


async def page(browser: Browser) -> Chat:
    return (await Page(browser).opened()).chat_and_close


WAYS: dict[str, Way] = {
    "the page's whole way": page,
    "two requests": two_requests,
    "one request": one_request,
    "two requests, two streams and two reads, as the page did": two_streams,
}


async def run(folder: Path, asked: argparse.Namespace, found: Results) -> None:
    """Measure each way by turns."""
    load = SHORT if asked.short else STARTS
    rows: dict[str, list[Row]] = {name: [] for name in WAYS}
    async with measure.Ground(folder) as ground:
        await measure.one(ground, ground.whole_house(), measure.WARM)
        for _ in range(max(asked.rounds, 3)):
            for name, way in WAYS.items():
                rows[name].append(await one(ground, load, way))
    points = [point for name in WAYS for point in told(name, rows[name])]
    found.replace_section(SECTION, points)
    print(tables.points(points))


async def one(ground: Ground, load: Load, way: Way) -> Row:
    assert ground.house is not None
    people = await measure.people(ground.house, load.streams)
    return await measure.with_readers(ground, ground.whole_house(), load, [await way(person) for person in people])


def told(name: str, rows: Sequence[Row]) -> list[Point]:
    """Return the medians, with what each part took and how far the rounds lay apart."""
    costs = sorted(cost(row) for row in rows)
    middle = sorted(rows, key=cost)[len(rows) // 2]
    parts = ", ".join(f"{part} {spent * 1e3 / middle.streams:.1f}" for part, spent in middle.cpu_s.items() if part != "engine")
    trouble = next((row.trouble for row in rows if row.trouble), "")
    firsts = sorted(row.first_p50 for row in rows)
    return [
        Point(SECTION, f"server CPU by {name}", costs[len(costs) // 2], "ms", note=f"{costs[0]:.1f} to {costs[-1]:.1f}; {parts} {trouble}"),
        Point(SECTION, f"first token by {name}, p50", firsts[len(firsts) // 2], "ms", note=f"{firsts[0]:.1f} to {firsts[-1]:.1f}"),
    ]


def cost(row: Row) -> float:
    """Return the milliseconds of all servers' CPU that one start took."""
    return sum(spent for part, spent in row.cpu_s.items() if part != "engine") * 1e3 / row.streams
