"""Readers of one topic, and what each of them has been told.

A topic's readers that stand at the same place get the same bytes, made once. One that has just come, or comes back, catches up by itself first.
Nothing here waits or reads: who calls holds the fan-out's lock.
"""

import threading
from dataclasses import dataclass, field
from typing import Protocol

from olamchat.fanout.catch_up import Opening, is_private, with_id
from olamchat.tokenlog import START, Entry, order

Place = tuple[int, int]


class Wire(Protocol):
    """The way to one browser. It never waits: what can't go out at once is kept, within bounds."""

    def write(self, data: bytes, chunk: bytes) -> bool:
        """Send bytes, or their HTTP chunk where that is how this wire carries them. False: it is broken, or too much waits."""
        ...

    def end(self, farewell: bytes = b"") -> None:
        """Send the last bytes and end the response as it should end."""
        ...

    def cut(self) -> None:
        """Give the connection up."""
        ...


def chunk_of(data: bytes) -> bytes:
    """Return the bytes as one chunk of an HTTP/1.1 body (RFC 9112, section 7.1)."""
    return b"%x\r\n%b\r\n" % (len(data), data)


@dataclass(slots=True, eq=False)
class Reader:
    """One open stream of a topic, from `position` on (None: from a snapshot).

    The stream ends when the session of `control`'s topic does, and at `ends_at` (Unix seconds). `place` is None until it was told where things stand.
    One with a `name` can carry other logs too, its `strands` by their names; each of those is `part_of` it and shares its connection.
    """

    wire: Wire
    topic: str
    position: str | None = None
    control: str = ""
    session_id: str = ""
    ends_at: float = float("inf")
    ping_at: float = 0.0
    place: Place | None = None
    held: list[Entry] = field(default_factory=list)
    name: str = ""
    part_of: "Reader | None" = None
    strands: "dict[str, Reader]" = field(default_factory=dict)

    def write(self, data: bytes) -> bool:
        """Send bytes that only this reader gets. False when it has to go."""
        return not data or self.wire.write(data, chunk_of(data))

    def begin(self, opening: Opening) -> bool:
        """Send the opening and, of what was heard meanwhile, what it does not tell. False when it has to go."""
        self.place = order(opening.reaches)
        data = list(opening.frames)
        for entry in self.held:
            if (place := order(entry.id)) > self.place:
                self.place = place
                data.append(with_id(entry))
        self.held = []
        return self.write(b"".join(data))

    def take(self, entry: Entry, place: Place) -> bool:
        """Take an entry while catching up: keep it, send it, or know it already. False when it has to go."""
        if self.place is None:
            self.held.append(entry)
        elif place > self.place:
            self.place = place
            return self.write(with_id(entry))
        return True


class Topic:
    """A topic that is listened to. `last` is the newest entry it has told; its `readers` all stand there.

    `late` ones have still to catch up with it, `sessions` are readers of any topic that end with a session of this one's user.
    While `held` is a list the topic itself has to catch up with the log: what is heard waits there.
    """

    __slots__ = ("anew", "heard", "held", "last", "late", "name", "pending", "place", "readers", "sessions")

    def __init__(self, name: str) -> None:
        self.name = name
        self.last, self.place = START, order(START)
        self.readers: dict[Reader, None] = {}  # as sets, in the order of their coming
        self.late: dict[Reader, None] = {}
        self.sessions: dict[Reader, None] = {}
        self.pending: list[bytes] = []
        self.held: list[Entry] | None = None
        self.heard: threading.Event | None = threading.Event()  # set, and forgotten, when the subscription has the topic
        self.anew = 0

    @property
    def is_idle(self) -> bool:
        """Whether nobody needs the topic."""
        return not (self.readers or self.late or self.sessions)

    def join(self, reader: Reader, opening: Opening) -> bool:
        """Begin a late reader, and have it stand with the others when it does. False when it has to go."""
        good = reader.begin(opening)
        if not self.readers and len(self.late) == 1:
            # Alone with what the log told it: what is heard later of that is old. With others it waits until they have come as far.
            self._move(max(self.last, opening.reaches, key=order))
        self._settle()
        return good

    def tell(self, entry: Entry) -> list[Reader]:
        """Take the next entry, if it is news; flush() sends it. Returns late readers that have to go."""
        place = order(entry.id)
        if place <= self.place:
            return []
        self.last, self.place = entry.id, place
        if is_private(entry):
            return []
        if self.readers:
            self.pending.append(with_id(entry))
        return [reader for reader in self.late if not reader.take(entry, place)]

    def flush(self) -> tuple[int, list[Reader]]:
        """Send what waits to all who stand together. Returns how many events went out, and the readers that have to go."""
        count, gone = len(self.pending) * len(self.readers), []
        if self.pending:
            data = b"".join(self.pending)
            chunk = chunk_of(data)
            self.pending = []
            gone = [reader for reader in self.readers if not reader.wire.write(data, chunk)]
        if self.late:
            self._settle()
        return count, gone

    def begin_anew(self, opening: Opening) -> list[Reader]:
        """Tell everybody where things stand now, whatever they knew. Returns the readers that have to go."""
        self.pending = []
        self.anew += 1
        begun = [*self.readers, *(reader for reader in self.late if reader.place not in {None, order(opening.reaches)})]
        gone = [reader for reader in begun if not reader.begin(opening)]
        self._move(opening.reaches)
        self._settle()
        return gone

    def pass_over(self, tail: str) -> None:
        """Begin at the tail where nobody reads: what was told before the sessions came is none of theirs."""
        if self.last == START and not self.readers and not self.late:
            self._move(tail)

    def drop(self, reader: Reader) -> None:
        """Forget a reader."""
        for those in (self.readers, self.late, self.sessions):
            those.pop(reader, None)

    def _move(self, last: str) -> None:
        self.last, self.place = last, order(last)

    def _settle(self) -> None:
        """Let late readers that have come as far as the others stand with them."""
        for reader in [one for one in self.late if one.place is not None and one.place <= self.place]:
            del self.late[reader]
            self.readers[reader] = None
