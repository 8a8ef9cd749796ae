"""A person who looks at one tab and decides: allows what it asks, and says whether a write that may have happened is to be done again."""

import asyncio
import random
from typing import Any

from tests.faults.clients.api import Away
from tests.faults.clients.reader import Shown
from tests.faults.scenario import FAULT_S
from tests.faults.steps.cases import Acting, Stage

LOOKS_S = 0.5


async def decide(question: Acting, stage: Stage, began: float) -> None:
    """Answer what the first tab asks until its answer has ended."""
    tab = question.tabs[0]
    while not (tab.shown and tab.shown.ended):
        await tab.until(lambda shown: shown.ended or bool(_asking(shown)))
        for step in _asking(tab.shown):
            if step["state"] == "proposed":
                await _until(began + FAULT_S + (stage.decided_s or 0.0) + random.uniform(-0.5, 0.5))
            else:
                await asyncio.sleep(LOOKS_S)
            await _say(question, step)


def _asking(shown: Shown | None) -> list[dict[str, Any]]:
    return [step for step in shown.steps.values() if step["state"] in {"proposed", "unknown"}] if shown and not shown.ended else []


async def _say(question: Acting, step: dict[str, Any]) -> None:
    """Decide, again and again until the decision is taken; the answer tells the tab what became of the step."""
    unknown = step["state"] == "unknown"
    decision = "answer" if step["question"] else "refuse" if unknown and random.random() < 0.5 else "grant"
    said = {
        "decision": decision,
        "attempt": step["attempt"],
        "revision": step["revision"],
        "answer": {"sure": True} if step["question"] else {},
    }
    path = f"/api/conversations/{question.conversation_id}/messages/{question.answer_id}/steps/{step['number']}"
    try:
        now = await question.api.until("POST", path, said, within_s=60)
    except (Away, TimeoutError):
        return
    if unknown and now["attempt"] >= step["attempt"] and now["decision"] == decision:
        question.again += decision == "grant"
        question.skipped += decision == "refuse"
    question.tabs[0].note_step(question.answer_id, now)


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - asyncio.get_running_loop().time()))
