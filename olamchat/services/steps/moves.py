"""What happens to steps: parked with their answer, decided by a person, taken by a worker, ended; and who is told of it.

Postgres alone says whose a step is: the attempt's. All of these may raise olamchat.db.pool.DatabaseLost.
"""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from olamchat import jobs
from olamchat.db import turns
from olamchat.db.acting import steps as statements
from olamchat.db.pool import DatabaseLost, connected
from olamchat.db.rows import Row
from olamchat.redis import Lost
from olamchat.services.knowledge import sources
from olamchat.services.steps import shape
from olamchat.tokenlog import conv_topic, token_log, user_topic
from olamchat.tokenlog.events import Answering, Event, Queued, StepChanged, Waiting, frame
from olamchat.tokenlog.replay import Text

Decision = Literal["grant", "grant_for_conversation", "refuse"]
# How many steps are told again in one round.
_AT_ONCE = 100
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step that this worker is to run, and whose it is."""

    message_id: UUID
    number: int
    attempt: int
    user_id: UUID
    conversation_id: UUID
    server: str
    tool: str
    arguments: str
    effect: str
    idempotency_key: UUID
    row: Row

    @property
    def name(self) -> str:
        """What leases and loads know it by."""
        return f"{self.message_id}:{self.number}"


@dataclass(frozen=True, kw_only=True)
class Result:
    """How a step ended: `result` is {content, structured, cut}, `error` {code, message}."""

    state: Literal["done", "failed", "unknown"]
    result: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None


def of(message_id: UUID) -> list[Row]:
    """Return an answer's steps, in their order."""
    with connected():
        return statements.of([message_id])


def terms(conversation_id: UUID) -> tuple[set[tuple[str, str]], bool]:
    """Return what a proposal goes by: the tools allowed in the conversation, and whether text from outside has come into it."""
    with connected():
        return statements.granted(conversation_id), statements.outside_was_read(conversation_id)


def park(
    *,
    turn_id: UUID,
    attempt: int,
    user_id: UUID,
    conversation_id: UUID,
    text: Text,
    steps: Sequence[Row],
    usage: Mapping[str, Any] | None,
    timings: Mapping[str, Any],
) -> bool:
    """Keep the text so far with the steps to come, and let the turn go. False where the attempt has no hold on it, or a stop was wished."""
    values = {"content": text.content, "reasoning": text.reasoning, "usage": usage, "timings": timings}
    with connected():
        made, resumed = statements.park(turn_id, attempt, values, steps)
    if not made:
        return False
    parked = Waiting(message_id=str(turn_id), attempt=attempt, at=len(text.content), reasoning_at=len(text.reasoning))
    _tell(conversation_id, user_id, turn_id, made, resumed, before=(parked,))
    return True


def take(*, worker: str) -> Step | None:
    """Take the step whose turn it is, None where none is to be run."""
    with connected():
        row = statements.take(worker)
    if row is None:
        return None
    tell_changed(row["conversation_id"], [row])
    names = ("message_id", "number", "attempt", "user_id", "conversation_id", "server", "tool", "arguments", "effect", "idempotency_key")
    return Step(**{name: row[name] for name in names}, row=row)


def end(step: Step, result: Result) -> bool:
    """Write how a step ended, once. False where that is not this attempt's to say any more."""
    words = shape.text_of(result.result)
    preview = shape.fitting(words, shape.PREVIEW_BYTES)
    ending = {
        "state": result.state,
        "result": result.result,
        "preview": preview,
        "words": words,
        "error": result.error,
        "sources": sources.of(result.result),
    }
    with connected():
        row, resumed = statements.end(step.message_id, step.number, step.attempt, ending)
    if row is not None:
        _tell(step.conversation_id, step.user_id, step.message_id, [row], resumed)
    return row is not None


def give_back(message_id: UUID, number: int, attempt: int) -> Row | None:
    """Take a step from a worker that is gone or leaves; None where it is not that attempt's any more.

    What may be done twice is granted again. Of a write nobody knows whether it happened, and a person is asked.
    """
    with connected():
        row = statements.give_back(message_id, number, attempt)
        conversation_id = turns.conversation_of(message_id)
    if row is not None and conversation_id is not None:
        _tell(conversation_id, row["user_id"], message_id, [row], None)
    return row


