"""Histories of one answer, made by chance, as a log may tell them; and the file of them that the page's own fold is tried with.

`python -m tests.olamchat.tokenlog.histories` writes that file.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from olamchat.tokenlog.events import Delta, Done, Event, Queued, Reset, Started, Stopped, frame
from olamchat.tokenlog.replay import Replay

ID = "a1"
PIECES = ("a", "bc", "déf", "😀", "漢字 ", " word")
VECTORS = Path(__file__).with_name("histories.json")
SEED, COUNT, STEPS = 20, 60, 14
# Draws a number from 0 to below the one given.
Draw = Callable[[int], int]


@dataclass
class Teller:
    """Who writes a log by the rules. `loses`: the log now and then forgets its newest entries and the writer doesn't notice."""

    draw: Draw
    loses: bool = False
    events: list[Event] = field(default_factory=list)
    attempt: int = 0
    at: list[int] = field(default_factory=lambda: [0, 0])
    state: str = "queued"

    def step(self) -> None:
        """Tell one thing that may come next."""
        may = {
            "queued": [self.start, self.queue],
            "running": [*[self.write] * 4, self.repeat, self.rewrite, self.reset, self.start, self.close, self.lag, self.queue],
            "closed": [self.queue, self.lag],
        }[self.state]
        chosen = may[self.draw(len(may))]
        if self.loses and not self.draw(8):
            chosen = self.forget
        chosen()

    def queue(self) -> None:
        self.state = "queued"
        self.events.append(Queued(message_id=ID, position=1, attempt=self.attempt))

    def start(self) -> None:
        self.attempt, self.state = self.attempt + 1, "running"
        self.at = [0, 0] if not self.draw(3) else [self.draw(length + 1) for length in self.at]
        self.events.append(Started(message_id=ID, attempt=self.attempt, model="m", at=self.at[0], reasoning_at=self.at[1]))

    def write(self) -> None:
        self._write(self.draw(2), None)

    def rewrite(self) -> None:
        which = self.draw(2)
        self._write(which, self.draw(self.at[which] + 1))

    def _write(self, which: int, at: int | None) -> None:
        begin, piece = self.at[which] if at is None else at, PIECES[self.draw(len(PIECES))]
        said = {"reasoning": piece} if which else {"text": piece}
        self.events.append(Delta(message_id=ID, attempt=self.attempt, at=begin, **said))
        self.at[which] = begin + len(piece)

    def repeat(self) -> None:
        """Tell the last piece again, as a writer does whose trip was not confirmed."""
        if isinstance(self.events[-1], Delta):
            self.events.append(self.events[-1])

    def reset(self) -> None:
        self.at = [self.draw(length + 1) for length in self.at]
        self.events.append(Reset(message_id=ID, attempt=self.attempt, at=self.at[0], reasoning_at=self.at[1]))

    def close(self) -> None:
        self.state, kind = "closed", (Done, Stopped)[self.draw(2)]
        more = 0 if self.draw(4) else 1
        message = {"id": ID, "attempt": self.attempt, "status": kind.name}
        self.events.append(kind(message=message, length=self.at[0] + more, reasoning_length=self.at[1]))

    def lag(self) -> None:
        """Tell what an older attempt's worker says that slept meanwhile, or what one says after the end."""
        attempt = self.attempt if self.state == "closed" else self.attempt - 1
        if attempt > 0:
            self.events.append(
                (
                    Delta(message_id=ID, attempt=attempt, at=0, text="late"),
                    Reset(message_id=ID, attempt=attempt),
                    Queued(message_id=ID, position=9, attempt=attempt - 1),
                    Started(message_id=ID, attempt=attempt, model="m"),
                )[self.draw(4)]
            )

    def forget(self) -> None:
        del self.events[max(1, len(self.events) - 1 - self.draw(3)) :]


def history(draw: Draw, *, loses: bool) -> list[Event]:
    """Return the events of a log that begins with an answer that waits."""
    teller = Teller(draw, loses)
    teller.queue()
    for _ in range(STEPS):
        teller.step()
    return teller.events


def vector(events: list[Event]) -> dict[str, Any]:
    """Return a history and what is known of the texts after each of its events: [text, reasoning], or null."""
    replay, known = Replay(), []
    for event in events:
        replay.take(frame(event))
        texts = replay.answer.texts() if replay.answer else None
        known.append([texts.content, texts.reasoning] if texts else None)
    said = [{"kind": event.name, "data": json.loads(frame(event).partition(b"\ndata: ")[2])} for event in events]
    return {"events": said, "known": known}


def vectors() -> str:
    """Return the file's content."""
    draws = random.Random(SEED)
    made = [history(draws.randrange, loses=number % 2 == 1) for number in range(COUNT)]
    lines = [json.dumps(vector(events), ensure_ascii=False) for events in made]
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    VECTORS.write_text(vectors())
