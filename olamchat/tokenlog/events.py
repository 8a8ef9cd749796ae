"""What is told about an answer while it is written: the events of the token log, and their bytes.

An event's bytes are the server-sent-event frame without its id line, so that a reader writes what the log holds and parses nothing
(https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation).
Offsets (`at`, `length`) count code points.
"""

from typing import Any, ClassVar

import msgspec

FRAME_BYTES = 16_384


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened in a conversation or to a user's list of them."""

    name: ClassVar[str] = ""


class MessageAdded(Event):
    """A new row, as the API shows it; `content` is null where it would not fit a frame."""

    name: ClassVar[str] = "message"
    message: dict[str, Any]


class MessageDeleted(Event):
    """A message is gone, and all that followed from it; the conversation is shown down to `active_leaf_id` now."""

    name: ClassVar[str] = "message_deleted"
    message_id: str
    active_leaf_id: str | None = None


class FollowUpsChanged(Event):
    """What waits to be asked in the conversation is not as it was; `gone` is one that was dropped or has been asked."""

    name: ClassVar[str] = "follow_ups"
    gone: str | None = None


class Queued(Event):
    """The answer waits; `position` 1 is the next to be taken. Told late, of fewer attempts than have begun since, it is to be ignored."""

    name: ClassVar[str] = "queued"
    message_id: str
    position: int
    attempt: int = 0


class Started(Event):
    """A worker took the turn and goes on at the offsets `at` and `reasoning_at`; `loading` while the engine loads the model.

    `left_out` messages, the oldest, were not sent to the model because they don't fit its context;
    `summarised` when it was sent them in short.
    `traceparent` is there where traces are sent: what delivers the answer belongs to it.
    """

    name: ClassVar[str] = "started"
    message_id: str
    attempt: int
    model: str
    at: int = 0
    reasoning_at: int = 0
    loading: bool = False
    left_out: int = 0
    summarised: bool = False
    traceparent: str = ""


class Waiting(Event):
    """The model has called tools and waits, its text standing at `at` and `reasoning_at`: the steps that follow tell for what. No worker has the turn."""

    name: ClassVar[str] = "waiting"
    message_id: str
    attempt: int
    at: int = 0
    reasoning_at: int = 0


class StepChanged(Event):
    """A step of an answer is new or not as it was; of two tellings the one with the higher `revision` is the newer."""

    name: ClassVar[str] = "step"
    message_id: str
    step: dict[str, Any]


class Delta(Event):
    """From offset `at` on, the text (or the reasoning) is this."""

    name: ClassVar[str] = "delta"
    message_id: str
    attempt: int
    at: int
    text: str | None = None
    reasoning: str | None = None


class Reset(Event):
    """Drop the text after `at` and the reasoning after `reasoning_at`; it comes anew."""

    name: ClassVar[str] = "reset"
    message_id: str
    attempt: int
    at: int = 0
    reasoning_at: int = 0


class Closed(Event):
    """The final row without its texts; `length` and `reasoning_length` say how long they are. A completion's end brings its tool calls."""

    message: dict[str, Any]
    length: int
    reasoning_length: int = 0
    calls: list[dict[str, str]] = []


class Done(Closed):
    name: ClassVar[str] = "done"


class Stopped(Closed):
    name: ClassVar[str] = "stopped"


class Failed(Closed):
    name: ClassVar[str] = "failed"


class Title(Event):
    name: ClassVar[str] = "title"
    conversation_id: str
    title: str


class ConversationChanged(Event):
    """On the user's log: a conversation was made or changed; the row as the list shows it."""

    name: ClassVar[str] = "conversation"
    conversation: dict[str, Any]


class ConversationDeleted(Event):
    name: ClassVar[str] = "conversation_deleted"
    conversation_id: str


class Answering(Event):
    """On the user's log: an answer of this conversation is queued, running, waiting for its steps, or has ended (done, stopped, failed).

    `asks`: a step of it is new that waits for the person's word.
    """

    name: ClassVar[str] = "answering"
    conversation_id: str
    message_id: str
    status: str
    asks: bool = False


class DocumentChanged(Event):
    """On the user's log: how far the reading of a document has come."""

    name: ClassVar[str] = "document"
    document: dict[str, Any]


class Snapshot(Event):
    """To one subscriber, first: where the answer in flight stands (null message_id: none is), up to the frame's id."""

    name: ClassVar[str] = "snapshot"
    message_id: str | None = None
    attempt: int = 0
    status: str | None = None
    model: str | None = None
    loading: bool = False
    left_out: int = 0
    summarised: bool = False
    position: int | None = None
    traceparent: str = ""
    text: str = ""
    reasoning: str = ""


class Sync(Event):
    """To one subscriber: the log no longer reaches back to your id; fetch the messages, a snapshot follows."""

    name: ClassVar[str] = "sync"


class Ping(Event):
    """The heartbeat, named because a browser can't see comments."""

    name: ClassVar[str] = "ping"


class Reconnect(Event):
    """To one subscriber: this connection ends; come back after so many milliseconds."""

    name: ClassVar[str] = "reconnect"
    after_ms: int


class SignedOut(Event):
    """On the user's log: the session ended (null: all of them); its streams close."""

    name: ClassVar[str] = "signed_out"
    session_id: str | None = None


class Followed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A conversation's log that a stream is to carry under the name `strand`, from `after` on (None: from a snapshot)."""

    strand: str
    conversation_id: str
    after: str | None = None


class Steered(Event):
    """On the user's log, for the fan-out alone: one of this user's streams is to carry these as well, and those no more."""

    name: ClassVar[str] = "steered"
    stream: str
    follow: list[Followed] = []
    leave: list[str] = []


class StrandChanged(Event):
    """To one subscriber of several logs: what comes after this is of the log with this name ("": the user's own)."""

    name: ClassVar[str] = "strand"
    strand: str


KINDS: dict[str, type[Event]] = {
    kind.name: kind
    for kind in (
        MessageAdded, MessageDeleted, FollowUpsChanged, Queued, Started, Waiting, StepChanged, Delta, Reset, Done, Stopped, Failed, Title, ConversationChanged,
        ConversationDeleted, Answering, DocumentChanged, Snapshot, Sync, Ping, Reconnect, SignedOut, Steered, StrandChanged,
    )
}  # fmt: skip

_encode = msgspec.json.Encoder().encode


def frame(event: Event) -> bytes:
    """Return the event's bytes, without an id line."""
    return b"event: %s\ndata: %s\n\n" % (event.name.encode(), _encode(event))


class DeltaFrames:
    """Makes one attempt's delta frames: frame(Delta(…)) for an eighth of its time, since a worker makes one for nearly every token."""

    def __init__(self, message_id: str, attempt: int) -> None:
        self._head = b'event: delta\ndata: {"message_id":%b,"attempt":%d,"at":' % (_encode(message_id), attempt)

    def text(self, at: int, text: str) -> bytes:
        return b'%b%d,"text":%b}\n\n' % (self._head, at, _encode(text))

    def reasoning(self, at: int, reasoning: str) -> bytes:
        return b'%b%d,"reasoning":%b}\n\n' % (self._head, at, _encode(reasoning))


def encoded_length(text: str) -> int:
    """Return how many bytes a text takes in an event."""
    return len(_encode(text)) - 2


def parse(body: bytes) -> Event:
    """Read back what frame() made. Raises ValueError on anything else."""
    head, _, data = body.partition(b"\ndata: ")
    kind = KINDS.get(head.removeprefix(b"event: ").decode())
    if kind is None:
        raise ValueError(f"no event: {head[:40]!r}")
    return msgspec.json.decode(data, type=kind)
