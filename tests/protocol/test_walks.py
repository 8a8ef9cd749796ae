"""Random walks over the real code: the turns' SQL on a real Postgres, the endings, the openings, the log's twin in memory, and a reader.

New walks are tried in every run: one that fails prints its steps. The workers go step by step and each says other words than the others, as models do. Whatever happens on the way, when the faults
stop the answer arrives: its row is final, no turn is left, and the reader shows the row's text.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from hypothesis.strategies import booleans, sampled_from

from olamchat.clock import now, uuid7
from olamchat.db import turns as statements
from olamchat.db.pool import connected, database
from olamchat.fanout import catch_up
from olamchat.services.turns import finish, lifecycle
from olamchat.services.turns.finish import Ended
from olamchat.services.turns.lifecycle import Ending, Partial, Taken
from olamchat.tokenlog import conv_topic, order, replay
from olamchat.tokenlog.base import Append
from olamchat.tokenlog.events import Closed, Delta, Reset, Started, frame, parse
from olamchat.tokenlog.memory_log import MemoryLog
from olamchat.tokenlog.replay import Text
from tests.faults.clients.reader import Reader

POOL = "walk"
LOG = MemoryLog()
WORDS = 2
one_of_two = sampled_from((0, 1))


@dataclass
class Worker:
    """A worker in the middle of its program: the turn it took, its text, and how far its readers were told."""

    name: str
    turn: Taken | None = None
    claimed: bool = False
    text: str = ""
    sent: int = 0
    number: int = 0
    confirmed: int = 0
    ended: Ended | None = None

    def drop(self) -> None:
        self.turn, self.claimed, self.ended = None, False, None

    def claim(self, topic: str) -> None:
        """Go on from what the readers know, or from what was saved."""
        assert self.turn is not None
        known = replay.told(LOG, topic, str(self.turn.id)) if self.turn.attempt > 1 else Text()
        self.text = replay.newest(known, self.turn.saved).content
        self.sent = len(self.text[: len((known or Text()).content)])
        self._claim(topic, self.sent)

    def claim_again(self, topic: str) -> None:
        """After the log forgot: if the turn is still this attempt's, tell everything from the start."""
        assert self.turn is not None
        self.sent = 0
        if self.turn.id in lifecycle.held({self.turn.id: self.turn.attempt}):
            self._claim(topic, 0)
        else:
            self.drop()

    def _claim(self, topic: str, at: int) -> None:
        assert self.turn is not None
        body = frame(Started(message_id=str(self.turn.id), attempt=self.turn.attempt, model="m", at=at))
        self.confirmed = 0
        self.claimed = LOG.claim(topic, str(self.turn.id), self.turn.attempt, body) == "ok"
        if not self.claimed:
            self.drop()

    def tell(self, topic: str) -> None:
        assert self.turn is not None
        body = frame(Delta(message_id=str(self.turn.id), attempt=self.turn.attempt, at=self.sent, text=self.text[self.sent :]))
        self.number += 1
        append = Append(topic, str(self.turn.id), self.turn.attempt, [body], number=self.number, confirmed=self.confirmed)
        [fate] = LOG.append([append])
        if fate == "ok":
            self.sent, self.confirmed = len(self.text), self.number
        elif fate == "lost":
            self.claim_again(topic)
        else:
            self.drop()


@dataclass
class Told:
    """What a checker of the log remembers of it since it was last wiped."""

    after: str = "0-0"
    newest: int = 0
    closed: set[int] = field(default_factory=set)