def wait_for_connection(step: Step) -> bool:
    """Let a step wait until its person has connected to its server: nothing was done. False where it is not this attempt's any more."""
    with connected():
        row = statements.unconnect(step.message_id, step.number, step.attempt)
    if row is not None:
        _tell(step.conversation_id, step.user_id, step.message_id, [row], None)
    return row is not None


def connected_to(*, user_id: UUID, server: str) -> None:
    """Let the steps go on that waited for a connection: those that nobody else has to allow are granted, the others ask."""
    with connected():
        waiting = statements.unconnected(user_id, server)
    for row in waiting:
        with connected():
            changed_row = statements.connect(row["message_id"], row["number"])
        if changed_row is not None:
            _tell(row["conversation_id"], user_id, row["message_id"], [changed_row], None)


def decide(*, conversation_id: UUID, message_id: UUID, number: int, attempt: int, decision: Decision, note: str) -> Row | None:
    """Decide on a step as it was seen, in that attempt; return it as it is now, None where there is none. What was decided first stands."""
    with connected():
        decided, resumed = statements.decide(conversation_id, message_id, number, attempt=attempt, decision=decision, note=note)
        row = statements.find(message_id, number)
    if decided:
        _tell(conversation_id, decided[0]["user_id"], message_id, decided, resumed)
    return row


def tell_asked(conversation_id: UUID, row: Row) -> None:
    """Tell of a question that a step has for its person, or of their answer. Call it after the commit."""
    _tell(conversation_id, row["user_id"], row["message_id"], [row], None)


def tell_again() -> int:
    """Tell of steps that wait for a person and whose worker died, or lost Redis, before they were told; return how many."""
    with connected():
        rows = statements.untold(_AT_ONCE)
    for row in rows:
        waiting = Waiting(
            message_id=str(row["message_id"]), attempt=row["parked_in"] or 0, at=row["text"] or 0, reasoning_at=row["thoughts"] or 0
        )
        before = (waiting,) if row["parked_in"] is not None else ()
        _tell(row["conversation_id"], row["user_id"], row["message_id"], [row], None, before=before)
    return len(rows)


def changed(row: Row) -> StepChanged:
    """Return the event that says how a step is now."""
    return StepChanged(message_id=str(row["message_id"]), step=shape.brief(row))


def tell_changed(conversation_id: UUID, steps: Sequence[Row]) -> None:
    """Tell those who watch the conversation how its steps are now."""
    _tell_readers(conversation_id, [changed(row) for row in steps])


def _tell(
    conversation_id: UUID, user_id: UUID, message_id: UUID, steps: Sequence[Row], resumed: Row | None, *, before: Sequence[Event] = ()
) -> None:
    """Tell of steps and of what follows: the jobs of those that may run, the turn that goes on. Call it after the commit."""
    after = [Queued(message_id=str(message_id), position=1, attempt=resumed["attempt"])] if resumed else []
    is_told = _tell_readers(conversation_id, [*before, *map(changed, steps), *after])
    try:
        _tell_user(user_id, conversation_id, message_id, steps, resumed)
        for row in steps:
            if row["state"] == "granted":
                jobs.STEPS.send(f"{message_id}:{row['number']}")
            elif row["state"] != "running":
                jobs.STEPS.leave(f"{message_id}:{row['number']}")
        if resumed:
            jobs.enter(resumed["pool"], message_id)
    except Lost:
        _log.warning("what follows the steps of answer %s is left to the sweepers", message_id)
        return
    if is_told and (asked := [row for row in steps if shape.asks(row)]):
        with suppress(DatabaseLost), connected():  # they are told once more
            statements.told(asked)


def _tell_user(user_id: UUID, conversation_id: UUID, message_id: UUID, steps: Sequence[Row], resumed: Row | None) -> None:
    asks = any(map(shape.asks, steps))
    status = "queued" if resumed else "waiting"
    event = Answering(conversation_id=str(conversation_id), message_id=str(message_id), status=status, asks=asks)
    token_log().tell(user_topic(user_id), [frame(event)])


def _tell_readers(conversation_id: UUID, events: Sequence[Event]) -> bool:
    try:
        token_log().tell(conv_topic(conversation_id), [frame(event) for event in events])
    except Lost:
        _log.warning("steps could not be told to conversation %s; whoever looks finds them", conversation_id)
        return False
    return True
