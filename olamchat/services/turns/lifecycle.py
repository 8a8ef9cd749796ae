"""Turns: whose turn it is, what the model is sent, and how an answer is kept, ended, stopped or given to another worker.

Postgres alone says who may write an answer: the one whose attempt is the turn's. Every function that writes is guarded by it.
All of them may raise olamchat.db.pool.DatabaseLost.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from olamchat import stops
from olamchat.db import completions, messages
from olamchat.db import turns as statements
from olamchat.db.pool import connected
from olamchat.redis import Lost
from olamchat.services.turns import finish
from olamchat.services.turns.finish import Ended
from olamchat.services.turns.thread import ThreadMessage, with_files
from olamchat.tokenlog import conv_topic, token_log
from olamchat.tokenlog.replay import Text, newest, told
from olamchat.tokenlog.topics import turn_topic

_log = logging.getLogger(__name__)
Status = Literal["done", "stopped", "failed"]
# Deaths after which a turn runs in a process of its own, and after which it is not run any more: two beside others, two by itself.
SUSPECT, CONVICTED = 2, 4


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A turn that this worker may run, and all it needs to know about it. `saved` is the text so far.

    `rounds` is how often it was parked for its steps; `usage` and `timings` are what came together until then.
    """

    id: UUID
    kind: Literal["answer", "title", "completion"]
    conversation_id: UUID | None
    user_id: UUID
    pool: str
    model: str
    attempt: int
    failures: int
    deaths: int
    created_at: datetime
    started_at: datetime
    stop: bool
    parent_id: UUID | None
    saved: Text
    options: Mapping[str, Any]
    request: Mapping[str, Any] | None = None
    rounds: int = 0
    usage: Mapping[str, Any] | None = None
    timings: Mapping[str, Any] | None = None

    @property
    def is_suspect(self) -> bool:
        """Whether it is to run by itself: workers died of it, or of a turn beside it."""
        return self.deaths >= SUSPECT

    @property
    def kills(self) -> bool:
        """Whether it has killed workers in which nothing else ran."""
        return self.deaths >= CONVICTED

    @property
    def topic(self) -> str:
        """The log that tells of it: a conversation's, or a completion's own."""
        return turn_topic(self.id) if self.conversation_id is None else conv_topic(self.conversation_id)


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How an answer ends: its last row; `spent` is what it took where the engine did not say its `usage`, `calls` what tools a completion calls, `vectors` what embeddings it has."""

    status: Status
    text: Text
    error: Mapping[str, Any] | None = None
    usage: Mapping[str, Any] | None = None
    timings: Mapping[str, Any] | None = None
    spent: Mapping[str, Any] | None = None
    calls: Sequence[Mapping[str, str]] = ()
    vectors: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Partial:
    """The text so far of an answer that an attempt writes."""

    id: UUID
    attempt: int
    text: Text = field(default_factory=Text)


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where a waiting answer stands in its pool."""

    id: UUID
    conversation_id: UUID
    pool: str
    attempt: int
    position: int


def take(*, worker: str, pools: Sequence[str]) -> Taken | None:
    """Take the turn whose turn it is in these pools, None where nothing waits. Two workers never get the same attempt."""
    with connected():
        row = statements.take(worker, pools)
    return _taken(row) if row else None


def thread(turn: Taken) -> list[ThreadMessage]:
    """Return what was said from the conversation's beginning to the question, with the system prompt first where there is one."""
    if turn.conversation_id is None:
        return []  # a completion's messages came with its request
    with connected():
        said = statements.thread(turn.conversation_id, turn.parent_id)
    prompt = str(turn.options.get("system_prompt") or "").strip()
    return [*([ThreadMessage("system", prompt)] if prompt else []), *with_files(said)]


def first_exchange(conversation_id: UUID) -> dict[str, str]:
    """Return the conversation's first question and answer, by role."""
    with connected():
        return {row["role"]: row["content"] for row in statements.first_exchange(conversation_id)}


def save(partials: Sequence[Partial]) -> None:
    """Keep the texts so far; those whose attempt has no hold on the answer any more are left alone."""
    with connected():
        statements.save(
            [partial.id for partial in partials],
            [partial.attempt for partial in partials],
            [partial.text.content for partial in partials],
            [partial.text.reasoning for partial in partials],
        )


def held(attempts: Mapping[UUID, int]) -> dict[UUID, bool]:
    """Return which of the turns are still these attempts', each with whether somebody wants it stopped."""
    with connected():
        return statements.mine(list(attempts), list(attempts.values()))


def close(*, turn_id: UUID, attempt: int, ending: Ending) -> Ended | None:
    """End an answer: one transaction. None when the attempt has no hold on it any more; then nothing is written."""
    values = {
        "status": ending.status, "content": ending.text.content, "reasoning": ending.text.reasoning,
        "error": ending.error, "usage": ending.usage, "timings": ending.timings, "calls": list(ending.calls),
    }  # fmt: skip
    with connected():
        spent = dict(ending.spent) if ending.spent else None
        row = statements.close(turn_id, attempt, values, spent) or completions.close(
            turn_id, attempt, {**values, "vectors": ending.vectors}, spent
        )
    if row is None:
        return None
    return Ended(row=row, user_id=row["user_id"], pool=row["pool"], title_id=row.get("title_id"), followed=row.get("followed", False))


