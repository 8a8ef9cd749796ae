"""Random walks in which the answer also acts: it is parked with steps, which step workers take, lose and end, and on which a person decides, sometimes late.

The tool counts its calls by idempotency key. A write is called once, and once more for each time the person allowed it while it was said to be unknown.
"""

import inspect
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import booleans, lists, sampled_from

from olamchat import jobs
from olamchat.db import turns as statements
from olamchat.db.pool import connected
from olamchat.services.steps import moves
from olamchat.services.steps.moves import Result, Step
from olamchat.tokenlog.replay import Text
from tests.protocol.test_walks import LOG, WORDS, Walk, one_of_two

ROUNDS = 2
OPEN = {"proposed", "granted", "running", "unknown"}
calls = lists(sampled_from(("write", "write", "read", "idempotent")), min_size=1, max_size=2)
states = sampled_from(("proposed", "granted"))


@dataclass
class Stepper:
    """A step worker in the middle of its program."""

    name: str
    step: Step | None = None
    called: bool = False


class ActingWalk(Walk):
    """A walk whose answer calls tools."""

    steppers: list[Stepper]

    @initialize(wanted=calls, state=states)
    def ask(self, wanted: list[str], state: str) -> None:
        """Begin with an answer that has called tools: what happens to these is what is tried most."""
        super().ask()
        self.steppers = [Stepper(f"s{number}") for number in range(2)]
        self.calls: Counter[str] = Counter()
        self.allowed: set[tuple[str, int]] = set()
        self.seen: list[dict[str, Any]] = []
        self.begin(0)
        self.act(0, wanted, state)
        self.look()

    # These go on in the other walks: here each of them would lead away from what is tried.
    take, claim, speak, save, tell_the_end, hand_back, sweep_the_ends, go_on, forget, stand_still, promote = (
        inspect.unwrap(each)
        for each in (
            Walk.take, Walk.claim, Walk.speak, Walk.save, Walk.tell_the_end, Walk.hand_back, Walk.sweep_the_ends, Walk.go_on, Walk.forget,
            Walk.stand_still, Walk.promote,
        )
    )  # fmt: skip

    @rule(which=one_of_two, wanted=calls, state=states)
    def act(self, which: int, wanted: list[str], state: str) -> None:
        """The model calls tools instead of going on."""
        worker = self.workers[which]
        if not worker.turn or not worker.claimed or worker.ended or len(worker.text) >= WORDS:
            return
        before = moves.of(self.id)
        if len({row["round"] for row in before}) >= ROUNDS:
            return
        steps = [_row(len(before) + place, effect, state) for place, effect in enumerate(wanted, start=1)]
        parked = moves.park(
            turn_id=worker.turn.id, attempt=worker.turn.attempt, user_id=self.user, conversation_id=self.conversation,
            text=Text(worker.text), steps=steps, usage=None, timings={},
        )  # fmt: skip
        if parked or not worker.turn.stop:
            worker.drop()

    @rule(which=one_of_two, called=booleans())
    def take_a_step(self, which: int, called: bool) -> None:
        stepper = self.steppers[which]
        if stepper.step is None:
            stepper.step, stepper.called = moves.take(worker=stepper.name), False
            if called:
                self.call(which)

    @rule(which=one_of_two)
    def call(self, which: int) -> None:
        stepper = self.steppers[which]
        if stepper.step and not stepper.called:
            stepper.called = True
            self.calls[str(stepper.step.idempotency_key)] += 1

    @rule(which=one_of_two, state=sampled_from(("done", "failed")))
    def end(self, which: int, state: Any) -> None:
        """The call came back; or its connection broke, and of a write nobody knows."""
        stepper = self.steppers[which]
        if stepper.step and stepper.called:
            unknown = state == "failed" and stepper.step.effect == "write"
            error = {"code": "broken_off", "message": "The connection broke."} if state == "failed" else None
            moves.end(stepper.step, Result(state="unknown" if unknown else state, error=error))
            stepper.step = None

    @rule(which=one_of_two)
    def die(self, which: int) -> None:
        self.steppers[which].step = None

    @rule()
    def take_steps_from_whoever_has_them(self) -> None:
        """A lease ran out; its step worker may live on and not know."""
        for row in moves.of(self.id):
            if row["state"] == "running":
                moves.give_back(self.id, row["number"], row["attempt"])

    @rule(which=one_of_two)
    def die_in_a_call(self, which: int) -> None:
        self.die(which)
        self.take_a_step(which, called=True)
        self.die(which)
        self.take_steps_from_whoever_has_them()

    @rule()
    def look(self) -> None:
        """The person sees what is asked; the decision may come much later."""
        self.seen = [row for row in moves.of(self.id) if row["state"] in {"proposed", "unknown"}]

    @rule(decision=sampled_from(("grant", "refuse")))
    def decide(self, decision: Any) -> None:
        for row in self.seen:
            self._decide(row, decision)

    def _decide(self, row: dict[str, Any], decision: Any) -> None:
        moves.decide(
            conversation_id=self.conversation, message_id=self.id, number=row["number"], attempt=row["attempt"], decision=decision, note=""
        )
        if row["state"] == "unknown" and decision == "grant":
            self.allowed.add((str(row["idempotency_key"]), row["attempt"]))

    @invariant()
    def the_row_and_the_turn_agree(self) -> None:
        with connected():
            turn = statements.one("SELECT state FROM turns WHERE id = %s", [self.id])
        state = turn["state"] if turn else "closed"
        expected = {"queued": {"queued"}, "running": {"running"}, "parked": {"waiting"}}.get(state, {"done", "stopped"})
        assert self.row()["status"] in expected
        is_open = any(row["state"] in OPEN for row in moves.of(self.id))
        assert is_open == (state == "parked"), "an answer is parked as long as one of its steps is open, and no longer"

    @invariant()
    def no_write_is_repeated_unasked(self) -> None:
        for row in moves.of(self.id):
            key = str(row["idempotency_key"])
            if row["effect"] == "write":
                assert self.calls[key] <= 1 + sum(allowed == key for allowed, _ in self.allowed), f"called {self.calls[key]} times"
            if row["state"] == "done":
                assert self.calls[key], "done, and never called"

    def teardown(self) -> None:
        """The faults stop, and the person answers what they are asked; then the rest of the answer comes."""
        if not hasattr(self, "id"):
            return
        for _ in range(2):
            self.take_steps_from_whoever_has_them()
            self.look()
            for row in self.seen:
                self._decide(row, "refuse" if row["state"] == "unknown" else "grant")
            for _ in range(len(moves.of(self.id))):
                self.steppers[0].step = None
                self.take_a_step(0, called=True)
                self.end(0, "done")
        self.no_write_is_repeated_unasked()
        self.the_row_and_the_turn_agree()
        super().teardown()


def _row(number: int, effect: str, state: str) -> dict[str, Any]:
    return {
        "number": number, "call_id": f"c{number}", "name": "t", "server": "s", "tool": "t", "title": "", "arguments": "{}", "effect": effect,
        "outside": False, "state": state, "error": None, "idempotency_key": str(uuid4()),
    }  # fmt: skip


@pytest.fixture
def acting(walking: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "token_log", lambda: LOG)
    for owner, name in ((jobs.Kind, "send"), (jobs.Kind, "leave"), (jobs, "enter")):
        monkeypatch.setattr(owner, name, lambda *_: None)
    ActingWalk.user = Walk.user


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("acting")
def test_every_walk_with_steps_ends_and_repeats_no_write_unasked() -> None:
    walk = settings(
        max_examples=200,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],
    )
    run_state_machine_as_test(ActingWalk, settings=walk)
