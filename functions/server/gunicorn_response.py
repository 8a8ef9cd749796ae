"""gunicorn's answers, made with less: head and body leave by one write, and what every answer has in common is looked at once.

Everything else stays gunicorn's: what an answer may say, when a connection closes, how a body is framed.
"""

import time
from typing import Any

from gunicorn import util
from gunicorn.http import wsgi

# Header fields that gunicorn has found good and has nothing to do with but to send them; the first to come stay, and those are the constant ones.
_GOOD: set[tuple[str, str]] = set()
_GOOD_KEPT = 256
# A larger body is not copied to go with its head.
TOGETHER_BYTES = 256 * 1024


class Reply(wsgi.Response):  # type: ignore[misc]
    """One answer."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.headers_sent, self._head = False, b""

    def process_headers(self, headers: list[tuple[str, str]]) -> None:
        for field in headers:
            if field in _GOOD:
                self.headers.append(field)
                continue
            before = len(self.headers), self.response_length
            super().process_headers([field])
            if len(_GOOD) < _GOOD_KEPT and (len(self.headers) - 1, self.response_length) == before and self.headers[-1] == field:
                _GOOD.add(field)

    def send_headers(self) -> None:
        """Make the head; it leaves with the body's first bytes."""
        if self.headers_sent:
            return
        lines = [*self.default_headers(), *[f"{name}: {value}\r\n" for name, value in self.headers], "\r\n"]
        self._head, self.headers_sent = "".join(lines).encode("latin-1"), True

    def default_headers(self) -> list[str]:
        connection = "upgrade" if self.upgrade else "close" if self.should_close() else "keep-alive"
        major, minor = self.req.version
        lines = [f"HTTP/{major}.{minor} {self.status}\r\nServer: {self.version}\r\nDate: {_date()}\r\nConnection: {connection}\r\n"]
        if self.chunked:
            lines.append("Transfer-Encoding: chunked\r\n")
        return lines

    def write(self, arg: bytes) -> None:
        super().write(arg)
        if not arg:
            self._flush()

    def sendfile(self, respiter: Any) -> bool:
        self.send_headers()
        self._flush()
        sent: bool = super().sendfile(respiter)
        return sent

    def close(self) -> None:
        self.send_headers()
        self._flush(b"0\r\n\r\n" if self.chunked else b"")

    def _emit_body(self, data: bytes) -> None:
        self._flush(b"%X\r\n%b\r\n" % (len(data), data) if self.chunked else data)

    def _flush(self, data: bytes = b"") -> None:
        """Send what is left of the head, and the data."""
        head, self._head = self._head, b""
        if head and len(data) > TOGETHER_BYTES:
            util.write(self.sock, head)
            head = b""
        if head or data:
            util.write(self.sock, head + data)


def take_over() -> None:
    """Let gunicorn make its answers so, and what its requests have in common once and not with each."""
    base: dict[str, Any] = {}
    make = wsgi.base_environ

    def base_environ(cfg: Any) -> dict[str, Any]:
        if not base:
            base.update(make(cfg))
        return base.copy()

    wsgi.Response, wsgi.base_environ = Reply, base_environ


_dated = (0, "")


def _date() -> str:
    """Return the time as HTTP's Date field has it."""
    global _dated
    second = int(time.time())
    if _dated[0] != second:
        _dated = (second, util.http_date(second))
    return _dated[1]
