"""Flask with less around each request: what it looks up every time, and is always the same here, it is told once."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface
from werkzeug.datastructures import Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class _NoSessions(SessionInterface):
    """Flask's sessions, which nobody here has: ours are rows."""

    _none = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:  # noqa: ARG002, the interface is Flask's
        return self._none


class App(Flask):
    """A Flask app whose views are plain functions."""

    session_interface = _NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the view as it is: Flask looks with every call whether it is a coroutine, and none of ours is."""
        return func


class Whole(Response):
    """A response whose body is there as bytes. One that has not changed (304) has no body."""

    default_mimetype = None

    def __init__(self, body: bytes, status: int = 200, *, media: str = "application/json", etag: str = "") -> None:
        headers = Headers()
        if status != 304:
            headers.add("Content-Type", media)
        if etag:
            headers.add("ETag", f'"{etag}"')
        super().__init__(status=status, headers=headers)
        self._body = body
        self.response = [body]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request; nobody waits for the end of such a response (`call_on_close`)."""
        headers = list(self.headers)
        if self.status_code != 304:
            headers.append(("Content-Length", str(len(self._body))))
        start_response(self.status, headers)
        return () if environ["REQUEST_METHOD"] == "HEAD" or self.status_code == 304 else (self._body,)
