"""A person stops answers while a fault lasts and continues them afterwards; and how long a stop takes when nothing is wrong."""

import asyncio
import json
import random
import time
import urllib.request
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.faults.clients.api import Api
from tests.faults.clients.tab import Tab
from tests.faults.faults import AGAIN_S, FAULTS, Fault, kill
from tests.faults.house import House
from tests.faults.judging import Question, Verdict, rows_of
from tests.faults.scenario import DEADLINE_S, FAULT_S, RATE, ask, open_tabs, settle

LENGTH, THINKS_S = 150, 6.0
TEXT = "".join(f" w{number}" for number in range(LENGTH))
MODELS = {"stopped": f"length={LENGTH}&rate={RATE}", "thinking": f"length={LENGTH}&rate=40&delay_s={THINKS_S}"}
# The stages an answer is stopped at: its model, and when it is asked.
STAGES = {"queued": ("stopped", FAULT_S + 0.3), "before the first token": ("thinking", FAULT_S - 2), "mid-stream": ("stopped", 0.3)}
UNDER = (
    "none",
    "worker-kill",
    "workers-kill",
    "worker-pause",
    "worker-term",
    "partition",
    "stream-kill",
    "messages-kill",
    "redis-kill",
    "redis-flush",
)
FREED_S = 30.0


@dataclass
class Pressed:
    """A stop: when the person pressed it, what the first tab showed then, and as what the API returned the answer."""

    at: float
    shown: str
    status: str = ""


async def run(house: House, users: list[Api], fault: Fault, answers: int) -> Verdict:
    """Ask, break, press stop on every answer, judge; then press continue on every answer, while it is still broken if it may, and judge again."""
    verdict = Verdict(f"{fault.name}, stopped")
    questions = await _prepare(users, answers)
    asking = [asyncio.create_task(ask(one, STAGES[one.stage][1])) for one in questions]
    await asyncio.sleep(FAULT_S)
    acting = asyncio.create_task(fault.strike(house))
    pressed = await asyncio.gather(*(_press(one, asked) for one, asked in zip(questions, asking, strict=True)))
    back = (await acting).back if fault.is_needed else 0.0
    await settle(house, questions, verdict)
    _judge_stops(house, questions, pressed, back, verdict)
    verdict.problems += await _still_running(house)
    await _go_on(house, [one for one, press in zip(questions, pressed, strict=True) if press.status != "done"])
    await acting
    for question in questions:
        for tab in question.tabs:
            await tab.close()
        verdict.count(question)
    return verdict


async def _prepare(users: list[Api], answers: int) -> list[Question]:
    questions = []
    for number in range(answers):
        api, stage = users[number % len(users)], list(STAGES)[number % len(STAGES)]
        questions.append(await question_of(api, stage, STAGES[stage][0], tabs=2))
    await open_tabs(questions)
    return questions


async def question_of(api: Api, stage: str, model: str, *, tabs: int) -> Question:
    """Make a conversation for a question that the engine's book can be asked for by its words."""
    made = await api.until("POST", "/api/conversations", {"title": stage})
    return Question(api, model, stage, made["id"], TEXT, [Tab(api, made["id"], TEXT) for _ in range(tabs)], content=f"Count {uuid4()}.")


async def _press(question: Question, asked: "asyncio.Task[None]") -> Pressed:
    await asyncio.sleep(random.uniform(0.5, 1.5))
    await asked
    shown = question.tabs[0].shown
    at, text = time.monotonic(), shown.text if shown else ""
    answer = await question.api.until("POST", _path(question, "stop"), {})
    return Pressed(at, text, answer["status"])


def _path(question: Question, verb: str) -> str:
    return f"/api/conversations/{question.conversation_id}/messages/{question.answer_id}/{verb}"


def _judge_stops(house: House, questions: list[Question], pressed: list[Pressed], back: float, verdict: Verdict) -> None:
    """Judge each answer by its row, its tabs, and whether the stop found it running."""
    rows = rows_of(house)
    for question, press in zip(questions, pressed, strict=True):
        _, status, content, attempt, error = rows[question.conversation_id][0]
        shown = [tab.shown.text if tab.shown else None for tab in question.tabs]
        question.problems += judge_stop(press, status, content, shown, f"attempt {attempt}, {error}")
        row = verdict.row_of(question)
        if press.status == "done":
            row.late += 1
            continue
        ended = max(tab.seen.grew[-1] if tab.seen.grew else press.at for tab in question.tabs)
        since = max(press.at, back) if ended > back else press.at
        row.recovery_s.append(max(0.0, ended - since))


