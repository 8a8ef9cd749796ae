"""The table of answers that act."""

from collections.abc import Iterator

from tests.faults.steps.judging import Verdict
from tests.faults.table import line

HEAD = (
    "fault, answers act", "at", "answers", "lost", "doubled", "gaps", "reads again", "idempotent again", "writes repeated unasked",
    "unknown, asked", "failed, told to the model",
)  # fmt: skip


def lines(verdict: Verdict) -> Iterator[str]:
    """Return a line of Markdown for each of a verdict's rows."""
    for row in verdict.rows.values():
        counts = (row.answers, row.lost, row.doubled, row.gaps, row.reads_again, row.sets_again, row.writes_repeated, row.asked, row.failed)
        yield line(row.fault, row.stage, *counts)
