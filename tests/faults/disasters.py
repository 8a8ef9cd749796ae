"""What disasters lose and how long they last: `python -m tests.faults.disasters [--write]`.

People ask one question after the other; then a store dies and is replaced by what is left of it: a replica that is behind, an empty one,
a dump. What was accepted before and is nowhere afterwards is the loss (RPO); the time until a question is accepted and until one is answered
is the outage (RTO). How long anybody needs to notice and to decide isn't in it: here that takes no time.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import psycopg

from tests.faults import standby, table
from tests.faults.clients.api import Api
from tests.faults.house import House
from tests.faults.scenario import people, until_nothing_is_left

PAGE = Path(__file__).parents[2] / "docs/disasters.md"
LENGTH = 20
MODELS = {"short": f"length={LENGTH}&rate=20"}
TEXT = "".join(f" w{number}" for number in range(LENGTH))
ASKERS, EVERY_S = 6, 0.3
BEFORE_S, AFTER_S, DUMP_AGE_S = 6.0, 12.0, 10.0
HEAD = (
    "disaster",
    "accepted before",
    "lost",
    "lost: the last s",
    "answered again",
    "wrong or stuck",
    "s until accepted",
    "s until answered",
)


@dataclass(frozen=True)
class Disaster:
    """What is prepared in peace, how long the copy falls behind before it strikes, and what happens then."""

    name: str
    strike: Callable[[House], None]
    prepare: Callable[[House], None] | None = None
    behind_s: float = 0.0
    frozen: str = ""

    @property
    def victim(self) -> str:
        """Return what dies, by the name's first word."""
        return self.name.partition(" ")[0].lower()


def _postgres(behind_s: float, *, is_synchronous: bool = False) -> Disaster:
    kind = "synchronous" if is_synchronous else f"asynchronous, {behind_s} s behind"
    return Disaster(
        f"Postgres dies; its standby ({kind}) is promoted",
        standby.promote,
        lambda house: standby.follow(house, is_synchronous=is_synchronous),
        behind_s,
        "" if is_synchronous else "wal",
    )


def _redis(behind_s: float) -> Disaster:
    return Disaster(f"Redis dies; its replica, {behind_s} s behind, is promoted", House.promote, House.replicate, behind_s, "replication")


def _empty_redis(house: House) -> None:
    house.parts["redis"].kill()
    house.parts["redis"].start()


def _dumped(house: House) -> None:
    house.dumped = standby.dump(house)


DISASTERS = [
    _postgres(0, is_synchronous=True),
    *(_postgres(behind_s) for behind_s in (0.2, 1.0, 3.0)),
    Disaster(f"Postgres is lost with its disk; a dump {DUMP_AGE_S:.0f} s old is restored", lambda house: standby.restore(house, house.dumped), _dumped, DUMP_AGE_S),
    *(_redis(behind_s) for behind_s in (0.2, 3.0)),
    Disaster("Redis is lost with everything in it", _empty_redis),
]  # fmt: skip


class Sent(NamedTuple):
    """When a question was sent first, and when it was accepted."""

    sent: float
    accepted: float


@dataclass
class Asked:
    """The questions, by their answers' ids."""

    users: list[Api]
    ends: bool = False
    accepted: dict[str, Sent] = field(default_factory=dict)

    async def ask(self, number: int) -> None:
        while not self.ends:
            api = self.users[number % len(self.users)]
            sent = time.time()
            question = {"content": "Count.", "attachments": []}
            made = await api.until("POST", "/api/conversations", {"model": "short", "question": question}, Idempotency_Key=uuid4().hex)
            self.accepted[made["answer"]["id"]] = Sent(sent, time.time())
            await asyncio.sleep(EVERY_S)


