"""One scenario: questions at every stage, a fault in their midst, and a verdict on every answer."""

import asyncio
import random
import time
from uuid import uuid4

from tests.faults.clients.api import Api
from tests.faults.clients.tab import Tab
from tests.faults.faults import Fault, Struck
from tests.faults.house import House
from tests.faults.judging import TABS, Question, Verdict, judge, left_behind

# The engine's models by the stage their answers are at when the fault comes, FAULT_S after the first were asked.
FAULT_S = 4.0
RATE = 10
LENGTHS = {"late": 30, "early": 30, "middle": 90, "ending": 40}
DELAYS_S = {"early": 3.0}
MODELS = {name: f"length={length}&rate={RATE}&delay_s={DELAYS_S.get(name, 0)}" for name, length in LENGTHS.items()}
STAGES = {"late": "queued", "early": "before the first token", "middle": "mid-stream", "ending": "while finishing"}
DEADLINE_S = 120.0


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
    if fault.before is not None:
        await fault.before(house)
    questions = await _prepare(users, answers)
    asked = asyncio.create_task(_ask_all(questions))
    await asyncio.sleep(0)
    struck = await strike(house, fault, questions)
    await asked
    verdict = Verdict(fault.name)
    await settle(house, questions, verdict)
    for question in questions:
        for tab in question.tabs:
            await tab.close()
    judge(house, questions, struck, fault, verdict)
    if fault.after is not None:
        await fault.after(house)
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
        return Question(api, model, STAGES[model], made["id"], text_of(model), tabs)

    questions = await asyncio.gather(*(one(number) for number in range(answers)))
    await open_tabs(questions)
    return list(questions)


async def open_tabs(questions: list[Question]) -> None:
    """Open every tab, and wait until each is told where things stand."""
    for question in questions:
        for tab in question.tabs:
            tab.open()
            await asyncio.sleep(0.004)
    async with asyncio.timeout(DEADLINE_S):
        await asyncio.gather(*(tab.opened.wait() for question in questions for tab in question.tabs))


async def _ask_all(questions: list[Question]) -> None:
    """Ask so that at FAULT_S the answers stand where their models say: those that end, end around it; the late ones are asked around it."""
    before_s = {"late": 0.05, "early": 1.5, "middle": FAULT_S - 0.3, "ending": FAULT_S - 0.3}
    asking = []
    for number, question in enumerate(questions):
        spread_s = (number / len(questions) - 0.5) * {"late": 0.3, "ending": 0.6}.get(question.model, 0.0)
        asking.append(asyncio.create_task(ask(question, FAULT_S - before_s[question.model] + spread_s)))
    await asyncio.gather(*asking)


async def ask(question: Question, wait_s: float = 0.0) -> None:
    """Wait, then ask until it is accepted."""
    await asyncio.sleep(wait_s)
    question.due = time.monotonic() + DELAYS_S.get(question.model, 0.0) + 1 / RATE
    body = {"content": question.content, "model": question.model}
    path = f"/api/conversations/{question.conversation_id}/messages"
    sent = await question.api.until("POST", path, body, Idempotency_Key=uuid4().hex)
    question.answer_id = sent["answer"]["id"]


async def strike(house: House, fault: Fault, questions: list[Question]) -> Struck:
    """Do the fault; a late joiner comes to every conversation while it lasts."""
    await asyncio.sleep(FAULT_S)
    acting = asyncio.create_task(fault.strike(house))
    await asyncio.sleep(1.0)
    for question in random.sample(questions, len(questions)):
        late = Tab(question.api, question.conversation_id, question.expected)
        question.tabs.append(late)
        late.open(reads=True)
        await asyncio.sleep(0.004)
    return await acting


async def settle(house: House, questions: list[Question], verdict: Verdict) -> None:
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
