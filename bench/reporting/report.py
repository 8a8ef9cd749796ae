"""bench/report.md, made from the results: machine, versions, each goal held against what was measured, where the time goes, tables, plots."""

import re
from itertools import groupby
from pathlib import Path

from bench.reporting import goals, plots, tables
from bench.reporting.results import Results

ROOT = Path(__file__).resolve().parents[2]
BENCH, NAME = ROOT / "bench", "report.md"
PAGE, NEXT = ROOT / "docs" / "performance.md", "## Where the time goes, and what is next"

HEAD = """# Measured

Made by `make bench`; [docs/performance.md](../docs/performance.md) says how it is measured and what each step gave.
Engine, load client, all servers and all workers share the machine below. Added time is beyond the engine's own.

"""


def write(results: Results, into: Path = BENCH) -> None:
    """Write the report and its pictures: those of the kept results among the pages' pictures, others beside the report."""
    into.mkdir(parents=True, exist_ok=True)
    images, link = (ROOT / "docs" / "images", "../docs/images") if into == BENCH else (into, ".")
    parts = [HEAD, _facts(results), _goals(results), _time(results)]
    if results.rows:
        parts += _answers(results, images, link)
    parts += [
        f"## {section}\n\n{tables.points(list(points))}\n" for section, points in groupby(results.points, lambda point: point.section)
    ]
    (into / NAME).write_text("\n".join(parts).replace("\n\n\n", "\n\n"))


def _facts(results: Results) -> str:
    took = ", ".join(f"{name} {seconds}" for name, seconds in results.took_s.items())
    lines = [
        *results.machine.items(),
        ("versions", ", ".join(f"{name} {number}" for name, number in results.versions.items())),
        ("took, in seconds", took),
        *((f"**{name} was not measured**", why.replace("|", "/").replace("\n", " ")[:300]) for name, why in results.failed.items()),
    ]
    return tables.table(("", ""), lines) + "\n"


def _goals(results: Results) -> str:
    told = goals.every(results)
    met = sum(one.met for one in told)
    return f"## Goals\n\n{met} of {len(told)} are met.\n\n{tables.verdicts(told)}\n"


def _time(results: Results) -> str:
    """Say by numbers where the CPU of a token goes, and repeat what the page says of it."""
    rows = [row for row in results.rows if row.system == "olamchat" and row.load == "spread"]
    lines = [
        (f"{row.streams} streams", *(f"{row.cpu_s.get(name, 0) * 1e6 / max(row.tokens, 1):.0f}" for name in _processes(results)),
         f"{row.server_us_per_token:.0f}") for row in rows
    ]  # fmt: skip
    measured = tables.table(("µs of CPU for one token", *_processes(results), "all servers"), lines) if lines else ""
    said = PAGE.read_text().partition(NEXT)[2].partition("\n## ")[0].strip()
    said = re.sub(r"\]\((?!https?:)([^)]+)\)", r"](../docs/\1)", said)
    return f"{NEXT}\n\n{measured}\n\n{said}\n"


def _processes(results: Results) -> list[str]:
    return sorted({name for row in results.rows if row.system == "olamchat" for name in row.cpu_s} - {"engine"})


def _answers(results: Results, images: Path, link: str) -> list[str]:
    plots.latencies(results.rows, images / "bench-latency.svg")
    plots.costs(results.rows, images / "bench-cost.svg")
    house = [row for row in results.rows if row.system == "olamchat"]
    return [
        "## Answers\n\n" + tables.answers(results.rows) + "\n",
        f"![Added latency over streams]({link}/bench-latency.svg)\n",
        f"![CPU of a token, by process]({link}/bench-cost.svg)\n",
        "### Processes\n\n" + tables.processes(house) + "\n",
    ]
