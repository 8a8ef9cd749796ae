"""What a token log does, whichever store it is in. Every store passes the same suite.

A *log* is a sequence of entries under a topic: `conv:{<conversation id>}` or `user:{<user id>}`. Entry ids sort like
Redis Stream ids ("1700000000000-0"). An entry's body is an event's frame (see events.py).

Fencing: a topic remembers the turn that writes to it and the attempt. `claim` makes an attempt the only one that may append
deltas; appends by an older attempt are refused, also after the turn is closed.
"""

from collections.abc import Sequence
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
    """Bodies to add to a topic by a turn's attempt, all or none; `closes` ends the turn for every attempt.

    A writer numbers its appends from 1 and says up to which they were `confirmed`, so that a store that has forgotten one of those
    (a replica that was behind and was promoted) is found out. Number 0 asks for no such check.
    """

    topic: str
    turn_id: str
    attempt: int
    bodies: Sequence[bytes]
    closes: bool = False
    number: int = 0
    confirmed: int = 0


# A topic and what was told under it; None: from here on the topic is heard, and nothing that is told after it is missed.
Heard = tuple[str, Entry | None]


@dataclass(frozen=True, slots=True)
class Tails:
    """The newest ids of some topics, START for an empty log. `memory` is another word once the store has forgotten everything."""

    memory: str
    ids: list[str]


class Subscription(Protocol):
    """One process's ear for many topics. One thread or greenlet hears, any may add and remove. Raises olamchat.redis.Lost."""

    def add(self, topics: Sequence[str]) -> None:
        """Listen to these as well; hear() says from when on they are heard."""
        ...

    def remove(self, topics: Sequence[str]) -> None: ...

    def hear(self) -> Sequence[Heard]:
        """Return all that came since, in order; wait a second at most for something to come."""
        ...

    def close(self) -> None: ...


class TokenLog(Protocol):
    """A store of logs."""

    def claim(self, topic: str, turn_id: str, attempt: int, body: bytes) -> Fate:
        """Make the attempt the topic's writer and tell `body` (a Started). "stale" when a newer attempt has it, or this one or a newer one was closed."""
        ...

    def append(self, appends: Sequence[Append]) -> list[Fate]:
        """Carry out many appends in one trip. "stale": a newer attempt writes, or the turn is closed. "lost": the store forgot the claim, or an append that it had confirmed."""
        ...

    def tell(self, topic: str, bodies: Sequence[bytes]) -> str:
        """Add bodies that no turn writes (a new message, a title, a position). Returns the last id."""
        ...

    def tell_all(self, news: Sequence[tuple[str, Sequence[bytes]]]) -> str:
        """tell() for several topics in one trip; returns the last topic's last id."""
        ...

    def wake(self, topic: str) -> None:
        """Let subscribers hear an empty entry (id START) that no log keeps: a pulse that shows that the wire carries."""
        ...

    def read(self, topic: str, after: str = START, limit: int = 1000) -> list[Entry]:
        """Return up to `limit` entries that follow `after`, oldest first."""
        ...

    def has(self, topic: str, entry_id: str) -> bool:
        """Tell whether the entry is still in the log (START is in every log that lost nothing: an empty or untrimmed one)."""
        ...

    def tail(self, topic: str) -> str:
        """Return the newest entry's id, START for an empty log."""
        ...

    def tails(self, topics: Sequence[str]) -> Tails:
        """Return the newest ids of many topics in one trip."""
        ...

    def trim(self, topic: str, before: str) -> None:
        """Forget the entries before the id."""
        ...

    def subscribe(self) -> Subscription: ...
