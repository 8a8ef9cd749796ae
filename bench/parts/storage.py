"""Does it stay quick when years are stored? List and search over 10,000 conversations and a million messages; the cost of an answer."""

import argparse
from pathlib import Path

from bench import measure
from bench.answers import Load, percentile
from bench.client.browser import Browser
from bench.client.script import Script
from bench.parts.rest import timed
from bench.reporting import tables
from bench.reporting.results import Point, Results
from bench.systems import stored
from bench.systems.engine import MODEL

SECTION = "Storage"
# How many conversations are stored when an answer's cost is looked at; the last is all.
STORED, STORED_SHORT, MESSAGES_EACH = (1_000, 10_000), (100, 400), 100
TIMES = 40
FLAT = 1.15
LOOKS = {
    "list, first page": "/api/conversations?limit=30",
    "search, a word in most messages": "/api/conversations?limit=30&q=river",
    "search, a word in one message of a thousand": "/api/conversations?limit=30&q=zanzibar",
    "search, two words": "/api/conversations?limit=30&q=green%20zanzibar",
    "search, the beginning of a word": "/api/conversations?limit=30&q=zanz",
    "search, a word that nobody wrote": "/api/conversations?limit=30&q=xylophone",
    "search, Chinese that nobody wrote": "/api/conversations?limit=30&q=%E6%B2%A1%E6%9C%89",
}
ANSWERS = Load(40, Script(length=40, rate=40), spread_s=4, name="stored")


async def run(folder: Path, asked: argparse.Namespace, found: Results) -> None:
    """Measure an empty house, fill it step by step, measure again."""
    stages = STORED_SHORT if asked.short else STORED
    async with measure.Ground(folder) as ground:
        house = ground.house
        assert house is not None
        person = Browser(house.port, MODEL)
        await person.sign_up()
        await _cost(ground, person)  # warm
        costs, before, fresh = [(0, await _cost(ground, person))], 0, list[Point]()
        for count in stages:
            print(f"filling up to {count:,} conversations", flush=True)
            stored.conversations(house.database_url, await person.me(), count - before, MESSAGES_EACH, vacuum=False)
            before = count
            fresh = [await _look(person, f"right after the fill: {what}", path) for what, path in LOOKS.items()]
            costs.append((count, await _cost(ground, person)))
        looks = [await _look(person, what, path) for what, path in LOOKS.items()]
        looks.append(await _deep(person, stages[-1] // 400))
    told = [*looks, *fresh, *_flat(costs)]
    found.replace_section(SECTION, told)
    print(tables.points(told))


def _flat(costs: list[tuple[int, float]]) -> list[Point]:
    (_, empty), *others = costs
    note = "the goal is the cost with nothing stored, and what two looks at the same differ by"
    return [
        Point(SECTION, "server CPU of an answer of 40 tokens, nothing stored", empty, "ms"),
        *(
            Point(
                SECTION,
                f"the same, {count:,} conversations with {count * MESSAGES_EACH:,} messages stored",
                cost,
                "ms",
                empty * FLAT,
                note=note,
            )
            for count, cost in others
        ),
    ]


async def _look(person: Browser, what: str, path: str) -> Point:
    late = [await timed(person, path) for _ in range(TIMES)]
    return Point(SECTION, f"{what}, p95", percentile(late, 0.95), "ms", 20, note=f"p50 {percentile(late, 0.5):.1f} ms")


async def _deep(person: Browser, pages: int) -> Point:
    """Time a page far down the list, where an offset would count all that precede it."""
    path = "/api/conversations?limit=100"
    for _ in range(pages):
        cursor = (await person.ask("GET", path)).json()["next_cursor"]
        path = f"/api/conversations?limit=100&cursor={cursor}"
    return await _look(person, f"list, the page after {pages * 100:,} rows", path)


async def _cost(ground: measure.Ground, person: Browser) -> float:
    system = ground.whole_house()
    readers = [person.twin().chat for _ in range(ANSWERS.streams)]
    row = await measure.with_readers(ground, system, ANSWERS, readers)
    return sum(spent for name, spent in row.cpu_s.items() if name != "engine") * 1e3 / ANSWERS.streams
