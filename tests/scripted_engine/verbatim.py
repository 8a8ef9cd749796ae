"""Responses that the scripted engine sends as they are, byte for byte: what a real server was seen to send."""

import gzip
import select
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Literal

# How a client knows where the body ends: by chunks, by its length, or by the end of the connection.
Framing = Literal["chunked", "length", "close"]


@dataclass(frozen=True, kw_only=True)
class Verbatim:
    """A response: its body, in packets of `sizes` in turn (none: in one). With `holds_s` the server does not end it, but waits that long; `pause_s` is between packets."""

    body: bytes
    status: int = 200
    content_type: str = "text/event-stream"
    framing: Framing = "chunked"
    packed: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    sizes: tuple[int, ...] = ()
    holds_s: float = 0.0
    pause_s: float = 0.0

    def send(self, handler: BaseHTTPRequestHandler) -> str:
        """Send it; return how it ended: done, or cancelled by a client that did not wait for the end."""
        body = gzip.compress(self.body) if self.packed else self.body
        handler.send_response(self.status)
        handler.send_header("Content-Type", self.content_type)
        if self.packed:
            handler.send_header("Content-Encoding", "gzip")
        name, value = {
            "chunked": ("Transfer-Encoding", "chunked"),
            "length": ("Content-Length", str(len(body) + bool(self.holds_s))),
            "close": ("Connection", "close"),
        }[self.framing]
        handler.send_header(name, value)
        for header in self.headers:
            handler.send_header(*header)
        handler.end_headers()
        for piece in self._packets(body):
            handler.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if self.framing == "chunked" else piece)
            time.sleep(self.pause_s)
        if self.holds_s and _hangs_up(handler.connection, self.holds_s):
            return "cancelled"
        if self.framing == "chunked":
            handler.wfile.write(b"0\r\n\r\n")
        handler.close_connection = self.framing == "close" or handler.close_connection
        return "done"

    def _packets(self, body: bytes) -> Iterator[bytes]:
        at = number = 0
        while at < len(body):
            size = self.sizes[number % len(self.sizes)] if self.sizes else len(body)
            yield body[at : at + size]
            at, number = at + size, number + 1


def _hangs_up(connection: socket.socket, within_s: float) -> bool:
    until = time.monotonic() + within_s
    while (left := until - time.monotonic()) > 0:
        readable, _, _ = select.select([connection], [], [], left)
        if readable:
            return not connection.recv(1, socket.MSG_PEEK)
    return False
