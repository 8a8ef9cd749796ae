"""More processes of each kind: does the work spread, and what does it cost?"""

import argparse
from pathlib import Path

from bench import measure
from bench.answers import Load, Row
from bench.client.script import Script
from bench.reporting import tables
from bench.reporting.results import Point, Results
from bench.systems.stack import Shape

SECTION = "Scaling"
LOAD = Load(64)
SHAPES = {
    "1 of functions, 1 of workers": Shape(),
    "2 of functions, 1 of workers": Shape(function_processes=2),
    "4 of functions, 1 of workers": Shape(function_processes=4),
    "1 of functions, 2 of workers": Shape(worker_processes=2),
    "1 of functions, 4 of workers": Shape(worker_processes=4),
    "2 of each": Shape(function_processes=2, worker_processes=2),
    "4 of each": Shape(function_processes=4, worker_processes=4),
    "one process for each function, 1 worker": Shape(each=True),
    "1 and 1, the engine in OpenAI's protocol": Shape(engine="openai"),
}


async def run(folder: Path, asked: argparse.Namespace, found: Results) -> None:
    """Measure the same load on houses of several shapes, one after another, once each."""
    told: list[Point] = []
    for number, (name, shape) in enumerate(list(SHAPES.items())[-2 if asked.short else 0 :]):
        print(f"{number + 1}: {name}", flush=True)
        async with measure.Ground(folder / str(number), shape) as ground:
            system = ground.whole_house()
            await measure.one(ground, system, Load(16, Script(length=20, rate=40), name="warm"))
            told += points(name, await measure.one(ground, system, LOAD))
    found.replace_section(SECTION, told)
    print(tables.points(told))


def points(name: str, row: Row) -> list[Point]:
    kept = f"{row.lost} lost, {row.doubled} doubled, {row.failed} failed"
    return [
        Point(SECTION, f"{name}: server CPU per token, 64 streams", row.server_us_per_token, "µs", note=kept),
        Point(SECTION, f"{name}: added per-token latency, p50", row.token_p50, "ms", note=f"p99 {row.token_p99:.0f} ms"),
        Point(SECTION, f"{name}: added time to first token, p50", row.first_p50, "ms", note=f"p99 {row.first_p99:.0f} ms"),
    ]
