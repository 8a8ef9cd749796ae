"""The house as people have it: at rest, and as plain `make up` with its own limits, log and places for answers."""

import argparse
import asyncio
from pathlib import Path

from bench import measure
from bench.answers import Load, Row, medians
from bench.reporting import tables
from bench.reporting.results import Point, Results
from bench.systems.stack import Shape, Stack
from bench.systems.usage import since

SECTION = "Everyday"
IDLE_S, IDLE_SHORT_S = 60, 10
# As many answers as plain `make up` writes at once, and one more than that.
PLACES = 8
# Sign-ups from one address are limited, and the bench has one address.
SIGN_UPS = {"OLAMCHAT_LIMIT_ADDRESS": "-", "OLAMCHAT_SECURE_COOKIES": "false"}


async def run(folder: Path, asked: argparse.Namespace, found: Results) -> None:
    """Measure a plain house at rest, and the ninth answer where there is room for eight."""
    async with measure.Ground(folder, Shape(plain=True, settings=SIGN_UPS)) as ground:
        house = ground.whole_house()
        assert ground.house is not None
        fresh = await at_rest(ground.house, "fresh", IDLE_SHORT_S if asked.short else IDLE_S)
        await measure.one(ground, house, measure.WARM)
        rows = {
            streams: medians([await measure.one(ground, house, Load(streams, spread_s=0.5)) for _ in range(asked.rounds)])
            for streams in (1, PLACES, PLACES + 1)
        }
        used = await at_rest(ground.house, "after some answers", IDLE_SHORT_S if asked.short else IDLE_S)
    points = [*fresh, *used, *(point for streams, row in rows.items() for point in told(streams, row))]
    found.replace_section(SECTION, points)
    print(tables.points(points))


async def at_rest(house: Stack, when: str, seconds: float) -> list[Point]:
    """Return what the house's processes take while nobody asks for anything."""
    before = house.use()
    await asyncio.sleep(seconds)
    used = since(before, house.use())
    cpu, memory = sum(one.cpu_s for one in used.values()), sum(one.rss_mib for one in used.values())
    parts = ", ".join(f"{name} {one.cpu_s * 100 / seconds:.1f} % {one.rss_mib:.0f} MiB" for name, one in used.items())
    return [
        Point(SECTION, f"idle house, {when}: of one core", cpu * 100 / seconds, "%", 1, note=parts),
        Point(SECTION, f"idle house, {when}: memory (PSS)", memory, "MiB", 200 if when == "fresh" else 260),
    ]


def told(streams: int, row: Row) -> list[Point]:
    name = f"plain `make up`, {streams} answer{'s' if streams > 1 else ''} at once"
    note = f"token p50 {row.token_p50:.1f} ms, {row.server_us_per_token:.0f} µs of CPU a token {row.trouble}"
    return [Point(SECTION, f"{name}: first token p50", row.first_p50, "ms", note=f"p99 {row.first_p99:.0f} ms; {note}")]