def hand_back(*, turn_id: UUID, attempt: int, text: Text | None = None) -> str | None:
    """Let another worker go on from `text` (None: from what was saved). Returns the pool, None where the attempt has no hold on it."""
    with connected():
        return statements.requeue(turn_id, attempt, *_columns(text))


def give_back(held: Sequence[tuple[UUID, int]], *, alone: bool = False) -> list[tuple[UUID, int, str]]:
    """Take turns, by (id, attempt), from workers that are gone. An attempt that made no progress is charged with a death.

    Beside others it makes the turn a suspect at most; `alone` says that nothing else can have killed its worker.
    Returns (id, attempt, pool) of those that are given back; of the others the attempt has no hold any more.
    """
    with connected():
        ids, attempts = [turn_id for turn_id, _ in held], [attempt for _, attempt in held]
        given = statements.give_back(ids, attempts, alone=alone, suspect=SUSPECT)
    return [(row["id"], row["attempt"], row["pool"]) for row in given]


def taken(turn_id: UUID, attempt: int) -> Taken | None:
    """Return a turn that was taken; None where the attempt has no hold on it any more."""
    with connected():
        row = statements.taken_row(turn_id, attempt)
    return _taken(row) if row else None


def count_failure(*, turn_id: UUID, attempt: int) -> int | None:
    """Note that the engine failed; return how often by now, None where the attempt has no hold on the turn."""
    with connected():
        return statements.fail(turn_id, attempt)


def stop(turn_id: UUID) -> bool:
    """Stop an answer at whatever stage it is, its text ending where its readers saw it. False when it has ended already.

    One that waits ends here and now. Of one that is written the wish is noted and its worker nudged; it ends within a moment.
    """
    text = _text_so_far(turn_id)
    with connected():
        row = statements.stop(turn_id, *_columns(text))
    if row is None:
        return False
    if row["state"] == "running":
        _nudge(turn_id)
    else:
        finish.tell(Ended(row=row, user_id=row["user_id"], pool=row["pool"]))
    return True


def entitle(*, turn_id: UUID, attempt: int, title: str) -> Mapping[str, Any] | None:
    """End a title's turn; return the conversation's row where it got the title (its user may have given it one)."""
    with connected():
        return statements.entitle(turn_id, attempt, title)


def running(*, longer_than_s: float) -> list[tuple[UUID, int]]:
    """Return (id, attempt) of the turns that have been running for a while."""
    with connected():
        return [(row["id"], row["attempt"]) for row in statements.running(longer_than_s)]


def lost() -> int:
    """Return how many answers wait or run that have no turn any more: a promise broken. Raises DatabaseLost."""
    with connected():
        return statements.lost()


def untold() -> list[Ended]:
    """Return the answers that ended a while ago and whose end may not have been told."""
    with connected():
        return [Ended(row=row, user_id=row["user_id"], pool=row["pool"]) for row in [*statements.closed(), *completions.closed()]]


def any_waits(pool: str) -> bool:
    """Tell whether an answer of this pool waits for a worker. Raises DatabaseLost."""
    with connected():
        return statements.any_waits(pool)


def waiting(*, longer_than_s: float) -> dict[str, int]:
    """Return by pool how many turns have waited for a while."""
    with connected():
        return statements.waiting(longer_than_s)


def loads() -> dict[str, list[str]]:
    """Return by pool the ids of the turns that wait or run."""
    with connected():
        return statements.loads()


def positions() -> list[Position]:
    """Return where each waiting answer stands."""
    with connected():
        return [Position(**row) for row in statements.positions()]


def position(turn_id: UUID) -> int:
    """Return where a waiting answer stands; 1 is the next."""
    with connected():
        return messages.positions([turn_id]).get(turn_id, 1)


def _text_so_far(turn_id: UUID) -> Text | None:
    """Return the text that readers saw of an answer that waits for another worker; None where what is saved is right."""
    with connected():
        row = statements.broken_off(turn_id)
    if row is None:
        return None
    saved = Text(row["content"], row["reasoning"])
    try:
        return newest(told(token_log(), conv_topic(row["conversation_id"]), str(turn_id)), saved)
    except Lost:
        return None


def _columns(text: Text | None) -> tuple[str | None, str | None]:
    return (text.content, text.reasoning) if text else (None, None)


def _nudge(turn_id: UUID) -> None:
    try:
        stops.nudge(str(turn_id))
    except Lost:
        _log.warning("the stop of answer %s is noted, but its worker could not be nudged", turn_id)


def _taken(row: Mapping[str, Any]) -> Taken:
    same = (
        "id",
        "kind",
        "conversation_id",
        "user_id",
        "pool",
        "model",
        "attempt",
        "failures",
        "deaths",
        "created_at",
        "started_at",
        "parent_id",
        "request",
        "rounds",
    )
    return Taken(
        **{name: row[name] for name in same},
        stop=row["stop_at"] is not None,
        saved=Text(row["content"], row["reasoning"]),
        usage=row.get("usage"),
        timings=row.get("timings"),
        options={**(row["settings"] or {}), **(row["options"] or {})},
    )