async def measure(house: House, disaster: Disaster) -> tuple[list[object], list[str]]:
    """Let it happen; return the table's cells and what was wrong."""
    users = await people(house, 3)
    if disaster.prepare and disaster.frozen:
        await asyncio.to_thread(disaster.prepare, house)
    asked = Asked(users)
    asking = [asyncio.create_task(asked.ask(number)) for number in range(ASKERS)]
    await asyncio.sleep(BEFORE_S)
    if disaster.prepare and not disaster.frozen:
        await asyncio.to_thread(disaster.prepare, house)
    if disaster.frozen:
        house.parts[disaster.frozen].signal_all(signal.SIGSTOP)
    await asyncio.sleep(disaster.behind_s)
    await asyncio.to_thread(house.parts[disaster.victim].kill)
    struck = time.time()
    await asyncio.to_thread(disaster.strike, house)
    await asyncio.sleep(AFTER_S)
    asked.ends = True
    await asyncio.gather(*asking)
    left = await until_nothing_is_left(house, 60)
    return _cells(disaster, struck, asked.accepted, rows(house), left)


class Row(NamedTuple):
    """What an answer's row says."""

    status: str
    text: str
    attempt: int
    finished_at: float


Rows = dict[str, Row]


def rows(house: House) -> Rows:
    """Return status, text, attempt and end of every answer that is there."""
    sql = "SELECT id::text, status, content, attempt, extract(epoch FROM finished_at)::float8 FROM messages WHERE role = 'assistant'"
    with psycopg.connect(house.database_url) as connection:
        return {row[0]: Row(*row[1:]) for row in connection.execute(sql).fetchall()}


def _cells(disaster: Disaster, struck: float, asked: dict[str, Sent], there: Rows, left: str) -> tuple[list[object], list[str]]:
    before = {answer_id: one for answer_id, one in asked.items() if one.sent < struck}
    after = {answer_id: one for answer_id, one in asked.items() if one.sent >= struck}
    lost = [one.accepted for answer_id, one in before.items() if answer_id not in there]
    mine = {answer_id: there[answer_id] for answer_id in asked if answer_id in there}
    wrong = [f"{answer_id}: {row}" for answer_id, row in mine.items() if (row.status, row.text) != ("done", TEXT)]
    wrong += [f"{answer_id} was accepted afterwards and is nowhere" for answer_id in after if answer_id not in there]
    wrong += [f"left behind: {left}"] if left else []
    new = {answer_id: one.accepted for answer_id, one in after.items()}
    # An answer may end before its question's acceptance is heard of: the first reply was lost on the way.
    answered = [max(at, mine[answer_id].finished_at) for answer_id, at in new.items() if answer_id in mine]
    return [
        disaster.name, len(before), len(lost), f"{struck - min(lost):.1f}" if lost else "–", sum(row.attempt > 1 for row in mine.values()),
        len(wrong), f"{min(new.values()) - struck:.1f}", f"{min(answered) - struck:.1f}",
    ], wrong  # fmt: skip


async def run(folder: Path, *, write: bool, only: str = "") -> int:
    """Measure all, print the table, and return 1 where an answer was wrong, stuck, or lost though it must not be."""
    lines = [f"{table.machine()}; {ASKERS} people who ask every {EVERY_S} s:\n", table.head(HEAD, 1)]
    problems: list[str] = []
    for number, disaster in enumerate(one for one in DISASTERS if only in one.name):
        house = House(folder / str(number), MODELS)
        house.folder.mkdir()
        try:
            house.start()
            cells, wrong = await measure(house, disaster)
        finally:
            house.stop()
        lines.append(table.line(*cells))
        print(lines[-1], *wrong[:10], sep="\n    ", flush=True)
        problems += wrong
    if write:
        table.write("what disasters cost", "\n".join(lines), PAGE)
    return 1 if problems else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.disasters", description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--write", action="store_true", help="put the table into docs/disasters.md")
    parser.add_argument("--only", default="", help="those whose name has these words")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="olamchat-disasters-") as folder:
        return asyncio.run(run(Path(folder), write=given.write, only=given.only))


if __name__ == "__main__":
    sys.exit(main())
