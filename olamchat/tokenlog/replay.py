"""The one fold of a token log into the answer that it tells of: for who joins late, for the worker that takes over, for completions.

There is one rule for gaps. A text is known as long as every event fits what came before it: an attempt begins with a Started, a piece begins
at the text's end or before it, and the end has the length that was told. After the first event that doesn't fit, nothing of the text is
known, since nobody can say what was lost with the missing part; it is known again once an attempt begins it from the start.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from olamchat.tokenlog.base import START, Entry, TokenLog
from olamchat.tokenlog.events import (
    Closed,
    Delta,
    Done,
    Event,
    Failed,
    Queued,
    Reset,
    Snapshot,
    Started,
    StepChanged,
    Stopped,
    Waiting,
    parse,
)

PAGE = 1_000
_TELLING = tuple(
    b"event: %s\n" % kind.name.encode() for kind in (Queued, Started, Waiting, StepChanged, Delta, Reset, Done, Stopped, Failed)
)


@dataclass(frozen=True, slots=True)
class Text:
    """An answer's text and its reasoning."""

    content: str = ""
    reasoning: str = ""


class Draft:
    """A text that grows at its end and is cut now and then; its pieces are joined only when they are asked for."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.length = 0
        self.cuts = 0

    def put(self, at: int, piece: str) -> None:
        """Have the text go on with `piece` from offset `at`, which is not beyond the end. A piece that is there already changes nothing."""
        if at < self.length and self.whole().startswith(piece, at) and at + len(piece) <= self.length:
            return
        self.cut(at)
        self._pieces.append(piece)
        self.length += len(piece)

    def cut(self, at: int) -> None:
        """Drop what follows the offset."""
        if at < self.length:
            self._pieces = [self.whole()[:at]]
            self.length = at
            self.cuts += 1

    def whole(self) -> str:
        """Return the text; its pieces become one."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def since(self, at: int) -> str:
        """Return what follows the offset, without joining the pieces before it."""
        pieces, begins = [], self.length
        for piece in reversed(self._pieces):
            if begins <= at:
                break
            begins -= len(piece)
            pieces.append(piece)
        return "".join(reversed(pieces))[max(0, at - begins) :]


@dataclass
class Answer:
    """An answer as far as the log tells it. `known` says that its drafts are its texts, without a hole."""

    message_id: str
    status: str = "queued"
    attempt: int = 0
    model: str | None = None
    loading: bool = False
    left_out: int = 0
    summarised: bool = False
    position: int | None = None
    traceparent: str = ""
    known: bool = False
    ended: bool = False
    text: Draft = field(default_factory=Draft)
    reasoning: Draft = field(default_factory=Draft)
    steps: dict[int, dict[str, Any]] = field(default_factory=dict)

    def texts(self) -> Text | None:
        """Return both texts, None where the log does not have all of them."""
        return Text(self.text.whole(), self.reasoning.whole()) if self.known else None

    def _fits(self, at: int, reasoning_at: int) -> bool:
        return at <= self.text.length and reasoning_at <= self.reasoning.length

    def queue(self, event: Queued) -> None:
        """Wait. Nothing was ever said by an answer that nobody has taken yet."""
        self.status, self.position, self.ended, self.loading = "queued", event.position, False, False
        self.known = self.known or event.attempt == 0

    def start(self, event: Started) -> None:
        """Go on from the offsets that an attempt names, in which nothing is lost where they are known."""
        self.status, self.position, self.ended = "running", None, False
        self.model, self.loading, self.traceparent = event.model, event.loading, event.traceparent
        self.left_out, self.summarised = event.left_out, event.summarised
        self.cut(event)

    def park(self, event: Waiting) -> None:
        """Wait for steps, with all of the text told."""
        self.status, self.loading, self.attempt = "waiting", False, event.attempt
        self.known = self.known and (event.at, event.reasoning_at) == (self.text.length, self.reasoning.length)

    def note(self, step: dict[str, Any]) -> None:
        """Take a step as it is now, unless something newer of it is known."""
        known = self.steps.get(step["number"])
        if known is None or known["revision"] <= step["revision"]:
            self.steps[step["number"]] = step

    def cut(self, event: Started | Reset) -> None:
        """Drop what follows the offsets; from the start on everything is known."""
        self.attempt, at, reasoning_at = event.attempt, event.at, event.reasoning_at
        self.known = (self.known and self._fits(at, reasoning_at)) or (at, reasoning_at) == (0, 0)
        self.text.cut(at)
        self.reasoning.cut(reasoning_at)

    def write(self, event: Delta) -> None:
        """Add a piece, of the attempt that has started."""
        self.loading = False
        draft, piece = (self.text, event.text) if event.text is not None else (self.reasoning, event.reasoning or "")
        self.known = self.known and event.attempt == self.attempt and event.at <= draft.length
        self.attempt = event.attempt
        if self.known:
            draft.put(event.at, piece)

    def end(self, event: Closed) -> None:
        """End, with all that was told where the attempt that closes is the one that told it."""
        lengths = (event.length, event.reasoning_length)
        told = event.message["attempt"] == self.attempt and lengths == (self.text.length, self.reasoning.length)
        self.known = (self.known and told) or lengths == (0, 0)
        if not any(lengths):
            self.text.cut(0)
            self.reasoning.cut(0)
        self.status, self.attempt, self.position, self.loading, self.ended = event.name, event.message["attempt"], None, False, True

    def stand(self, event: Snapshot) -> None:
        """Be as a snapshot says."""
        self.status, self.attempt, self.model, self.ended, self.known = event.status or "running", event.attempt, event.model, False, True
        for draft, text in ((self.text, event.text), (self.reasoning, event.reasoning)):
            draft.cut(0)
            draft.put(0, text)