def judge_stop(press: Pressed, status: str, content: str, shown: list[str | None], how: str) -> list[str]:
    """Return what is wrong with an answer that was to be stopped.

    It keeps what was seen when stop was pressed and is the same in its row and its tabs. On a crowded machine the person's own process may be
    so slow that the answer is done before the stop is sent; then the API returns it as done, and it must be whole.
    """
    due = "done" if press.status == "done" else "stopped"
    problems = []
    if status != due:
        problems.append(f"lost: the stop, which found it {press.status}; it is {status} in {how}")
    if due == "done" and content != TEXT:
        problems.append(f"lost: the end of an answer that was done, …{content[-30:]!r}")
    if shown != [content] * len(shown):
        problems.append(f"lost: tabs show {shown}, the row has {content[-30:]!r}")
    if not content.startswith(press.shown):
        problems.append(f"lost: text that was seen, {press.shown[-30:]!r} became {content[-30:]!r}")
    if not TEXT.startswith(content):
        problems.append(f"doubled: {content[-60:]!r}")
    return problems


async def _still_running(house: House) -> list[str]:
    """Wait until the engine has no connection open; return a sentence about those that stay."""
    deadline = time.monotonic() + FREED_S
    while running := [one for one in await asyncio.to_thread(asked_of, house) if one["ended"] is None]:
        if time.monotonic() > deadline:
            return [f"lost: the engine still writes {len(running)} answers that were stopped"]
        await asyncio.sleep(0.2)
    return []


def asked_of(house: House) -> list[dict[str, Any]]:
    """Return what the engine was asked since it began, with the times its connections ended."""
    with urllib.request.urlopen(f"http://127.0.0.1:{house.ports['engine']}/requests", timeout=10) as answer:
        asked: list[dict[str, Any]] = json.loads(answer.read())["requests"]
    return asked


async def _go_on(house: House, questions: list[Question]) -> None:
    """Continue every stopped answer; its text becomes the whole one, in its row and its tabs."""
    stopped = [one for one in questions if not one.problems]
    await asyncio.gather(*(one.api.until("POST", _path(one, "continue"), {}) for one in stopped))
    done = [asyncio.create_task(tab.until(lambda shown: shown.status == "done")) for one in stopped for tab in one.tabs]
    if done:
        await asyncio.wait(done, timeout=DEADLINE_S)
    rows = await asyncio.to_thread(rows_of, house)
    for question in stopped:
        row = rows[question.conversation_id]
        shown = [tab.shown.text if tab.shown else None for tab in question.tabs]
        if [one[1:3] for one in row] != [("done", TEXT)] or shown != [TEXT] * len(shown):
            question.problems.append(f"lost: after going on {[(one[1], one[2][-20:], one[4]) for one in row]}, tabs {shown}")


# How long a stop takes: from the person's request to the end of the connection at the engine.


async def latencies(house: House, users: list[Api], stops: int) -> dict[str, list[float]]:
    """Measure stops by the process that took the question, by another one, and after Redis was killed and came back."""
    ports = house.ports["messages-0"], house.ports["messages-1"]
    measured = {
        "the process that took the question": await _stops(house, users, (ports[0], ports[0]), stops),
        "another process": await _stops(house, users, ports, stops),
    }
    await kill("redis")(house)
    await asyncio.sleep(AGAIN_S)
    measured["another process, after Redis was killed and came back"] = await _stops(house, users, ports, stops)
    return measured


async def _stops(house: House, users: list[Api], ports: tuple[int, int], stops: int) -> list[float]:
    return [await _stop_s(house, users[number % len(users)], ports) for number in range(stops)]


async def _stop_s(house: House, user: Api, ports: tuple[int, int]) -> float:
    asker, stopper = (Api(port, user.token) for port in ports)
    question = await question_of(user, "mid-stream", "stopped", tabs=1)
    await open_tabs([question])
    question.api = asker
    await ask(question)
    await question.tabs[0].until(lambda shown: bool(shown.text))
    await asyncio.sleep(random.uniform(0, 0.3))
    pressed = time.time()
    await stopper.once("POST", _path(question, "stop"), {})
    await asyncio.wait_for(question.tabs[0].until_ended(), DEADLINE_S)
    await question.tabs[0].close()
    return await _closed_at(house, question) - pressed


async def _closed_at(house: House, question: Question) -> float:
    deadline = time.monotonic() + FREED_S
    while time.monotonic() < deadline:
        for asked in await asyncio.to_thread(asked_of, house):
            if asked["ended"] is not None and question.content in asked["messages"][-1]["content"]:
                return float(asked["ended"])
        await asyncio.sleep(0.02)
    raise AssertionError("the engine's connection was not closed")


STOPPED = {name: FAULTS[name] for name in UNDER}
