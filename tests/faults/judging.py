"""The checker: what became of each answer, as its row, its tabs and the clock say."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
import redis

from olamchat.jobs import STEPS
from tests.faults.clients.api import Api
from tests.faults.clients.tab import Tab
from tests.faults.faults import Fault, Struck
from tests.faults.house import House

TABS = 3
# What was due and did not come for so long was interrupted.
SILENCE_S = 1.0


@dataclass
class Question:
    """A conversation with its one question, its tabs, and what became of it. `due` is when an undisturbed answer's first word comes."""

    api: Api
    model: str
    stage: str
    conversation_id: str
    expected: str
    tabs: list[Tab]
    content: str = "Count."
    answer_id: str = ""
    due: float = 0.0
    problems: list[str] = field(default_factory=list)


@dataclass
class Row:
    """One line of the table: the answers that were at one stage when the fault came. `late`: those that were done before they could be stopped."""

    fault: str
    stage: str
    answers: int = 0
    lost: int = 0
    doubled: int = 0
    gaps: int = 0
    late: int = 0
    recovery_s: list[float] = field(default_factory=list)


@dataclass
class Verdict:
    """What became of a scenario: a row for each stage, and sentences about what was wrong."""

    fault: str
    rows: dict[str, Row] = field(default_factory=dict)
    took_s: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.problems or any(row.lost or row.doubled or row.gaps for row in self.rows.values()))

    def row_of(self, question: Question) -> Row:
        """Return the row of the question's stage."""
        return self.rows.setdefault(question.stage, Row(self.fault, question.stage))

    def count(self, question: Question) -> Row:
        """Count a judged question into its stage's row, which is returned."""
        row = self.row_of(question)
        row.answers += 1
        row.lost += any(problem.startswith("lost") for problem in question.problems)
        row.doubled += any(problem.startswith("doubled") for problem in question.problems)
        row.gaps += sum(tab.reader.gaps for tab in question.tabs)
        self.problems += [f"{question.stage} {question.conversation_id}: {problem}" for problem in question.problems]
        return row


def quantile(times: Sequence[float], q: float) -> float:
    """Return the smallest of the times that a share `q` of them does not exceed."""
    return sorted(times)[max(0, math.ceil(q * len(times)) - 1)]


def judge(house: House, questions: list[Question], struck: Struck, fault: Fault, verdict: Verdict) -> None:
    """Judge every question of a scenario that was to end undisturbed."""
    rows = rows_of(house)
    for question in questions:
        judge_row(question, rows.get(question.conversation_id, []))
        for number, tab in enumerate(question.tabs):
            judge_tab(question, number, tab)
        row = verdict.count(question)
        silence_s, recovery_s = _recovery(question, struck, fault)
        if silence_s > SILENCE_S:
            row.recovery_s.append(recovery_s)


def left_behind(house: House) -> str:
    """Return what should be gone when nothing is asked any more: turns, leases, the load's members."""
    with psycopg.connect(house.database_url) as connection:
        turns = connection.execute("SELECT state, count(*) FROM turns GROUP BY state").fetchall()
        steps = connection.execute("SELECT state, count(*) FROM steps WHERE finished_at IS NULL GROUP BY state").fetchall()
    with redis.Redis.from_url(house.redis_url) as client:
        leases = len(list(client.scan_iter(match="lease:*", count=1000)))
        load = sum(int(client.zcard(key)) for key in (*client.scan_iter(match="pool:*:load"), STEPS.load))
    return f"turns {turns}, steps {steps}, leases {leases}, load {load}" if turns or steps or leases or load else ""


def rows_of(house: House) -> dict[str, list[tuple[Any, ...]]]:
    sql = "SELECT conversation_id::text, id::text, status, content, attempt, error FROM messages WHERE role = 'assistant'"
    found: dict[str, list[tuple[Any, ...]]] = {}
    with psycopg.connect(house.database_url) as connection:
        for conversation_id, *rest in connection.execute(sql).fetchall():
            found.setdefault(conversation_id, []).append(tuple(rest))
    return found


def judge_row(question: Question, rows: list[tuple[Any, ...]]) -> None:
    if len(rows) != 1:
        question.problems.append(f"{'doubled' if rows else 'lost'}: {len(rows)} answers")
        return
    answer_id, status, content, attempt, error = rows[0]
    if answer_id != question.answer_id:
        question.problems.append("lost: another answer than the accepted one")
    if status != "done":
        question.problems.append(f"lost: {status} in attempt {attempt}, {error}")
    elif content != question.expected:
        kind = "doubled" if len(content) > len(question.expected) else "lost"
        question.problems.append(f"{kind}: the final text is wrong in attempt {attempt}: …{content[-60:]!r}")


def judge_tab(question: Question, number: int, tab: Tab) -> None:
    shown = tab.shown
    who = "the late joiner" if number == TABS else f"tab {number}"
    if shown is None or not shown.ended:
        question.problems.append(
            f"lost: {who} never saw the end, it shows {shown and (shown.status, shown.attempt, shown.text[-20:])}; {list(tab.heard)}"
        )
    elif shown.text != question.expected and not tab.seen.wrong:
        question.problems.append(f"lost: {who} shows …{shown.text[-40:]!r}")
    if tab.seen.wrong:
        question.problems.append(f"doubled: {who} showed what is no beginning of the answer, {tab.seen.wrong}")
    if len(tab.seen.closings) > 1:
        question.problems.append(f"doubled: {who} was told {len(tab.seen.closings)} ends")
    if tab.reader.gaps:
        question.problems.append(f"gap: {who} met {tab.reader.gaps}; {tab.gap_heard}")


def _recovery(question: Question, struck: Struck, fault: Fault) -> tuple[float, float]:
    """Return the longest time that a tab waited for what was due, and what of it is recovery.

    Where nothing can go on before what was taken away is back, recovery is counted from then on, else from the fault.
    """
    longest, recovery_s = 0.0, 0.0
    for tab in question.tabs[:TABS]:
        for before, after in itertools.pairwise([question.due, *tab.seen.grew]):
            began = max(before, struck.at)
            if after - began > longest:
                longest = after - began
                recovery_s = after - (max(began, struck.back) if fault.is_needed and after > struck.back else began)
    return longest, recovery_s