class Walk(RuleBasedStateMachine):
    """One conversation with one answer, two workers, a sweeper, a person, and a reader that is there from the beginning."""

    workers: list[Worker]
    user: ClassVar[UUID]

    @initialize()
    def ask(self) -> None:
        self.conversation, self.question, self.id = uuid7(), uuid7(), uuid7()
        self.topic, self.workers = conv_topic(self.conversation), [Worker(f"w{n}") for n in range(2)]
        self.reader, self.position, self.log = Reader(), "0-0", Told()
        self.replica: object | None = None
        run("DELETE FROM turns")  # a walk that failed leaves its own, and workers take the oldest
        run(
            "INSERT INTO conversations (id, created_at, user_id, updated_at, title, title_by_user) VALUES (%s, %s, %s, %s, 'named', true)",
            self.conversation,
            now(),
            self.user,
            now(),
        )
        for row_id, parent, role, status in ((self.question, None, "user", "done"), (self.id, self.question, "assistant", "queued")):
            run(
                "INSERT INTO messages (id, created_at, conversation_id, parent_id, role, content, status) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                row_id, now(), self.conversation, parent, role, "Why?" if role == "user" else "", status,
            )  # fmt: skip
        self._queue()

    def _queue(self) -> None:
        run("DELETE FROM turns WHERE id = %s AND state = 'closed'", self.id)
        sql = "INSERT INTO turns (id, created_at, kind, user_id, conversation_id, pool, model, not_before, attempt) SELECT id, %s, 'answer', %s, %s, %s, 'm', %s, attempt FROM messages WHERE id = %s"
        run(sql, now(), self.user, self.conversation, POOL, now(), self.id)

    @rule(which=one_of_two)
    def take(self, which: int) -> None:
        worker = self.workers[which]
        if worker.turn is None:
            worker.turn = lifecycle.take(worker=worker.name, pools=[POOL])

    @rule(which=one_of_two)
    def claim(self, which: int) -> None:
        worker = self.workers[which]
        if worker.turn and not worker.claimed and not worker.ended:
            worker.claim(self.topic)

    @rule(which=one_of_two)
    def begin(self, which: int) -> None:
        self.take(which)
        self.claim(which)

    @rule(which=one_of_two, told=booleans())
    def speak(self, which: int, told: bool) -> None:
        worker = self.workers[which]
        if worker.turn is None or not worker.claimed or worker.ended:
            return
        if not worker.turn.stop and len(worker.text) < WORDS:
            worker.text += chr(ord("a") + worker.turn.attempt % 26)
        if told and worker.sent < len(worker.text):
            worker.tell(self.topic)

    @rule(which=one_of_two)
    def save(self, which: int) -> None:
        worker = self.workers[which]
        if worker.turn and worker.claimed and not worker.ended:
            lifecycle.save([Partial(id=worker.turn.id, attempt=worker.turn.attempt, text=Text(worker.text))])

    @rule(which=one_of_two)
    def close(self, which: int) -> None:
        worker = self.workers[which]
        if worker.turn and worker.claimed and not worker.ended:
            stop = lifecycle.held({worker.turn.id: worker.turn.attempt}).get(worker.turn.id, False) or worker.turn.stop
            if stop or len(worker.text) == WORDS:
                ending = Ending(status="stopped" if stop else "done", text=Text(worker.text))
                worker.ended = lifecycle.close(turn_id=worker.turn.id, attempt=worker.turn.attempt, ending=ending)
                if worker.ended is None:
                    worker.drop()

    @rule(which=one_of_two, whole=sampled_from((True, False)))
    def tell_the_end(self, which: int, whole: bool) -> None:
        worker = self.workers[which]
        if worker.ended:
            if whole:
                finish.tell(worker.ended)
            else:
                finish._tell_readers(worker.ended)  # and then it dies
            worker.drop()

    @rule(which=one_of_two)
    def hand_back(self, which: int) -> None:
        worker = self.workers[which]
        if worker.turn and worker.claimed and not worker.ended:
            lifecycle.hand_back(turn_id=worker.turn.id, attempt=worker.turn.attempt, text=Text(worker.text))
            worker.drop()

    @rule()
    def take_from_whoever_has_it(self) -> None:
        """A lease ran out; its worker may live on and not know."""
        for turn_id, attempt in lifecycle.running(longer_than_s=-1):
            lifecycle.hand_back(turn_id=turn_id, attempt=attempt)

    @rule()
    def sweep_the_ends(self) -> None:
        run("UPDATE messages SET finished_at = finished_at - interval '1 minute' WHERE id = %s", self.id)
        for ended in lifecycle.untold():
            finish.tell(ended)

    @rule()
    def stop(self) -> None:
        lifecycle.stop(self.id)

    @precondition(lambda self: self.row()["status"] == "stopped")
    @rule()
    def go_on(self) -> None:
        run("UPDATE messages SET status = 'queued', finished_at = NULL WHERE id = %s", self.id)
        self._queue()

    @rule()
    def forget(self) -> None:
        LOG.forget()
        self.log, self.replica = Told(after=self.log.after), None

    @rule()
    def stand_still(self) -> None:
        """The store's replica falls behind from here on."""
        self.replica = LOG.replica()

    @precondition(lambda self: self.replica is not None)
    @rule()
    def promote(self) -> None:
        """The store is gone and its replica takes its place."""
        LOG.promote(self.replica)
        self.log, self.replica = Told(after=LOG.tail(self.topic)), None

    @rule()
    def read(self) -> None:
        """The reader takes what is new, or starts anew where the log lost its place."""
        opening = catch_up.open_log(LOG, self.topic, self.position)
        self.position = opening.reaches
        for body in opening.frames:
            event = parse(body[body.index(b"event: ") :])
            want = self.reader.hear(event)
            if want == "messages":
                self.fetch()
                if self.reader.hear(event) == "restart":
                    want = "restart"
            if want == "restart":
                self._restart()
                return

    def _restart(self) -> None:
        opening = catch_up.open_log(LOG, self.topic, None)
        self.position = opening.reaches
        for body in opening.frames:
            if self.reader.hear(parse(body[body.index(b"event: ") :])) == "messages":
                self.fetch()

    def fetch(self) -> None:
        self.reader.rows([{"id": str(self.id), "role": "assistant", **self.row()}])

    def row(self) -> dict[str, Any]:
        with connected():
            found = statements.one("SELECT status, attempt, content, reasoning FROM messages WHERE id = %s", [self.id])
        assert found is not None
        return found

    @invariant()
    def the_row_and_the_turn_agree(self) -> None:
        with connected():
            turn = statements.one("SELECT state FROM turns WHERE id = %s", [self.id])
        flying = turn is not None and turn["state"] in ("queued", "running")
        assert (self.row()["status"] in ("queued", "running")) == flying

    @invariant()
    def the_log_is_written_by_the_newest_and_closed_once(self) -> None:
        for entry in LOG.read(self.topic, self.log.after):
            assert order(entry.id) > order(self.log.after)
            self.log.after = entry.id
            match parse(entry.body):
                case Started(attempt=attempt) | Delta(attempt=attempt) | Reset(attempt=attempt):
                    assert attempt >= self.log.newest, "a stale attempt wrote"
                    assert attempt not in self.log.closed, "something was told after the end"
                    self.log.newest = attempt
                case Closed(message=row):
                    assert row["attempt"] not in self.log.closed, "the end was told twice"
                    self.log.closed.add(row["attempt"])

    def teardown(self) -> None:
        """The faults stop: one worker does what is to be done."""
        if not hasattr(self, "id"):
            return
        for worker in self.workers[1:]:
            worker.drop()
        for _ in range(WORDS * 3):
            self.begin(0)
            self.speak(0, told=True)
            self.close(0)
            self.tell_the_end(0, whole=True)
            if self.workers[0].turn is None:
                self.take_from_whoever_has_it()
            self.sweep_the_ends()
            self.the_log_is_written_by_the_newest_and_closed_once()
        self.read()
        row, shown = self.row(), self.reader.answers.get(str(self.id))
        assert row["status"] in ("done", "stopped")
        if shown is None:  # nothing was ever told: the page's first fetch shows it
            self.fetch()
            shown = self.reader.answers[str(self.id)]
        assert (shown.status, shown.text) == (row["status"], row["content"])
        with connected():
            assert statements.one("SELECT 1 FROM turns WHERE id = %s", [self.id]) is None


def run(sql: str, *values: Any) -> None:
    with connected():
        database.execute_sql(sql, values)


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("walking")
def test_every_walk_ends_with_one_answer_that_its_reader_sees() -> None:
    walk = settings(max_examples=100, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    run_state_machine_as_test(Walk, settings=walk)
