"""One scenario: questions at every stage, a fault in their midst, and a verdict on every answer."""

import asyncio
import itertools
import random
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import psycopg
import redis

from tests.faults.client import Api
from tests.faults.faults import Fault
from tests.faults.house import House
from tests.faults.tab import Tab

TABS = 3
# The engine's models by the stage their answers are at when the fault comes, FAULT_S after they were asked. Tokens a second: 10.
FAULT_S = 4.0
RATE = 10
MODELS = {
    "early": f"length=30&rate={RATE}&delay_s=6",
    "middle": f"length=90&rate={RATE}",
    "ending": f"length=40&rate={RATE}",
    "late": f"length=30&rate={RATE}",
}
LENGTHS = {"early": 30, "middle": 90, "ending": 40, "late": 30}
STAGES = {"late": "queued", "early": "before first token", "middle": "mid-stream", "ending": "finishing"}
DEADLINE_S = 120.0
# A text that has not grown for so long was interrupted.
SILENCE_S = 1.0


@dataclass
class Question:
    """A conversation with its one question, its tabs, and what became of it."""

    api: Api
    model: str
    conversation_id: str
    expected: str
    tabs: list[Tab]
    answer_id: str = ""
    accepted: float = 0.0
    problems: list[str] = field(default_factory=list)


@dataclass
class Verdict:
    """One line of the table."""

    name: str
    answers: int
    lost: int = 0
    doubled: int = 0
    gaps: int = 0
    hit: int = 0
    recovery_s: list[float] = field(default_factory=list)
    took_s: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.gaps or self.problems)


def text_of(model: str) -> str:
    return "".join(f" w{number}" for number in range(LENGTHS[model]))


async def people(house: House, count: int) -> list[Api]:
    """Sign up some people."""
    visitor = Api(house.ports["router"])
    signed = [
        await visitor.until("POST", "/api/auth/signup", {"email": f"{uuid4().hex}@example.org", "password": "a good one", "tokens": True})
        for _ in range(count)
    ]
    return [Api(house.ports["router"], one["access_token"]) for one in signed]


async def run(house: House, users: list[Api], fault: Fault, answers: int) -> Verdict:
    """Ask, break, watch, judge."""
    began = time.monotonic()
    questions = await _prepare(users, answers)
    asked = asyncio.create_task(_ask_all(questions))
    await asyncio.sleep(0)
    struck = await _strike(house, fault, questions, asked)
    await asked
    verdict = Verdict(fault.name, answers)
    await _settle(house, questions, verdict)
    for question in questions:
        for tab in question.tabs:
            await tab.close()
    _judge(house, questions, struck, fault, verdict)
    verdict.took_s = time.monotonic() - began
    return verdict


async def _prepare(users: list[Api], answers: int) -> list[Question]:
    names = list(MODELS)
    gate = asyncio.Semaphore(16)

    async def one(number: int) -> Question:
        api, model = users[number % len(users)], names[number % len(names)]
        async with gate:
            made = await api.until("POST", "/api/conversations", {"title": f"{model} {number}"})
        tabs = [Tab(api, made["id"], text_of(model)) for _ in range(TABS)]
        return Question(api, model, made["id"], text_of(model), tabs)

    questions = await asyncio.gather(*(one(number) for number in range(answers)))
    for question in questions:
        for tab in question.tabs:
            tab.open()
            await asyncio.sleep(0.004)
    async with asyncio.timeout(DEADLINE_S):
        await asyncio.gather(*(tab.opened.wait() for question in questions for tab in question.tabs))
    return list(questions)


async def _ask_all(questions: list[Question]) -> None:
    """Ask so that at FAULT_S the answers stand where their models say: those that end, end around it; the late ones are asked around it."""
    asking = []
    for number, question in enumerate(questions):
        spread = (number / len(questions) - 0.5) * 0.6
        wait_s = FAULT_S - 0.05 + spread / 2 if question.model == "late" else max(0.0, 0.3 + spread if question.model == "ending" else 0.3)
        asking.append(asyncio.create_task(_ask(question, wait_s)))
    await asyncio.gather(*asking)


