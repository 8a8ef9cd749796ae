"""Where the answer in flight stands, from the events of its log one after another.

An answer that ended is remembered until another begins: Continue opens it again, and goes on after the text that the log told before.
"""

from dataclasses import dataclass, field

from olamchat.tokenlog.events import Closed, Delta, Done, Event, Failed, Queued, Reset, Started, Stopped, parse

_TELLING = tuple(b"event: %s\n" % kind.name.encode() for kind in (Queued, Started, Delta, Reset, Done, Stopped, Failed))


class Draft:
    """A text that grows at its end and is cut now and then; its pieces are joined only when they are asked for."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.length = 0

    def put(self, at: int, piece: str) -> None:
        """Have the text go on with `piece` from offset `at`; a piece beyond the end would leave a hole and is left out."""
        self.cut(at)
        if at == self.length:
            self._pieces.append(piece)
            self.length += len(piece)

    def cut(self, at: int) -> None:
        """Drop what follows the offset."""
        if at < self.length:
            self._pieces = [self.whole()[:at]]
            self.length = at

    def whole(self) -> str:
        """Return the text."""
        return "".join(self._pieces)


@dataclass
class InFlight:
    """An answer as far as the log tells it."""

    message_id: str
    status: str = "queued"
    attempt: int = 0
    model: str | None = None
    loading: bool = False
    left_out: int = 0
    summarised: bool = False
    position: int | None = None
    traceparent: str = ""
    text: Draft = field(default_factory=Draft)
    reasoning: Draft = field(default_factory=Draft)


class Unfolding:
    """Takes a log's events in order; `in_flight` is the answer that has begun and not ended."""

    def __init__(self) -> None:
        self._answer: InFlight | None = None
        self._ended = True
        self._begun: dict[str, int] = {}  # the newest attempt of each answer: a sender that slept tells late that it waits

    @property
    def in_flight(self) -> InFlight | None:
        """The answer that is being written or waits, None when there is none."""
        return None if self._ended else self._answer

    def take(self, body: bytes) -> None:
        """Take the next entry's body; what says nothing of answers is passed over unread."""
        if body.startswith(_TELLING):
            self._follow(parse(body))

    def _follow(self, event: Event) -> None:
        match event:
            case Queued() if event.attempt >= self._begun.get(event.message_id, 0):
                answer = self._of(event.message_id)
                answer.status, answer.position = "queued", event.position
            case Started():
                self._begun[event.message_id] = event.attempt
                self._start(self._of(event.message_id), event)
            case Delta() if self._is_of(event.message_id):
                self._write(self._of(event.message_id), event)
            case Reset() if self._is_of(event.message_id):
                self._cut(self._of(event.message_id), event)
            case Closed() if self._is_of(event.message["id"]):
                self._ended = True
            case _:
                pass

    def _is_of(self, message_id: str) -> bool:
        return self._answer is not None and self._answer.message_id == message_id

    def _of(self, message_id: str) -> InFlight:
        """Return the answer that is in flight from here on: the one that was, or another."""
        if self._answer is None or self._answer.message_id != message_id:
            self._answer = InFlight(message_id)
        self._ended = False
        return self._answer

    def _start(self, answer: InFlight, event: Started) -> None:
        answer.status, answer.position = "running", None
        answer.attempt, answer.model, answer.loading = event.attempt, event.model, event.loading
        answer.left_out, answer.summarised, answer.traceparent = event.left_out, event.summarised, event.traceparent
        self._cut(answer, event)

    def _write(self, answer: InFlight, event: Delta) -> None:
        answer.loading = False
        if event.text is not None:
            answer.text.put(event.at, event.text)
        if event.reasoning is not None:
            answer.reasoning.put(event.at, event.reasoning)

    def _cut(self, answer: InFlight, event: Started | Reset) -> None:
        answer.text.cut(event.at)
        answer.reasoning.cut(event.reasoning_at)
