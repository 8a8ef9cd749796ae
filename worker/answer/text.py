"""The text of one answer: what the model has said, and how far its readers were told. Whoever uses it holds the flusher's lock."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from olamchat.tokenlog.base import Append
from olamchat.tokenlog.events import FRAME_BYTES, DeltaFrames, Event, Reset, frame
from olamchat.tokenlog.replay import Text
from worker.engines.base import Anew, Thoughts

# ok: go on. lost: the log forgot who writes, it must be claimed again. stale: somebody else writes, or it has ended: not one character more.
State = Literal["ok", "lost", "stale"]


class GrowingText:
    """One of an answer's two texts, piece by piece, and the offset up to which it was told."""

    def __init__(self, text: str, told: int) -> None:
        self._pieces = [text] if text else []
        self.length = len(text)
        self.told = min(told, self.length)
        self.fresh = [text[self.told :]] if self.told < self.length else []

    def add(self, piece: str) -> None:
        """Take what comes next."""
        self._pieces.append(piece)
        self.fresh.append(piece)
        self.length += len(piece)

    def text(self) -> str:
        """Return the whole text; the pieces become one."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def untold(self) -> str:
        """Return what was not told yet; the pieces become one."""
        if len(self.fresh) > 1:
            self.fresh = ["".join(self.fresh)]
        return self.fresh[0] if self.fresh else ""

    def confirm(self, at: int) -> None:
        """Note that everything up to the offset was told."""
        rest = self.untold()[at - self.told :]
        self.fresh, self.told = ([rest] if rest else []), at


def common(known: Text, start: Text) -> Text:
    """Return the part of the text to go on with that readers know."""
    return Text(start.content[: len(known.content)], start.reasoning[: len(known.reasoning)])


def revised(text: Text, piece: Thoughts | Anew, floor: int = 0) -> Text:
    """Return the text after its end turned out to be reasoning, or all of it to be void; what is before the `floor` stands."""
    if isinstance(piece, Anew):
        return Text(text.content[:floor], text.reasoning)
    at = max(floor, len(text.content) - piece.chars)
    thought = text.content[at:].strip("\n")
    return Text(text.content[:at], "\n".join(part for part in (text.reasoning, thought) if part))


class Writing:
    """An answer that an attempt of its turn writes, beginning with `text`.

    `told` is what the readers know already; None says that the log knows nothing of it, and all of it must be told.
    """

    def __init__(self, topic: str, turn_id: str, attempt: int, text: Text, told: Text | None) -> None:
        self.topic, self.turn_id, self.attempt = topic, turn_id, attempt
        self._frames = DeltaFrames(turn_id, attempt)
        self.state: State = "ok"
        self.changed = 0.0  # when the oldest piece that was not told yet was said, by the monotonic clock
        self.version = 0  # counts the cuts, so that a flush that was on its way knows that its offsets are of the past
        self._notes: list[bytes] = []
        self._sent = (0, 0)
        self._number = self._confirmed = 0  # of its appends: see Append
        known = told or Text()
        self._content, self._reasoning = GrowingText(text.content, len(known.content)), GrowingText(text.reasoning, len(known.reasoning))
        if told is None or len(told.content) > len(text.content) or len(told.reasoning) > len(text.reasoning):
            self._note_reset()

    def add(self, content: str, reasoning: str) -> None:
        """Take what the model said next."""
        if reasoning:
            self._reasoning.add(reasoning)
        if content:
            self._content.add(content)

    def note(self, event: Event) -> None:
        """Tell an event before the next piece of text."""
        self._notes.append(frame(event))

    def text(self) -> Text:
        """Return the whole text so far."""
        return Text(self._content.text(), self._reasoning.text())

    @property
    def lengths(self) -> tuple[int, int]:
        return self._content.length, self._reasoning.length

    @property
    def behind(self) -> int:
        """Return how many characters the readers don't know."""
        return self._content.length - self._content.told + self._reasoning.length - self._reasoning.told

    @property
    def untold(self) -> bool:
        """Tell whether there is something that the readers don't know."""
        return bool(self._content.fresh or self._reasoning.fresh or self._notes)

    def cut(self, text: Text) -> None:
        """Go on from another text that begins as this one does, and tell so where readers saw more, or more is on its way to them."""
        told = (self._content.told, self._reasoning.told)
        seen = any(
            max(told[at], self._sent[at]) > min(told[at], length) for at, length in enumerate((len(text.content), len(text.reasoning)))
        )
        self._content, self._reasoning = GrowingText(text.content, told[0]), GrowingText(text.reasoning, told[1])
        self.version += 1
        if seen:
            self._note_reset()

    def untell(self) -> None:
        """Tell everything from the start: the log has forgotten it."""
        text = self.text()
        self._content, self._reasoning = GrowingText(text.content, 0), GrowingText(text.reasoning, 0)
        self.version += 1
        self._confirmed = 0
        self._notes.clear()
        self._note_reset()

    def batch(self) -> "Batch":
        """Return everything that is to be told now."""
        reasoning, content = self._reasoning.untold(), self._content.untold()
        bodies = list(self._notes)
        if reasoning:
            bodies += _bounded(self._frames.reasoning, self._reasoning.told, reasoning)
        if content:
            bodies += _bounded(self._frames.text, self._content.told, content)
        self._sent = self.lengths
        self._number += 1
        append = Append(self.topic, self.turn_id, self.attempt, bodies, number=self._number, confirmed=self._confirmed)
        return Batch(self, append, self._sent, len(self._notes), self.version)

    def confirm(self, batch: "Batch") -> None:
        """Note that a batch was told."""
        self._confirmed = batch.append.number
        if batch.version == self.version:
            self._content.confirm(batch.reaches[0])
            self._reasoning.confirm(batch.reaches[1])
            del self._notes[: batch.notes]

    def _note_reset(self) -> None:
        self.note(Reset(message_id=self.turn_id, attempt=self.attempt, at=self._content.told, reasoning_at=self._reasoning.told))


def _bounded(frame_of: Callable[[int, str], bytes], at: int, piece: str) -> list[bytes]:
    """Return deltas of at most FRAME_BYTES each."""
    body = frame_of(at, piece)
    if len(body) <= FRAME_BYTES:
        return [body]
    half = len(piece) // 2
    return [*_bounded(frame_of, at, piece[:half]), *_bounded(frame_of, at + half, piece[half:])]


class Batch(NamedTuple):
    """What one flush tells of one answer, and the lengths it reaches to."""

    writing: Writing
    append: Append
    reaches: tuple[int, int]
    notes: int
    version: int