async def _ask(question: Question, wait_s: float) -> None:
    await asyncio.sleep(wait_s)
    body = {"content": "Count.", "model": question.model}
    path = f"/api/conversations/{question.conversation_id}/messages"
    sent: dict[str, Any] = await question.api.until("POST", path, body, Idempotency_Key=uuid4().hex)
    question.answer_id, question.accepted = sent["answer"]["id"], time.monotonic()


async def _strike(house: House, fault: Fault, questions: list[Question], asked: "asyncio.Task[None]") -> float:
    """Do the fault; a late joiner comes to every conversation while it lasts. Returns when it began."""
    await asyncio.sleep(FAULT_S)
    struck = time.monotonic()
    acting = asyncio.ensure_future(fault.act(house))
    await asyncio.sleep(1.0)
    for question in random.sample(questions, len(questions)):
        late = Tab(question.api, question.conversation_id, question.expected)
        question.tabs.append(late)
        late.open()
        await asyncio.sleep(0.004)
    await acting
    return struck


async def _settle(house: House, questions: list[Question], verdict: Verdict) -> None:
    """Wait until every tab shows an end and nothing is left to do, or the deadline has passed."""
    waits = [tab.until_ended() for question in questions for tab in question.tabs]
    tasks = [asyncio.create_task(wait) for wait in waits]
    ended, late = await asyncio.wait(tasks, timeout=DEADLINE_S)
    verdict.problems += [f"a tab broke: {error!r}" for task in ended if (error := task.exception())]
    for task in late:
        task.cancel()
    if left := await until_nothing_is_left(house):
        verdict.problems.append(f"left behind: {left}")


async def until_nothing_is_left(house: House, within_s: float = 20) -> str:
    """Wait until no turn, lease or load is left; return what is left then."""
    deadline = time.monotonic() + within_s
    left = await asyncio.to_thread(left_behind, house)
    while left and time.monotonic() < deadline:
        await asyncio.sleep(0.25)
        left = await asyncio.to_thread(left_behind, house)
    return left


def left_behind(house: House) -> str:
    """Return what should be gone when nothing is asked any more: turns, leases, the load's members."""
    with psycopg.connect(house.database_url) as connection:
        turns = connection.execute("SELECT state, count(*) FROM turns GROUP BY state").fetchall()
    with redis.Redis.from_url(house.redis_url) as client:
        leases = len(list(client.scan_iter(match="lease:*", count=1000)))
        load = sum(int(client.zcard(key)) for key in client.scan_iter(match="pool:*:load"))
    return f"turns {turns}, leases {leases}, load {load}" if turns or leases or load else ""


def _judge(house: House, questions: list[Question], struck: float, fault: Fault, verdict: Verdict) -> None:
    rows = rows_of(house)
    for question in questions:
        final = rows.get(question.conversation_id, [])
        _judge_row(question, final)
        for number, tab in enumerate(question.tabs):
            judge_tab(question, number, tab)
        verdict.lost += any(problem.startswith("lost") for problem in question.problems)
        verdict.doubled += any(problem.startswith("doubled") for problem in question.problems)
        gaps = sum(tab.reader.gaps for tab in question.tabs)
        verdict.gaps += gaps
        verdict.problems += [f"{STAGES[question.model]} {question.conversation_id}: {problem}" for problem in question.problems]
    silences = [_silence(question, struck) for question in questions if question.model == "middle"]
    verdict.recovery_s = sorted(silence for silence in silences if silence > SILENCE_S)
    verdict.hit = len(verdict.recovery_s)


def rows_of(house: House) -> dict[str, list[tuple[Any, ...]]]:
    sql = "SELECT conversation_id::text, id::text, status, content, attempt, error FROM messages WHERE role = 'assistant'"
    found: dict[str, list[tuple[Any, ...]]] = {}
    with psycopg.connect(house.database_url) as connection:
        for conversation_id, *rest in connection.execute(sql).fetchall():
            found.setdefault(conversation_id, []).append(tuple(rest))
    return found


def _judge_row(question: Question, rows: list[tuple[Any, ...]]) -> None:
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


def _silence(question: Question, struck: float) -> float:
    """Return the longest time that a tab saw nothing new, of those times that ended after the fault."""
    longest = 0.0
    for tab in question.tabs[:TABS]:
        times = tab.seen.grew
        longest = max([longest, *(after - max(before, struck - 1) for before, after in itertools.pairwise(times) if after > struck)])
    return longest
