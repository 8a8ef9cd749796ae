"""What became of each answer, and the table's rows made of that."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

LENGTH, RATE = 200, 20
EXPECTED = [f"w{number}" for number in range(LENGTH)]
HEAD = ("", "what dies, halfway", "answers", "complete", "partly kept", "empty", "doubled or garbled", "shown as being written")
Fate = Literal["complete", "partly kept", "empty", "doubled or garbled"]
FATES: tuple[Fate, ...] = ("complete", "partly kept", "empty", "doubled or garbled")


@dataclass(frozen=True)
class Seen:
    """A chat as its system's API shows it: the texts of its answers, and whether one is said to be still under way."""

    texts: tuple[str, ...]
    writing: bool

    @property
    def fate(self) -> Fate:
        """Hold the chat against the one answer that the engine gives. Spaces don't count."""
        if len(self.texts) > 1:
            return "doubled or garbled"
        words = self.texts[0].split() if self.texts else []
        if words == EXPECTED:
            return "complete"
        if words != EXPECTED[: len(words)]:
            return "doubled or garbled"
        return "partly kept" if words else "empty"

    @property
    def ended(self) -> bool:
        return self.fate == "complete" and not self.writing


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    system: str
    fault: str
    fates: Counter[Fate]
    writing: int

    def cells(self) -> list[str]:
        counts = [self.fates.total(), *(self.fates[fate] for fate in FATES), self.writing]
        return [self.system, self.fault, *map(str, counts)]


def count(system: str, fault: str, chats: Iterable[Seen]) -> Row:
    """Count the chats of one round."""
    seen = list(chats)
    return Row(system, fault, Counter(chat.fate for chat in seen), sum(chat.writing for chat in seen))


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """Return the table in Markdown."""
    yield f"| {' | '.join(HEAD)} |"
    yield "| --- | --- |" + " ---: |" * (len(HEAD) - 2)
    for row in rows:
        yield f"| {' | '.join(row.cells())} |"
