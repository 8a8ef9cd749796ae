"""What a reader of a log is given first: exactly what it missed, or a snapshot of the answer in flight.

Everything here is made of the log's entries alone, so that a reader needs no database and a snapshot can't disagree with the deltas that follow it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from olamchat.tokenlog import START, Entry, TokenLog
from olamchat.tokenlog.events import FRAME_BYTES, Delta, Event, Ping, SignedOut, Snapshot, Steered, StepChanged, Sync, encoded_length, frame
from olamchat.tokenlog.replay import Answer, Replay, entries_after

# Who missed more entries, or more bytes, gets a snapshot: it is shorter.
MOST_MISSED, MOST_MISSED_BYTES = 20_000, 4 << 20
# What a frame needs besides its texts: names, ids, the model's name, the id line.
_AROUND_BYTES = 1_024
_PRIVATE = tuple(b"event: %s\n" % kind.name.encode() for kind in (SignedOut, Steered))


@dataclass(frozen=True)
class Opening:
    """The frames a reader is sent first, with their id lines, and the id of the entry up to which they tell everything."""

    frames: list[bytes]
    reaches: str


def with_id(entry: Entry) -> bytes:
    """Return the entry's frame with its id line."""
    return b"id: %s\n%s" % (entry.id.encode(), entry.body)


def is_private(entry: Entry) -> bool:
    """Tell whether the entry is for the fan-out itself, and no reader's to see: the end of some session, a stream that is steered."""
    return entry.body.startswith(_PRIVATE)


def open_log(log: TokenLog, topic: str, position: str | None, *, snapshot: bool = True) -> Opening:
    """Return what a reader at `position` (None: nowhere yet) is to be sent first. Raises redis.Lost.

    Without `snapshot` (a user's log, where nothing is in flight) a ping tells the id to start from.
    """
    if position is not None:
        if opening := _resume(log, topic, position):
            return opening
        return _anew(log, topic, [frame(Sync())], snapshot=snapshot)
    return _anew(log, topic, [], snapshot=snapshot)


def missed(log: TokenLog, topic: str, position: str) -> list[Entry] | None:
    """Return every entry after the position; None when the log doesn't reach back to it, or there are too many. Raises redis.Lost."""
    entries, size = [], 0
    for entry in entries_after(log, topic, position):
        entries.append(entry)
        size += len(entry.body)
        if len(entries) > MOST_MISSED or size > MOST_MISSED_BYTES:
            return None
    # Asked after the reading: what is there now was there all the while, so nothing between was trimmed.
    return entries if log.has(topic, position) else None


def _resume(log: TokenLog, topic: str, position: str) -> Opening | None:
    entries = missed(log, topic, position)
    if entries is None:
        return None
    return Opening([with_id(entry) for entry in entries if not is_private(entry)], entries[-1].id if entries else position)


def _anew(log: TokenLog, topic: str, first: Sequence[bytes], *, snapshot: bool) -> Opening:
    if not snapshot:
        reaches = log.tail(topic)
        return Opening([*first, with_id(Entry(reaches, frame(Ping())))], reaches)
    replay, reaches = Replay(), START
    for entry in entries_after(log, topic):
        replay.take(entry.body)
        reaches = entry.id
    bodies = [frame(event) for event in _events(replay.in_flight)]
    # Only the last bears the id: who is cut off before it starts over.
    return Opening([*first, *bodies[:-1], with_id(Entry(reaches, bodies[-1]))], reaches)


def _events(answer: Answer | None) -> Iterator[Event]:
    """Tell where the answer stands, in as few events as fit their frames; of one whose text the log has not whole, nothing: its row is fetched."""
    texts = answer.texts() if answer else None
    if answer is None or texts is None:
        yield Snapshot()
        return
    text, reasoning = texts.content, texts.reasoning
    first = _piece(text, 0)
    fits = len(first) == len(text) and encoded_length(text) + encoded_length(reasoning) <= FRAME_BYTES - _AROUND_BYTES
    yield Snapshot(
        message_id=answer.message_id,
        attempt=answer.attempt,
        status=answer.status,
        model=answer.model,
        loading=answer.loading,
        left_out=answer.left_out,
        summarised=answer.summarised,
        position=answer.position,
        traceparent=answer.traceparent,
        text=first,
        reasoning=reasoning if fits else "",
    )
    for _, step in sorted(answer.steps.items()):
        yield StepChanged(message_id=answer.message_id, step=step)
    for at, piece in _pieces(text, len(first)):
        yield Delta(message_id=answer.message_id, attempt=answer.attempt, at=at, text=piece)
    for at, piece in _pieces(reasoning, len(reasoning) if fits else 0):
        yield Delta(message_id=answer.message_id, attempt=answer.attempt, at=at, reasoning=piece)


def _pieces(text: str, at: int) -> Iterator[tuple[int, str]]:
    while piece := _piece(text, at):
        yield at, piece
        at += len(piece)


def _piece(text: str, at: int) -> str:
    """Return as much of the text from `at` on as fits a frame: JSON makes up to six bytes of a code point."""
    room = FRAME_BYTES - _AROUND_BYTES
    piece = text[at : at + room]
    while (taken := encoded_length(piece)) > room:
        piece = piece[: min(len(piece) - 1, len(piece) * room // taken)]
    return piece
