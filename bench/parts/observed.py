"""What observing costs: two houses side by side under the same load by turns, one with metrics and a JSON line for each request, one blind."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench import measure
from bench.answers import Load
from bench.client.browser import Browser
from bench.client.script import Script
from bench.measure import Ground
from bench.parts.rest import CONVERSATIONS, hammer
from bench.reporting import tables
from bench.reporting.results import Point, Results
from bench.systems import stored
from bench.systems.engine import MODEL
from bench.systems.stack import Shape, Stack

SECTION = "Observing"
LOAD = Load(64, Script(length=120))
SHORT = Load(8, Script(length=20))
LIST_S = 3.0
# What is looked for is smaller than what two rounds differ by: it takes some pairs, each of two rounds next to each other.
ROUNDS = 5
SEEN = Shape(settings={"OLAMCHAT_LOG_LEVEL": "info", "OLAMCHAT_LOG_FORMAT": "json"})
BLIND = Shape(blind=True, settings={"OLAMCHAT_LOG_LEVEL": "error"})
GOAL = 3.0


class Side:
    """One of the two houses and what it used, round by round."""

    def __init__(self, ground: Ground) -> None:
        assert ground.house is not None
        self._ground, self._house = ground, ground.house
        self.answers: list[float] = []
        self.lists: list[float] = []

    async def begin(self) -> None:
        """Sign somebody up who has conversations to list."""
        self._person = Browser(self._house.port, MODEL)
        await self._person.sign_up()
        stored.conversations(self._house.database_url, await self._person.me(), CONVERSATIONS, each=2)
        await hammer(self._person, 0.5)

    async def once(self, load: Load) -> None:
        """Use the house as people do, and keep what that cost: µs for a token, µs for a list."""
        row = await measure.one(self._ground, self._ground.whole_house(), load)
        self.answers.append(row.server_us_per_token)
        before = _cpu_s(self._house)
        asked = await hammer(self._person, LIST_S)
        self.lists.append((_cpu_s(self._house) - before) * 1e6 / len(asked))


async def run(folder: Path, asked: argparse.Namespace, found: Results) -> None:
    """Measure both by turns; in the first round everything is warmed."""
    load = SHORT if asked.short else LOAD
    async with Ground(folder / "seen", SEEN) as seeing, Ground(folder / "blind", BLIND) as not_seeing:
        seen, blind = Side(seeing), Side(not_seeing)
        for side in (seen, blind):
            await side.begin()
            await side.once(SHORT)
            side.answers.clear()
            side.lists.clear()
        for number in range(asked.rounds if asked.short else max(asked.rounds, ROUNDS)):
            for side in (seen, blind)[:: 1 if number % 2 else -1]:
                await side.once(load)
    told = [
        _overhead("64 streams, for a token", seen.answers, blind.answers),
        _overhead(f"a list of {CONVERSATIONS}, for a request", seen.lists, blind.lists),
    ]
    found.replace_section(SECTION, told)
    print(tables.points(told))


def _overhead(what: str, seen: Sequence[float], blind: Sequence[float]) -> Point:
    more = 100 * (median(one / other for one, other in zip(seen, blind, strict=True)) - 1)
    note = f"{_told(seen)} µs with, {_told(blind)} µs without"
    return Point(SECTION, f"metrics and logs, server CPU: {what}", more, "%", GOAL, note=note)


def _told(costs: Sequence[float]) -> str:
    return " ".join(f"{cost:.0f}" for cost in costs)


def _cpu_s(house: Stack) -> float:
    return sum(use.cpu_s for use in house.use().values())
