"""What a reader of a log is given first: exactly what it missed, or a snapshot of the answer in flight.

Everything here is made of the log's entries alone, so that a reader needs no database and a snapshot can't disagree with the deltas that follow it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from olamchat.tokenlog import START, Entry, TokenLog
from olamchat.tokenlog.events import Closed, Delta, Event, Queued, Reset, Snapshot, Started, Sync, frame, parse

# Code points in one frame of a snapshot: JSON makes at most six bytes of one, and a frame has 16 KiB.
PIECE = 2_500
PAGE = 1_000


@dataclass(frozen=True)
class Opening:
    """The frames a reader is sent first, with their id lines, and the id of the entry up to which they tell everything."""

    frames: list[bytes]
    reaches: str


@dataclass(frozen=True)
class InFlight:
    """The answer that is being written, as far as the log tells it."""

    message_id: str
    status: str
    attempt: int = 0
    model: str | None = None
    loading: bool = False
    position: int | None = None
    text: str = ""
    reasoning: str = ""


def with_id(entry: Entry) -> bytes:
    """Return the entry's frame with its id line."""
    return b"id: %s\n%s" % (entry.id.encode(), entry.body)


def open_log(log: TokenLog, topic: str, position: str | None) -> Opening:
    """Return what a reader at `position` (None: nowhere yet) is to be sent first. Raises redis.Lost."""
    if position is not None and (resumed := _resume(log, topic, position)):
        return resumed
    first = [] if position is None else [frame(Sync())]
    snapshot = _snapshot(log, topic)
    return Opening([*first, *snapshot.frames], snapshot.reaches)


def _resume(log: TokenLog, topic: str, position: str) -> Opening | None:
    """Return what was missed, None where the log has lost the place. First read, then look: so it was whole when it was read."""
    missed = list(entries_after(log, topic, position))
    if not log.has(topic, position):
        return None
    return Opening([with_id(entry) for entry in missed], missed[-1].id if missed else position)


def _snapshot(log: TokenLog, topic: str) -> Opening:
    answer, reaches = None, START
    for entry in entries_after(log, topic, START):
        answer, reaches = after(answer, parse(entry.body)), entry.id
    return Opening(_frames(answer, reaches), reaches)


def entries_after(log: TokenLog, topic: str, position: str) -> Iterator[Entry]:
    """Yield every entry after the position, however many there are. Raises redis.Lost."""
    while page := log.read(topic, position, PAGE):
        yield from page
        position = page[-1].id


def after(answer: InFlight | None, event: Event) -> InFlight | None:
    """Return where the answer in flight stands after the event: None when there is none."""
    match event:
        case Queued():
            held = answer if answer and answer.message_id == event.message_id else InFlight(event.message_id, "queued")
            return replace(held, status="queued", position=event.position)
        case Started():
            return _started(answer, event)
        case Delta() if answer and answer.message_id == event.message_id:
            return _written(answer, event)
        case Reset() if answer and answer.message_id == event.message_id:
            return replace(answer, text=answer.text[: event.at], reasoning=answer.reasoning[: event.reasoning_at])
        case Closed() if answer and answer.message_id == event.message["id"]:
            return None
        case _:
            return answer


def _started(answer: InFlight | None, event: Started) -> InFlight:
    held = answer if answer and answer.message_id == event.message_id else InFlight(event.message_id, "running")
    return replace(
        held,
        status="running",
        attempt=event.attempt,
        model=event.model,
        loading=event.loading,
        position=None,
        text=held.text[: event.at],
        reasoning=held.reasoning[: event.reasoning_at],
    )


def _written(answer: InFlight, event: Delta) -> InFlight:
    if event.reasoning is not None:
        answer = replace(answer, reasoning=answer.reasoning[: event.at] + event.reasoning)
    if event.text is not None:
        answer = replace(answer, text=answer.text[: event.at] + event.text)
    return replace(answer, loading=False, attempt=event.attempt)


def _frames(answer: InFlight | None, reaches: str) -> list[bytes]:
    """The snapshot in frames that each fit; only the last bears the id, so that one who is cut off before it starts over."""
    bodies = [frame(event) for event in _events(answer)]
    return [*bodies[:-1], with_id(Entry(reaches, bodies[-1]))]


def _events(answer: InFlight | None) -> Iterator[Event]:
    if answer is None:
        yield Snapshot()
        return
    yield Snapshot(
        message_id=answer.message_id,
        attempt=answer.attempt,
        status=answer.status,
        model=answer.model,
        loading=answer.loading,
        position=answer.position,
        text=answer.text[:PIECE],
        reasoning=answer.reasoning[:PIECE] if len(answer.text) < PIECE else "",
    )
    for at in range(PIECE if len(answer.text) < PIECE else 0, len(answer.reasoning), PIECE):
        yield Delta(at=at, reasoning=answer.reasoning[at : at + PIECE], message_id=answer.message_id, attempt=answer.attempt)
    for at in range(PIECE, len(answer.text), PIECE):
        yield Delta(at=at, text=answer.text[at : at + PIECE], message_id=answer.message_id, attempt=answer.attempt)
