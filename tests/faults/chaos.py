"""Two or three faults at once, again and again, while people ask, watch and delete; then the history of all clients is checked.

    make chaos MINUTES=30, or python -m tests.faults.chaos --minutes 30 --seed 7

The seed is printed: with it the same faults come in the same order and mix.
"""

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from olamchat.tokenlog.events import Closed, Event
from tests.faults import faults, table
from tests.faults.clients.api import Api
from tests.faults.clients.reader import Reader
from tests.faults.clients.tab import Tab
from tests.faults.history import History, Step, check
from tests.faults.house import Act, House
from tests.faults.scenario import DEADLINE_S, people, until_nothing_is_left

LENGTH, RATE = 60, 5
TEXT = "".join(f" w{number}" for number in range(LENGTH))
ASKERS, WATCHERS = 8, 2
PAUSE_S = (4.0, 12.0)
DELETED = 0.2
SHOWN = 20


def acts() -> dict[str, dict[str, Act]]:
    """Return what may happen to what; of one target one thing at a time."""
    processes = {name: {"kill": faults.kill(name), "term": faults.terminate(name), "pause": faults.pause(name, 5)}
                 for name in ("worker-0", "worker-1", "stream-0", "messages-0", "conversations-0")}  # fmt: skip
    redis = {
        "kill": faults.kill("redis"), "pause": faults.pause("redis", 5), "flush": faults.flush,
        "lost replicas": faults.refuse_for_lost_replicas, "full disk": faults.refuse_for_a_full_disk,
        **{f"{lag_s} s behind": faults.promote(lag_s) for lag_s in faults.LAGS_S},
    }  # fmt: skip
    others = {name: {"kill": faults.kill(name), "pause": faults.pause(name, 5)} for name in ("postgres", "engine")}
    return {**processes, "redis": redis, **others, "wire": {"pause": faults.pause("wire", 5)}}


class NotedReader(Reader):
    """A reader that notes the rows it is given."""

    def __init__(self, history: History, client: str) -> None:
        super().__init__()
        self._history, self._client = history, client

    def rows(self, items: list[dict[str, Any]]) -> None:
        for row in items:
            if row["role"] == "assistant":
                self._history.note(Step(self._client, "row", answer=row["id"], name=row["status"], attempt=row["attempt"]))
        super().rows(items)


class NotedTab(Tab):
    """A tab that notes what it is told."""

    def __init__(self, api: Api, conversation_id: str, history: History, client: str) -> None:
        super().__init__(api, conversation_id, TEXT)
        self._history, self.client = history, client
        self.reader = NotedReader(history, client)

    async def _hear(self, entry_id: str | None, event: Event) -> None:
        row = event.message if isinstance(event, Closed) else {}
        answer = row.get("id") or getattr(event, "message_id", None)
        attempt = int(row["attempt"]) if row else int(getattr(event, "attempt", 0))
        told = Step(
            self.client, "event", answer=answer or "", name=event.name, connection=self.connects, entry=entry_id or "", attempt=attempt
        )
        self._history.note(told)
        await super()._hear(entry_id, event)

    def note_shown(self, answer_id: str) -> None:
        shown = self.reader.answers.get(answer_id)
        status, text = (shown.status, shown.text) if shown else ("nothing", "")
        self._history.note(Step(self.client, "shown", answer=answer_id, name=status, text=text))


