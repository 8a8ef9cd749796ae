"""What is asked, by effect and stage: which tool the model calls, and how the answer is timed so that it stands at its stage when the fault comes."""

import json
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.faults.judging import Question
from tests.faults.scenario import FAULT_S

RATE = 10
FIRST, LATER = 5, 15
TOOLS = {"read": ("look", "about"), "idempotent": ("set", "value"), "write": ("note", "text")}


@dataclass(frozen=True)
class Stage:
    """`asked_s` before the fault the question is asked, `spread_s` apart; its tool takes `takes_s`.

    Where a person has to allow the call, they do so `decided_s` after the fault (before it, where that is negative), give or take half a second. With `question` the server asks them something instead, and does nothing before it has the answer.
    """

    name: str
    asked_s: float
    takes_s: float
    spread_s: float = 0.0
    length: int = FIRST
    decided_s: float | None = None
    question: bool = False

    @property
    def text(self) -> str:
        """What the model says before its call, and once more after it."""
        return "".join(f" w{number}" for number in range(self.length))


STAGES = (
    Stage("waiting for a person", asked_s=3.5, takes_s=1.0, decided_s=1.0),
    Stage("being allowed", asked_s=3.5, takes_s=1.0, decided_s=0.0),
    Stage("a question waits", asked_s=3.5, takes_s=1.0, decided_s=1.0, question=True),
    Stage("being answered", asked_s=3.5, takes_s=1.0, decided_s=0.0, question=True),
    Stage("running", asked_s=3.5, takes_s=6.0),
    Stage("ending", asked_s=2.2, takes_s=1.0, spread_s=1.6),
    Stage("going on", asked_s=3.2, takes_s=0.2, length=LATER),
)
CASES = {f"{effect}-{number}": (effect, stage) for number, stage in enumerate(STAGES) for effect in TOOLS}


@dataclass
class Acting(Question):
    """A question whose answer acts, and what its person said of calls whose outcome nobody knew."""

    effect: str = ""
    again: int = 0
    skipped: int = 0
    asked_at: float = field(default=0.0)


def models() -> dict[str, str]:
    """Return the engine's models, one for each case: each calls its tool once and goes on with the same text."""
    return {name: _script(*CASES[name]) for name in CASES}


def _script(effect: str, stage: Stage) -> str:
    tool, argument = TOOLS[effect]
    server = "free" if stage.decided_s is None or stage.question else "asking"
    tool = f"{tool}_if_sure" if stage.question else tool
    calls = [{"name": f"{server}__{tool}", "arguments": {argument: "x", "seconds": stage.takes_s}}]
    return f"length={stage.length}&rate={RATE}&tools=true&calls_once=true&calls={quote(json.dumps(calls))}"


def before_fault_s(stage: Stage, share: float) -> float:
    """Return when to ask, as seconds after the scenario's start; `share` (0 to 1) is the question's place among all."""
    return FAULT_S - stage.asked_s + (share - 0.5) * stage.spread_s
