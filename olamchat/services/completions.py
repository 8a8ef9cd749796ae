"""Completions: one answer to messages that come with the request and go with it. The same turns, limits and engines as a conversation's answers.

What the model says is told in a log of the turn's own. `listen` follows it, `stop` frees the engine when nobody listens any more.
"""

import json
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Event as Signal
from typing import Any, NamedTuple
from uuid import UUID

from olamchat import jobs, stops, tracing
from olamchat.clock import now, uuid7
from olamchat.db import completions as statements
from olamchat.db.people import users
from olamchat.db.pool import connected, database
from olamchat.errors import Invalid, NotSignedIn
from olamchat.fanout.hub import Hub
from olamchat.fanout.topics import Reader
from olamchat.redis import Lost
from olamchat.roster import Offer
from olamchat.services.models import catalogue, selection
from olamchat.services.models.catalogue import View
from olamchat.services.models.selection import ChosenModel, Habits
from olamchat.services.people import quotas
from olamchat.services.turns import admission
from olamchat.tokenlog import START
from olamchat.tokenlog.events import Closed, Event, Ping, SignedOut, parse
from olamchat.tokenlog.replay import Answer, Draft, Replay, Text
from olamchat.tokenlog.topics import turn_topic, user_topic

# Bytes of events that may wait for who listens, before the completion is given up.
BUFFER_BYTES = 4 << 20
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A completion that waits for its turn."""

    id: UUID
    model: str
    created_s: int


class Asked(NamedTuple):
    """What a turn is to do: the model, its options and the request that its row holds."""

    choice: ChosenModel
    options: dict[str, Any]
    request: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What the model said next; both empty when nothing was said for a while, so that who listens can see whether its client is there."""

    text: str = ""
    reasoning: str = ""


@dataclass(frozen=True, kw_only=True)
class End:
    """How it ended, with all that was said; `calls` are of tools (id, name, arguments), `error` is a message's, with title and detail for people."""

    status: str
    usage: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None
    text: str = ""
    reasoning: str = ""
    calls: Sequence[Mapping[str, str]] = ()


BROKEN = {"code": "stream_interrupted", "title": "The answer was interrupted.", "detail": "Ask again.", "retryable": True}
_SIGNED_OUT = {"code": "not_signed_in", "title": "The key or session has ended.", "detail": None, "retryable": False}


def begin(
    *,
    user_id: UUID,
    model: str,
    messages: Sequence[Mapping[str, Any]],
    options: Mapping[str, Any],
    demands: Mapping[str, Any] | None = None,
) -> Begun:
    """Queue a completion. A message has `role` and `content`, and may have `images`, `calls`, or the id of the call it `answers`.

    `demands` are tools and form, in OpenAI's words. Raises Invalid, UnknownModel, CannotSee, Unavailable, TooMany, QuotaExceeded.
    """
    if not messages:
        raise Invalid("There are no messages to answer.", errors=[{"field": "messages", "message": "There is none."}])

    def asked(offers: list[Offer], view: View) -> Asked:
        choice = selection.choose(model, Habits(), offers, view=view)
        selection.assert_sees(choice, [{"kind": "image"} for message in messages if message.get("images")], offers)
        said = {"messages": [*_instructions(choice), *(dict(message) for message in messages)], "demands": json.dumps(demands or {})}
        sampling = choice.persona.sampling() if choice.persona else {}
        return Asked(choice, {**view.of(choice.model).options, **sampling, **options}, said)

    return queue(user_id=user_id, asked=asked)


def queue(*, user_id: UUID, asked: Callable[[list[Offer], View], Asked]) -> Begun:
    """Queue what `asked` says, given what is offered and what the person sees of it. Raises what it raises, Unavailable, TooMany, QuotaExceeded."""
    offers, entries, turn_id = selection.known() or [], catalogue.known(), uuid7()
    with connected(), database.atomic():
        person = users.lock(user_id)
        if person is None:
            raise NotSignedIn
        choice, options, request = asked(offers, catalogue.seen_on({**person, "user_id": user_id}, entries))
        admission.refuse_excess(statements.look(choice.pool, quotas.asked(user_id)), person)
        turn = {"id": turn_id, "user_id": user_id, "pool": choice.pool, "model": choice.model, **quotas.terms(person)}
        statements.add(turn, {**options, **tracing.carried()}, request)
    try:
        jobs.enter(choice.pool, turn_id)
    except Lost:
        _log.warning("completion %s waits in Postgres: Redis can't be reached", turn_id)
    return Begun(id=turn_id, model=choice.name, created_s=int(now().timestamp()))


def _instructions(choice: ChosenModel) -> list[dict[str, Any]]:
    """Return an assistant's instructions as the message that comes before all others."""
    said = choice.persona.instructions if choice.persona else ""
    return [{"role": "system", "content": said}] if said else []


