"""One scenario with steps: questions of every effect at every stage, a fault in their midst, people who decide, and a verdict."""

import asyncio
import time
from uuid import uuid4

import psycopg

from tests.faults.clients.api import Api
from tests.faults.clients.tab import Tab
from tests.faults.faults import Fault
from tests.faults.house import House
from tests.faults.judging import TABS
from tests.faults.scenario import ask, open_tabs, settle, strike
from tests.faults.steps.cases import CASES, Acting, Stage, before_fault_s
from tests.faults.steps.judging import Verdict, judge
from tests.faults.steps.person import decide

SERVERS = {"free": "never", "asking": "always"}


async def add_servers(house: House) -> None:
    """Add the tool server under two names, as an administrator: one whose calls are free, one that always asks."""
    visitor = Api(house.ports["router"])
    name = {"email": f"{uuid4().hex}@example.org", "password": "a good one", "tokens": True}
    await visitor.until("POST", "/api/auth/signup", name)
    with psycopg.connect(house.database_url) as connection:
        connection.execute("UPDATE users SET role = 'admin' WHERE email = %s", [name["email"]])
    token = (await visitor.until("POST", "/api/auth/login", name))["access_token"]
    administrator = Api(house.ports["router"], token)
    for server, approval in SERVERS.items():
        body = {"name": server, "url": f"http://127.0.0.1:{house.ports['tools']}/mcp", "approval": approval}
        await administrator.until("POST", "/api/admin/tools", body)


async def run(house: House, users: list[Api], fault: Fault, answers: int) -> Verdict:
    """Ask, break, decide, watch, judge."""
    began = time.monotonic()
    questions = await _prepare(users, answers)
    start = asyncio.get_running_loop().time()
    acting = [asyncio.create_task(_live(one, stage, start, number / answers)) for number, (one, stage) in enumerate(questions)]
    await strike(house, fault, [one for one, _ in questions])
    verdict = Verdict(fault.name)
    await settle(house, [one for one, _ in questions], verdict)
    for task in acting:
        task.cancel()
    for one, _ in questions:
        for tab in one.tabs:
            await tab.close()
    judge(house, [one for one, _ in questions], fault, verdict)
    verdict.took_s = time.monotonic() - began
    return verdict


async def _prepare(users: list[Api], answers: int) -> list[tuple[Acting, Stage]]:
    questions = []
    for number in range(answers):
        api, model = users[number % len(users)], list(CASES)[number % len(CASES)]
        effect, stage = CASES[model]
        made = await api.until("POST", "/api/conversations", {"title": f"{model} {number}"})
        tabs = [Tab(api, made["id"], stage.text * 2) for _ in range(TABS)]
        questions.append((Acting(api, model, stage.name, made["id"], stage.text * 2, tabs, effect=effect), stage))
    await open_tabs([one for one, _ in questions])
    return questions


async def _live(question: Acting, stage: Stage, start: float, share: float) -> None:
    await ask(question, before_fault_s(stage, share))
    await decide(question, stage, start)
