"""What one answer can cost and reach: an unthrottled stream, and the CPU of a chat's start."""

import argparse
from pathlib import Path

from bench import measure
from bench.answers import Load, Row, medians
from bench.client.script import Script
from bench.reporting import tables
from bench.reporting.results import Point, Results

SECTION = "One stream, one start"
UNTHROTTLED = Load(1, Script(length=150_000, rate=0), spread_s=0, name="unthrottled")
STARTS = Load(100, Script(length=4, rate=0), spread_s=10, name="starts")


async def run(folder: Path, asked: argparse.Namespace, found: Results) -> None:
    """Measure both, as medians of the rounds."""
    async with measure.Ground(folder) as ground:
        house, engine = ground.whole_house(), ground.engine_itself()
        warm = Load(8, Script(length=40, rate=0), name="warm")
        await measure.one(ground, house, warm)
        fast = medians([await measure.one(ground, house, UNTHROTTLED) for _ in range(asked.rounds)])
        bare = medians([await measure.one(ground, engine, UNTHROTTLED) for _ in range(asked.rounds)])
        starts = medians([await measure.one(ground, house, STARTS) for _ in range(asked.rounds)])
    found.replace_section(SECTION, points(fast, bare, starts))
    print(tables.points(points(fast, bare, starts)))


def points(fast: Row, bare: Row, starts: Row) -> list[Point]:
    server = {name: spent for name, spent in starts.cpu_s.items() if name != "engine"}
    split = ", ".join(f"{name} {spent * 1e3 / starts.streams:.1f}" for name, spent in server.items())
    trouble = f"{fast.lost} lost, {fast.doubled} doubled {fast.trouble}"
    return [
        Point(SECTION, "one unthrottled stream, the whole house", fast.tokens_per_s, "tokens/s", 30_000, least=True, note=trouble),
        Point(SECTION, "one unthrottled stream, the engine itself", bare.tokens_per_s, "tokens/s"),
        Point(
            SECTION,
            "server CPU of a chat's start (4 tokens, 10 starts/s)",
            sum(server.values()) * 1e3 / starts.streams,
            "ms",
            10,
            note=split,
        ),
        Point(SECTION, "time to the first token at 10 starts/s, p50", starts.first_p50, "ms"),
        Point(SECTION, "time to the first token at 10 starts/s, p99", starts.first_p99, "ms"),
    ]
