"""A browser's connection that was taken from gunicorn and is written to without waiting.

A stream lives for minutes and is mostly silent. Kept as a request it holds a greenlet with its stack, a parser and a WSGI environment; taken over it is
a socket and what waits for it. Writing is a system call and no switch of greenlets, so one process serves thousands.
"""

import socket
import time
from collections.abc import Callable
from typing import Any

import gevent
from gevent import monkey
from prometheus_client import Gauge

# Bytes that may wait here for one browser, and in the kernel; with more it is cut off, comes back and resumes by id.
# What found the way blocked first is not counted: a stream's opening may be long.
BUFFER_BYTES = 1 << 20
KERNEL_BYTES = 128 << 10
# How long something may wait while the browser takes nothing.
STALL_S = 30.0
# How long the last bytes of a stream may take.
LINGER_S = 5.0
LAST_CHUNK = b"0\r\n\r\n"

CONNECTIONS = Gauge(
    "olamchat_stream_connections",
    "Connections of browsers, those included that only wait for their last bytes.",
    multiprocess_mode="livesum",
)
_Socket: type[socket.socket] = monkey.get_original("socket", "socket")


class SocketWire:
    """A Wire (olamchat.fanout.topics) over a socket. `on_gone` is called when the browser leaves by itself."""

    __slots__ = ("_bound", "_chunked", "_ending", "_moved_at", "_on_gone", "_reading", "_size", "_socket", "_waiting", "_writing")

    def __init__(self, taken: socket.socket, *, chunked: bool, on_gone: Callable[[], None]) -> None:
        """Take the connection over; whoever had the socket has nothing left to close."""
        self._socket = _Socket(fileno=taken.detach())
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if self._socket.family in {socket.AF_INET, socket.AF_INET6}:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._chunked, self._on_gone = chunked, on_gone
        self._waiting: list[bytes] = []
        self._size, self._bound, self._moved_at, self._ending = 0, 0, 0.0, False
        self._writing: Any = None
        self._reading: Any = gevent.get_hub().loop.io(self._socket.fileno(), 1)
        self._reading.start(self._on_readable)
        CONNECTIONS.inc()

    def send(self, data: bytes) -> bool:
        """Send bytes as they are. False when the connection is broken, or more waits than may."""
        if self._reading is None:
            return False
        if self._waiting:
            return self._keep(data)
        try:
            sent = self._socket.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            return False
        return sent == len(data) or self._keep(data[sent:])

    def write(self, data: bytes, chunk: bytes) -> bool:
        return self.send(chunk if self._chunked else data)

    def end(self, farewell: bytes = b"") -> None:
        self._ending = True
        last = farewell
        if self._chunked:
            last = (b"%x\r\n%b\r\n" % (len(farewell), farewell) if farewell else b"") + LAST_CHUNK
        if not self.send(last) or not self._waiting:
            self.cut()
        else:
            gevent.spawn_later(LINGER_S, self.cut)

    def cut(self) -> None:
        if self._reading is None:
            return
        for watcher in (self._reading, self._writing):
            if watcher is not None:
                watcher.stop()
                watcher.close()
        self._reading = self._writing = None
        self._waiting.clear()
        self._socket.close()
        CONNECTIONS.dec()

    def _keep(self, data: bytes) -> bool:
        now = time.monotonic()
        if not self._waiting:
            self._size, self._bound, self._moved_at = 0, BUFFER_BYTES + len(data), now
        self._waiting.append(data)
        self._size += len(data)
        if self._writing is None:
            self._writing = gevent.get_hub().loop.io(self._socket.fileno(), 2)
        if not self._writing.active:
            self._writing.start(self._on_writable)
        return self._size <= self._bound and now - self._moved_at < STALL_S

    # Called by the event loop, where nothing may wait.

    def _on_writable(self) -> None:
        data = b"".join(self._waiting)
        try:
            sent = self._socket.send(data)
        except BlockingIOError:
            return
        except OSError:
            self._leave()
            return
        self._waiting = [data[sent:]] if sent < len(data) else []
        self._size, self._moved_at = len(data) - sent, time.monotonic()
        if not self._waiting:
            self._writing.stop()
            if self._ending:
                self.cut()

    def _on_readable(self) -> None:
        """The browser has nothing more to say, so it leaves, or what it says is not for us."""
        try:
            if self._socket.recv(4096):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._leave()

    def _leave(self) -> None:
        self.cut()
        if not self._ending:
            gevent.spawn(self._on_gone)
