"""One connection that carries several logs: a browser gives a host six of them for all its tabs together.

Where the bytes of another log follow, an event says whose they are. It clears the browser's last event id, so that no id is taken for another log's.
"""

from collections.abc import Iterable

from olamchat.fanout.topics import Reader, Wire, chunk_of
from olamchat.tokenlog import conv_topic
from olamchat.tokenlog.events import Followed, StrandChanged, frame

# Logs that one connection may carry besides the user's own.
MOST = 64


class SharedWire:
    """A Wire of several logs; each of them writes through its own `Strand`. `now` is whose bytes went out last."""

    __slots__ = ("now", "wire")

    def __init__(self, wire: Wire) -> None:
        self.wire, self.now = wire, ""


class Strand:
    """One log's way through a shared Wire. Whoever ends or cuts it does so for all."""

    __slots__ = ("_name", "_shared")

    def __init__(self, shared: SharedWire, name: str) -> None:
        self._shared, self._name = shared, name

    def write(self, data: bytes, chunk: bytes) -> bool:
        shared = self._shared
        if shared.now == self._name:
            return shared.wire.write(data, chunk)
        shared.now = self._name
        data = b"id\n%b%b" % (frame(StrandChanged(strand=self._name)), data)
        return shared.wire.write(data, chunk_of(data))

    def beside(self, name: str) -> "Strand":
        """Return another log's way through the same connection."""
        return Strand(self._shared, name)

    def end(self, farewell: bytes = b"") -> None:
        self._shared.wire.end(farewell)

    def cut(self) -> None:
        self._shared.wire.cut()


def shared(wire: Wire) -> Strand:
    """Return the way of the user's own log through a connection that other logs will share."""
    return Strand(SharedWire(wire), "")


def add(stream: Reader, follow: Iterable[Followed]) -> list[Reader]:
    """Let a stream carry these logs too; return their readers. Names that it has are left as they are, and so is what is too much."""
    assert isinstance(stream.wire, Strand), "the stream has a name"
    fresh = []
    for one in follow:
        if one.strand and one.strand not in stream.strands and len(stream.strands) < MOST:
            reader = Reader(
                stream.wire.beside(one.strand), conv_topic(one.conversation_id), one.after, part_of=stream, ping_at=float("inf")
            )
            stream.strands[one.strand] = reader
            fresh.append(reader)
    return fresh
