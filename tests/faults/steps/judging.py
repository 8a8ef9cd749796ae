"""The checker of answers that act: the rows of the database, the tabs, and the tool server's own book of what it was asked."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.faults import judging
from tests.faults.faults import Fault
from tests.faults.house import House
from tests.faults.judging import judge_row, judge_tab, rows_of
from tests.faults.steps.cases import TOOLS, Acting
from tests.tool_server.book import Book

# A call may fail for good only where its server is what was struck; the model is told so and the answer goes on.
_ENDED = {"done", "refused"}


@dataclass
class Row(judging.Row):
    """One line of the table: besides what every answer is judged by, what became of the calls."""

    reads_again: int = 0
    sets_again: int = 0
    writes_repeated: int = 0
    asked: int = 0
    failed: int = 0


@dataclass
class Verdict(judging.Verdict):
    """What became of a scenario with steps."""

    rows: dict[str, Row] = field(default_factory=dict)  # type: ignore[assignment]

    @property
    def clean(self) -> bool:
        return super().clean and not any(row.writes_repeated for row in self.rows.values())

    def row_of(self, question: judging.Question) -> Row:
        return self.rows.setdefault(question.stage, Row(self.fault, question.stage))


def judge(house: House, questions: list[Acting], fault: Fault, verdict: Verdict) -> None:
    """Judge every answer by its row, its tabs, its one step, and how often the tool was called for it."""
    rows, steps, began = rows_of(house), _steps_of(house), _calls(house)
    for question in questions:
        judge_row(question, rows.get(question.conversation_id, []))
        for number, tab in enumerate(question.tabs):
            judge_tab(question, number, tab)
        taken = steps.get(question.answer_id, [])
        _judge_steps(question, taken, began, may_fail=fault.name.startswith("tools"))
        row = verdict.count(question)
        assert isinstance(row, Row)
        _count(row, question, taken, began)


def _judge_steps(question: Acting, steps: list[dict[str, Any]], began: Counter[str], *, may_fail: bool) -> None:
    if len(steps) != 1:
        question.problems.append(f"{'doubled' if steps else 'lost'}: {len(steps)} steps")
        return
    [step] = steps
    calls = began[step["key"]]
    if step["state"] not in _ENDED | ({"failed"} if may_fail else set()):
        question.problems.append(f"lost: the step is {step['state']}, {step['error']}")
    if step["state"] == "done" and not calls:
        question.problems.append("lost: a step is done that was never called")
    if question.effect == "write" and calls > 1 + question.again:
        question.problems.append(f"doubled: the write was called {calls} times, and allowed again {question.again} times")
    for number, tab in enumerate(question.tabs):
        shown = tab.shown.steps if tab.shown else {}
        if [one["state"] for one in shown.values()] != [step["state"]]:
            question.problems.append(
                f"lost: tab {number} shows the step as {[one['state'] for one in shown.values()]}, it is {step['state']}"
            )


def _count(row: Row, question: Acting, steps: list[dict[str, Any]], began: Counter[str]) -> None:
    for step in steps:
        more = max(0, began[step["key"]] - 1)
        row.reads_again += more if question.effect == "read" else 0
        row.sets_again += more if question.effect == "idempotent" else 0
        row.writes_repeated += max(0, more - question.again) if question.effect == "write" else 0
        row.failed += step["state"] == "failed"
    row.asked += question.again + question.skipped


def _steps_of(house: House) -> dict[str, list[dict[str, Any]]]:
    sql = "SELECT message_id::text AS id, number, state, error, idempotency_key::text AS key FROM steps ORDER BY message_id, number"
    found: dict[str, list[dict[str, Any]]] = {}
    with psycopg.connect(house.database_url, row_factory=dict_row) as connection:
        for step in connection.execute(sql).fetchall():
            found.setdefault(step["id"], []).append(step)
    return found


def _calls(house: House) -> Counter[str]:
    names = {name for tool, _ in TOOLS.values() for name in (tool, f"{tool}_if_sure")}
    return Counter(line["key"] for line in Book(house.book).lines() if line["event"] == "began" and line["tool"] in names)
