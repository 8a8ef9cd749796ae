"""The tables that the suite prints, and their place in docs/reliability.md."""

import os
import platform
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from local import postgres
from tests.faults.judging import Row, Verdict, quantile

PAGE = Path(__file__).parents[2] / "docs/reliability.md"
HEAD = ("fault", "at", "answers", "lost", "doubled", "gaps", "interrupted", "p50 s", "p95 s", "max s")
STOP_HEAD = ("stopped by", "stops", "p50 ms", "p95 ms", "max ms")


def head(names: Sequence[str] = HEAD, words: int = 2) -> str:
    """Return a table's first two lines; its first columns are words, the others numbers."""
    return f"| {' | '.join(names)} |\n| {' | '.join(['---'] * words + ['---:'] * (len(names) - words))} |"


def lines(verdict: Verdict) -> Iterator[str]:
    """Return a line of Markdown for each of a verdict's rows."""
    for row in verdict.rows.values():
        yield line(row.fault, row.stage, row.answers, row.lost, row.doubled, row.gaps, len(row.recovery_s), *_times(row))


def _times(row: Row) -> list[str]:
    return [f"{quantile(row.recovery_s, q):.1f}" if row.recovery_s else "–" for q in (0.5, 0.95, 1.0)]


def line(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def stop_lines(measured: dict[str, list[float]]) -> Iterator[str]:
    """Return a line for each way of stopping."""
    for way, times in measured.items():
        yield line(way, len(times), *(f"{1000 * quantile(times, q):.0f}" for q in (0.5, 0.95, 1.0)))


def total(verdicts: Sequence[Verdict]) -> str:
    """Return the sum of all rows as a sentence."""
    rows = [row for verdict in verdicts for row in verdict.rows.values()]
    lost, doubled, gaps = (sum(getattr(row, name) for row in rows) for name in ("lost", "doubled", "gaps"))
    late = "".join(
        f" {row.late} of {row.answers} of {row.fault!r} ({row.stage}) were done before the stop was sent." for row in rows if row.late
    )
    return f"In all {sum(row.answers for row in rows)} answers: {lost} lost, {doubled} doubled, {gaps} gaps.{late}"


def machine() -> str:
    """Say on what this was measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}, PostgreSQL {postgres.version()}"


def write(part: str, text: str, page: Path = PAGE) -> None:
    """Put a text between a part's marks in the page."""
    marks = f"<!-- {part} -->", f"<!-- end of {part} -->"
    old = page.read_text()
    new, count = re.subn(f"(?s){re.escape(marks[0])}.*?{re.escape(marks[1])}", lambda _: f"{marks[0]}\n{text}\n{marks[1]}", old)
    assert count == 1, f"{page.name} has no place for {part}"
    page.write_text(new)