class Replay:
    """Takes a log's events in order. An answer that has ended is remembered until another begins: Continue opens it again."""

    def __init__(self) -> None:
        self.answer: Answer | None = None
        self._newest: dict[str, int] = {}  # attempts seen of each answer: a sender that slept tells late that it waits

    @property
    def in_flight(self) -> Answer | None:
        """The answer that is being written or waits, None when there is none."""
        return self.answer if self.answer and not self.answer.ended else None

    def take(self, body: bytes) -> None:
        """Take the next entry's body; what says nothing of answers is passed over unread."""
        if body.startswith(_TELLING):
            self.follow(parse(body))

    def follow(self, event: Event) -> None:
        """Take the next event. What an older attempt says is not heard, nor what an attempt says after its end."""
        match event:
            case Queued() if event.attempt >= self._newest.get(event.message_id, 0):
                self._of(event.message_id).queue(event)
            case Started() if self._is_news(event.message_id, event.attempt):
                self._newest[event.message_id] = event.attempt
                self._of(event.message_id).start(event)
            case Delta() | Reset() if (answer := self._flying(event)) is not None:
                answer.write(event) if isinstance(event, Delta) else answer.cut(event)
                self._newest[event.message_id] = event.attempt
            case Waiting() if (answer := self._flying(event)) is not None:
                answer.park(event)
            case StepChanged() if self.answer is not None and self.answer.message_id == event.message_id:
                self.answer.note(event.step)
            case Closed(message=row):
                self._close(event, row["id"], row["attempt"])
            case Snapshot() if event.message_id is not None:
                self._newest[event.message_id] = event.attempt
                self._of(event.message_id).stand(event)
            case _:
                pass

    def _is_news(self, message_id: str, attempt: int) -> bool:
        """Tell whether an attempt may begin: it is not older than one that was seen, and has not ended."""
        answer = self.answer
        over = answer is not None and answer.message_id == message_id and answer.ended and attempt == answer.attempt
        return attempt >= self._newest.get(message_id, 0) and not over

    def _flying(self, event: Delta | Reset | Waiting) -> Answer | None:
        answer = self.in_flight
        return answer if answer and answer.message_id == event.message_id and event.attempt >= answer.attempt else None

    def _close(self, event: Closed, message_id: str, attempt: int) -> None:
        if attempt >= self._newest.get(message_id, 0):
            self._newest[message_id] = attempt
            self.answer = self.answer or Answer(message_id)
            if self.answer.message_id == message_id:
                self.answer.end(event)

    def _of(self, message_id: str) -> Answer:
        """Return the answer that is told of from here on: the one that was, or another."""
        if self.answer is None or self.answer.message_id != message_id:
            self.answer = Answer(message_id)
        return self.answer


def entries_after(log: TokenLog, topic: str, position: str = START) -> Iterator[Entry]:
    """Yield every entry after the position, however many there are. Raises olamchat.redis.Lost."""
    while page := log.read(topic, position, PAGE):
        yield from page
        if len(page) < PAGE:
            return
        position = page[-1].id


def told(log: TokenLog, topic: str, message_id: str) -> Text | None:
    """Return the text that readers know of an answer; None where the log does not have all of it. Raises olamchat.redis.Lost."""
    replay, needle = Replay(), message_id.encode()
    for entry in entries_after(log, topic):
        if needle in entry.body:
            replay.take(entry.body)
    answer = replay.answer
    return answer.texts() if answer and answer.message_id == message_id else None


def newest(told: Text | None, saved: Text) -> Text:
    """Return the text to go on with: what was told, or what was saved where that is the same and more."""
    if told is None or (saved.content.startswith(told.content) and saved.reasoning.startswith(told.reasoning)):
        return saved
    return told
