"""What a token log does, whichever store it is in. Every store passes the same suite.

A *log* is a sequence of entries under a topic: `conv:{<conversation id>}` or `user:{<user id>}`. Entry ids sort like
Redis Stream ids ("1700000000000-0"). An entry's body is an event's frame (see events.py).

Fencing: a topic remembers the turn that writes to it and the attempt. `claim` makes an attempt the only one that may append
deltas; appends by an older attempt are refused, also after the turn is closed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

Fate = Literal["ok", "stale", "lost"]
START = "0-0"


class Entry(NamedTuple):
    """One entry of a log: its id and the event's frame without an id line."""

    id: str
    body: bytes


def order(entry_id: str) -> tuple[int, int]:
    """Return what entry ids sort by: Unix milliseconds, then a count."""
    milliseconds, _, count = entry_id.partition("-")
    return int(milliseconds), int(count or 0)


@dataclass(frozen=True, slots=True)
class Append:
    """Bodies to add to a topic by a turn's attempt, all or none; `closes` ends the turn for every attempt."""

    topic: str
    turn_id: str
    attempt: int
    bodies: Sequence[bytes]
    closes: bool = False


class Subscription(Protocol):
    """One process's ear for many topics."""

    def add(self, topic: str) -> None: ...

    def remove(self, topic: str) -> None: ...

    def listen(self) -> Iterator[tuple[str, Entry | None]]:
        """Yield (topic, entry) as they are told, for ever; (topic, None) once for each topic from when on it is heard.

        Within one subscription nothing that was told after that is missed. Raises olamchat.redis.Lost when the wire breaks.
        """
        ...

    def close(self) -> None: ...


class TokenLog(Protocol):
    """A store of logs."""

    def claim(self, topic: str, turn_id: str, attempt: int, body: bytes) -> Fate:
        """Make the attempt the topic's writer and tell `body` (a Started). "stale" when a newer attempt has it or the turn is closed."""
        ...

    def append(self, appends: Sequence[Append]) -> list[Fate]:
        """Carry out many appends in one trip. "stale": a newer attempt writes, or the turn is closed. "lost": the store forgot the claim."""
        ...

    def tell(self, topic: str, bodies: Sequence[bytes]) -> str:
        """Add bodies that no turn writes (a new message, a title, a position). Returns the last id."""
        ...

    def wake(self, topic: str) -> None:
        """Let subscribers hear an empty entry (id START) that no log keeps: a pulse that shows that the wire carries."""
        ...

    def read(self, topic: str, after: str = START, limit: int = 1000) -> list[Entry]:
        """Return up to `limit` entries that follow `after`, oldest first."""
        ...

    def read_many(self, positions: Mapping[str, str], limit: int = 1000) -> dict[str, list[Entry]]:
        """Read many topics in one trip, each after its own position; topics with nothing new are left out."""
        ...

    def lost(self, positions: Mapping[str, str]) -> set[str]:
        """Return, in one trip, the topics whose log has not the entry at their position any more; START is never lost."""
        ...

    def has(self, topic: str, entry_id: str) -> bool:
        """Tell whether the entry is still in the log (START is in every log that lost nothing: an empty or untrimmed one)."""
        ...

    def tail(self, topic: str) -> str:
        """Return the newest entry's id, START for an empty log."""
        ...

    def trim(self, topic: str, before: str) -> None:
        """Forget the entries before the id."""
        ...

    def subscribe(self) -> Subscription: ...
