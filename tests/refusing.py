"""A door in front of Valkey that refuses commands with an error of one's choice, as a server does that can't do now what it does otherwise."""

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field

import hiredis

# What a server answers while it takes no writes; all else it refuses only with an error of the second kind.
_READS = {
    b"HELLO", b"AUTH", b"CLIENT", b"SELECT", b"PING", b"SUBSCRIBE", b"UNSUBSCRIBE", b"GET", b"HGETALL", b"XRANGE", b"XREVRANGE", b"XINFO",
    b"ZCARD", b"ZRANGE", b"SMEMBERS", b"LLEN",
}  # fmt: skip
_GREETINGS = {b"HELLO", b"AUTH", b"CLIENT", b"SELECT"}
TEXTS = {
    "BUSY": "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
    "CLUSTERDOWN": "CLUSTERDOWN The cluster is down",
    "DENIED": "DENIED Redis is running in protected mode.",
    "LOADING": "LOADING Redis is loading the dataset in memory",
    "MASTERDOWN": "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    "MISCONF": "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
    "MOVED": "MOVED 3999 127.0.0.1:6381",
    "NOPERM": "NOPERM User default has no permissions to run the 'lpush' command",
    "NOREPLICAS": "NOREPLICAS Not enough good replicas to write.",
    "OOM": "OOM command not allowed when used memory > 'maxmemory'.",
    "READONLY": "READONLY You can't write against a read only replica.",
    "TRYAGAIN": "TRYAGAIN Multiple keys request during rehashing of slot",
    "UNBLOCKED": "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)",
    "WRONGTYPE": "WRONGTYPE Operation against a key holding the wrong kind of value",
}
WRITES_ALONE = {"MISCONF", "NOPERM", "NOREPLICAS", "OOM", "READONLY", "WRONGTYPE"}


@dataclass
class Refusing:
    """Hands on to a port of 127.0.0.1; after `refuse` it answers itself."""

    to: int
    refused: int = 0
    _text: bytes = b""
    _passing: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self._start(self._accept)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._listener.getsockname()[1]}/0"

    def refuse(self, word: str) -> None:
        self._passing = _READS if word in WRITES_ALONE else _GREETINGS
        self._text = f"-{TEXTS[word]}\r\n".encode()

    def relent(self) -> None:
        self._text = b""

    def close(self) -> None:
        for one in [self._listener, *self._sockets]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, run: object, *args: object) -> None:
        thread = threading.Thread(target=run, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                outer, _ = self._listener.accept()
                inner = socket.create_connection(("127.0.0.1", self.to))
                self._sockets += (outer, inner)
                self._start(self._forward, outer, inner)
                self._start(_copy, inner, outer)

    def _forward(self, outer: socket.socket, inner: socket.socket) -> None:
        reader = hiredis.Reader()
        with suppress(OSError):
            while data := outer.recv(262_144):
                reader.feed(data)
                commands = list(iter(reader.gets, False))
                text = self._text
                if text and any(command[0].upper() not in self._passing for command in commands):
                    self.refused += len(commands)
                    outer.sendall(text * len(commands))
                else:
                    inner.sendall(data)
        _end(outer, inner)


def _copy(inner: socket.socket, outer: socket.socket) -> None:
    with suppress(OSError):
        while data := inner.recv(262_144):
            outer.sendall(data)
    _end(outer, inner)


def _end(*sockets: socket.socket) -> None:
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
