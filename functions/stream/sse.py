"""An event stream as an answer: its head is written, then the connection is the fan-out's.

The format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import ssl
from collections.abc import Callable, Iterable
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from flask import Request, Response

from functions.stream.connection import SocketWire
from olamchat.errors import Unavailable
from olamchat.fanout.hub import Hub
from olamchat.fanout.topics import Reader, Wire

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no", "Connection": "close"}


def respond(request: Request, fanout: Hub, reader: Callable[[Wire], Reader]) -> Response:
    """Stream to the reader that is made of the connection. Raises Unavailable where the connection can't be taken over."""
    if request.method == "HEAD":
        return Response(mimetype="text/event-stream", headers=HEADERS)
    taken = request.environ.get("gunicorn.socket")
    if taken is None or isinstance(taken, ssl.SSLSocket):
        raise Unavailable("Streams are served by gunicorn's gevent worker, and TLS ends before it.")
    return _Stream(fanout, reader)


class _Stream(Response):
    """An answer that takes its connection with it."""

    def __init__(self, fanout: Hub, reader: Callable[[Wire], Reader]) -> None:
        super().__init__(mimetype="text/event-stream", headers=HEADERS)
        self._fanout, self._reader = fanout, reader

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:  # noqa: ARG002, the head goes the way of the body
        chunked = environ["SERVER_PROTOCOL"] != "HTTP/1.0"
        wire = SocketWire(environ["gunicorn.socket"], chunked=chunked, on_gone=lambda: self._fanout.close(reader))
        reader = self._reader(wire)
        try:
            wire.send(self._head(chunked=chunked))
            self._fanout.open(reader)
        except BaseException:
            self._fanout.close(reader)
            wire.cut()
            raise
        # This is how gunicorn's workers end a connection: nothing more is written or read, and the socket it had is detached.
        raise StopIteration

    def _head(self, *, chunked: bool) -> bytes:
        headers: list[tuple[str, Any]] = [*self.headers.items(), ("Date", formatdate(usegmt=True))]
        if chunked:
            headers.append(("Transfer-Encoding", "chunked"))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers if name != "Content-Length")
        return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode("latin-1")
