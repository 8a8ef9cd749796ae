"""The table that the suite prints."""

import math
import os
import platform
from collections.abc import Sequence

from local import postgres
from tests.faults.scenario import Verdict

HEAD = ("fault", "answers", "lost", "doubled", "gaps", "interrupted", "p50 s", "p95 s", "max s")


def row(verdict: Verdict) -> str:
    """Return a verdict as a row of Markdown."""
    times = [f"{quantile(verdict.recovery_s, q):.1f}" if verdict.recovery_s else "–" for q in (0.5, 0.95, 1.0)]
    cells = [verdict.name, verdict.answers, verdict.lost, verdict.doubled, verdict.gaps, verdict.hit, *times]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def head() -> str:
    return "| " + " | ".join(HEAD) + " |\n| " + " | ".join(["---", *["---:"] * (len(HEAD) - 1)]) + " |"


def quantile(times: Sequence[float], q: float) -> float:
    """Return the smallest of the sorted times that a share `q` of them does not exceed."""
    return times[max(0, math.ceil(q * len(times)) - 1)]


def machine() -> str:
    """Say on what this was measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}, PostgreSQL {postgres.version()}"
