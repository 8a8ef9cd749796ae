"""bench/report.md, made from the results: machine, versions, tables, plots, and each goal held against what was measured."""

from itertools import groupby
from pathlib import Path

from bench import goals, plots, tables
from bench.results import Results

ROOT = Path(__file__).resolve().parent.parent
REPORT, IMAGES = ROOT / "bench" / "report.md", ROOT / "docs" / "images"

HEAD = """# Measured

Made by `make bench`; docs/performance.md says how to read it, where the time goes and what was tried.
Engine, load client, all servers and all workers share the machine below. Added time is beyond the engine's own.

"""


def write(results: Results) -> None:
    """Write the report and its pictures."""
    parts = [HEAD, _facts(results)]
    if results.rows:
        parts += _answers(results)
    parts += [
        f"## {section}\n\n{tables.points(list(points))}\n" for section, points in groupby(results.points, lambda point: point.section)
    ]
    REPORT.write_text("\n".join(parts).replace("\n\n\n", "\n\n"))


def _facts(results: Results) -> str:
    lines = [*results.machine.items(), ("versions", ", ".join(f"{name} {number}" for name, number in results.versions.items()))]
    return tables.table(("", ""), lines) + "\n"


def _answers(results: Results) -> list[str]:
    plots.latencies(results.rows, IMAGES / "bench-latency.svg")
    plots.costs(results.rows, IMAGES / "bench-cost.svg")
    house = [row for row in results.rows if row.system == "olamchat"]
    told = [verdict for row in house for verdict in goals.verdicts(row)]
    return [
        "## Answers\n\n" + tables.answers(results.rows) + "\n",
        "![Added latency over streams](../docs/images/bench-latency.svg)\n",
        "![CPU of a token, by process](../docs/images/bench-cost.svg)\n",
        "### Goals\n\n" + tables.verdicts(told) + "\n",
        "### Processes\n\n" + tables.processes(house) + "\n",
    ]