@dataclass
class Chaos:
    """A house, its people, and what happens to them."""

    house: House
    users: list[Api]
    history: History
    chance: random.Random
    ends: float
    counts: Counter[str] = field(default_factory=Counter)
    deleted: list[tuple[Api, str, str]] = field(default_factory=list)

    @property
    def over(self) -> bool:
        return time.monotonic() > self.ends

    async def ask(self, number: int) -> None:
        """Ask one question after the other, each watched by some tabs; now and then delete the conversation afterwards."""
        client, turn = f"asker-{number}", 0
        while not self.over:
            turn += 1
            api = self.users[number % len(self.users)]
            made = await api.until("POST", "/api/conversations", {"title": "chaos"})
            tabs = [NotedTab(api, made["id"], self.history, f"tab-{number}-{turn}-{tab}") for tab in range(WATCHERS)]
            for tab in tabs:
                tab.open()
            self.history.note(Step(client, "ask"))
            path = f"/api/conversations/{made['id']}"
            body = {"content": "Count.", "model": "chaos"}
            sent = await api.until("POST", f"{path}/messages", body, Idempotency_Key=uuid4().hex)
            await self._see(client, sent["answer"]["id"], tabs)
            if random.random() < DELETED:
                await api.until("DELETE", path)
                self.history.note(Step(client, "deleted", answer=sent["answer"]["id"]))
                self.deleted.append((api, path, sent["answer"]["id"]))

    async def _see(self, client: str, answer_id: str, tabs: list[NotedTab]) -> None:
        self.history.note(Step(client, "accepted", answer=answer_id))
        self.counts["answers"] += 1
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(tab.until_ended() for tab in tabs)), DEADLINE_S)
        for tab in tabs:
            await tab.close()
            tab.note_shown(answer_id)
            self.counts["gaps"] += tab.reader.gaps

    async def break_things(self) -> None:
        """Do two or three things at once to different parts, wait until all runs again, pause, and go on."""
        while not self.over:
            may = acts()
            targets = self.chance.sample(sorted(may), self.chance.choice((2, 3)))
            mix = {target: self.chance.choice(sorted(may[target])) for target in targets}
            self.counts["mixes"] += 1
            said = ", ".join(f"{target} {how}" for target, how in mix.items())
            print(f"{time.strftime('%H:%M:%S')} {said}; {self.counts['answers']} answers", file=sys.stderr, flush=True)
            await asyncio.gather(*(self._later(may[target][how]) for target, how in mix.items()))
            await asyncio.sleep(self.chance.uniform(*PAUSE_S))

    async def _later(self, act: Act) -> None:
        await asyncio.sleep(self.chance.uniform(0, 2))
        await act(self.house)

    async def last_words(self) -> None:
        """Note what the database says in the end, and whether what was deleted is gone."""
        sql = "SELECT id::text, status, content, attempt FROM messages WHERE role = 'assistant'"
        with psycopg.connect(self.house.database_url) as connection:
            for answer_id, status, content, attempt in connection.execute(sql).fetchall():
                self.history.note(Step("rows", "row", answer=answer_id, name=status, attempt=attempt, text=content))
        for api, path, answer_id in self.deleted:
            status, _ = await api.once("GET", f"{path}/messages")
            if status != 404:
                self.history.note(Step("rows", "found", answer=answer_id))


async def run(folder: Path, minutes: float, seed: int) -> int:
    """Do it; 1 when a promise was broken."""
    print(f"{table.machine()}; seed {seed}", flush=True)
    house = House(folder, {"chaos": f"length={LENGTH}&rate={RATE}&delay_s=0.5"})
    history = History(folder / "history.jsonl")
    try:
        house.start()
        chaos = Chaos(house, await people(house, 4), history, random.Random(seed), time.monotonic() + minutes * 60)
        await asyncio.gather(chaos.break_things(), *(chaos.ask(number) for number in range(ASKERS)))
        left = await until_nothing_is_left(house, 60)
        await chaos.last_words()
    finally:
        house.stop()
    problems = [*check(history.steps, TEXT), *([f"left behind: {left}"] if left else [])]
    for problem in problems[:SHOWN]:
        print(f"    {problem}", flush=True)
    kinds = Counter(problem.partition(":")[0] for problem in problems)
    words = ", ".join(f"{kinds[kind]} {kind}" for kind in ("lost", "doubled", "reordered", "resurrected"))
    counts = chaos.counts
    print(
        f"seed {seed}: {counts['mixes']} mixes, {counts['answers']} answers, {len(history.steps)} steps: {words}, {counts['gaps']} gaps",
        flush=True,
    )
    return 1 if problems or counts["gaps"] else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--folder", type=Path, help="where data, logs and the history are kept")
    given = parser.parse_args()
    if given.folder:
        given.folder.mkdir(parents=True, exist_ok=True)
        return asyncio.run(run(given.folder, given.minutes, given.seed))
    with tempfile.TemporaryDirectory(prefix="olamchat-chaos-") as folder:
        return asyncio.run(run(Path(folder), given.minutes, given.seed))


if __name__ == "__main__":
    sys.exit(main())
