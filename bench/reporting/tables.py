"""Tables in Markdown, for the terminal and the report alike."""

from collections.abc import Iterable, Sequence

from bench.answers import Row
from bench.reporting.goals import Verdict
from bench.reporting.results import Point

ANSWERS = (
    "system", "load", "streams", "first token p50", "p99", "per token p50", "p99", "tokens/s", "lost / doubled / failed",
    "server CPU per token", "Redis commands per token", "WAL per token",
)  # fmt: skip


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    rows = [tuple(head), tuple("---" for _ in head), *map(tuple, lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def answers(rows: Iterable[Row]) -> str:
    return table(ANSWERS, (answer_line(row) for row in rows))


def answer_line(row: Row) -> tuple[str, ...]:
    server = "–" if set(row.cpu_s) == {"engine"} else f"{row.server_us_per_token:.0f} µs{between(row, 'server_us_per_token')}"
    return (
        row.system, row.load, str(row.streams), ms(row.first_p50) + between(row, "first_p50"), ms(row.first_p99), ms(row.token_p50) + between(row, "token_p50"), ms(row.token_p99),
        f"{row.tokens_per_s:,.0f}", f"{row.lost} / {row.doubled} / {row.failed}", server,
        f"{row.redis_per_token:.2f} + {row.redis_inside_per_token:.1f} inside scripts" if row.redis_commands else "–",
        f"{row.wal_per_token:,.0f} B" if row.wal_bytes else "–",
    )  # fmt: skip


def between(row: Row, name: str) -> str:
    """Return the least and the most of all rounds, where there were several."""
    least, most = row.spread.get(name, (0.0, 0.0))
    return f" ({least:.3g} to {most:.3g})" if least != most else ""


def processes(rows: Iterable[Row]) -> str:
    """Return the table of CPU seconds and memory for each process of each row."""
    lines = [
        (
            row.system,
            row.load,
            str(row.streams),
            name,
            f"{spent:.2f}",
            f"{spent * 1e6 / max(row.tokens, 1):.1f}",
            f"{row.rss_mib.get(name, 0):.0f}",
        )
        for row in rows
        for name, spent in {**row.cpu_s, "load client": row.client_cpu_s}.items()
    ]
    return table(("system", "load", "streams", "process", "CPU s", "µs per token", "MiB"), lines)


def verdicts(told: Iterable[Verdict]) -> str:
    lines = [
        (
            one.where,
            one.what,
            f"{'≥' if one.least else '≤'} {number(one.goal, one.unit)}".strip(),
            number(one.measured, one.unit).strip(),
            "met" if one.met else _missed(one),
        )
        for one in told
    ]
    return table(("where", "what", "goal", "measured", ""), lines)


def points(told: Iterable[Point]) -> str:
    lines = [(point.what, number(point.value, point.unit), _goal(point), _met(point), point.note) for point in told]
    return table(("what", "measured", "goal", "", "note"), lines)


def ms(value: float) -> str:
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.3g} ms"


def number(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if abs(value) >= 100 else f"{value:.3g} {unit}"


def _goal(point: Point) -> str:
    return "–" if point.goal is None else f"{'≥' if point.least else '≤'} {number(point.goal, point.unit)}"


def _met(point: Point) -> str:
    return {None: "", True: "met", False: "**missed**"}[point.met]


def _missed(one: Verdict) -> str:
    return f"**missed**, {one.missed_by:.2g} ×" if one.missed_by else "**missed**"