def stop(turn_id: UUID) -> None:
    """End a completion that nobody wants any more."""
    with connected():
        stopped = statements.stop(turn_id)
    if stopped is None:
        return
    try:
        if stopped["gone"]:
            jobs.leave(stopped["pool"], turn_id)
        else:
            stops.nudge(str(turn_id))
    except Lost:
        _log.warning("the stop of completion %s is noted, but could not be told", turn_id)


def listen(hub: Hub, begun: Begun, *, user_id: UUID, session_id: str, whole: bool = False, look_s: float = 1.0) -> Iterator[Piece | End]:
    """Yield what is said, as it is said, and at last how it ended. At least every `look_s` something is yielded.

    `whole`: only the end counts, so that an answer that begins anew breaks nothing.
    """
    ear, following = Inbox(), Following(begun.id, whole=whole)
    reader = Reader(ear, turn_topic(begun.id), START, control=user_topic(user_id), session_id=session_id)
    hub.open(reader)
    due = time.monotonic() + look_s
    try:
        while True:
            events = ear.take(look_s)
            for heard in map(following.hear, events) if events else [Piece()]:
                if heard != Piece() or not events or time.monotonic() > due:
                    yield heard
                    due = time.monotonic() + look_s
                if isinstance(heard, End):
                    return
            if ear.ended:
                yield End(status="failed", error=BROKEN)
                return
    finally:
        hub.close(reader)


class Inbox:
    """A wire to this process itself: frames come in, events are taken out."""

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._came = Signal()
        self.ended = False

    def write(self, data: bytes, chunk: bytes) -> bool:  # noqa: ARG002, nobody here speaks HTTP
        self._frames.append(data)
        self._bytes += len(data)
        self._came.set()
        return self._bytes <= BUFFER_BYTES

    def end(self, farewell: bytes = b"") -> None:
        self._frames.append(farewell)
        self.cut()

    def cut(self) -> None:
        self.ended = True
        self._came.set()

    def take(self, wait_s: float) -> list[Event]:
        """Return what came, waiting for it so long."""
        self._came.wait(wait_s)
        self._came.clear()
        taken = b"".join(self._frames.popleft() for _ in range(len(self._frames)))
        self._bytes = 0
        return [parse(_without_id(block)) for block in taken.split(b"\n\n") if block]


class Passed:
    """How much of a text was passed on to who listens. What they were told is never contradicted; `whole`: they are told only the end."""

    def __init__(self, *, whole: bool = False) -> None:
        self._pieces: list[str] = []
        self._length = self._cuts = 0
        self._whole = whole

    def news(self, draft: Draft) -> str | None:
        """Return what of the text is new to who listens; None where it contradicts what they were told."""
        if self._whole:
            return ""
        new = draft.since(self._length) if draft.cuts == self._cuts else self._after_a_cut(draft)
        if new:
            self._pieces.append(new)
            self._length += len(new)
        return new

    def _after_a_cut(self, draft: Draft) -> str | None:
        """Wait until the text reaches what was passed on, as long as it is the same."""
        text, passed = draft.whole(), "".join(self._pieces)
        if len(text) < len(passed):
            return "" if passed.startswith(text) else None
        self._cuts = draft.cuts
        return text[len(passed) :] if text.startswith(passed) else None


class Following:
    """Follows the log of one turn as its reader does."""

    def __init__(self, turn_id: UUID, *, whole: bool = False) -> None:
        self._turn_id = turn_id
        self._replay = Replay()
        self._text, self._reasoning = Passed(whole=whole), Passed(whole=whole)
        self._missed = 0

    def hear(self, event: Event) -> Piece | End:
        """Return what is new, or how it ended; it ends as broken where the log has lost something or begins otherwise than it was told."""
        match event:
            case Ping():
                return self._look()
            case SignedOut():
                return End(status="failed", error=_SIGNED_OUT)
        self._replay.follow(event)
        if self._replay.answer is None:
            return Piece()
        heard = self._end(event, self._replay.answer.texts()) if isinstance(event, Closed) else self._news(self._replay.answer)
        return heard or End(status="failed", error=BROKEN)

    def _look(self) -> Piece | End:
        """A turn that is gone and whose end nobody told: its log was lost, or its process."""
        self._missed = 0 if _is_alive(self._turn_id) else self._missed + 1
        return Piece() if self._missed < 2 else End(status="failed", error=BROKEN)

    def _news(self, answer: Answer) -> Piece | None:
        if not answer.known:
            return None
        said, thought = self._text.news(answer.text), self._reasoning.news(answer.reasoning)
        return None if said is None or thought is None else Piece(text=said, reasoning=thought)

    def _end(self, event: Closed, texts: Text | None) -> End | None:
        """Return the end with its texts; a failure needs none."""
        row = event.message
        if texts is None and row["status"] != "failed":
            return None
        said = texts or Text()
        return End(
            status=row["status"], usage=row["usage"], error=row["error"], text=said.content, reasoning=said.reasoning, calls=event.calls
        )


def _without_id(block: bytes) -> bytes:
    return block.partition(b"\n")[2] if block.startswith(b"id: ") else block


def _is_alive(turn_id: UUID) -> bool:
    with connected():
        return statements.is_alive(turn_id)
