"""Flask with less around each request: what it looks up anew every time, and is always the same here, is looked up once."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface
from werkzeug.datastructures import Headers
from werkzeug.routing import MapAdapter
from werkzeug.wsgi import get_host

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class _NoSessions(SessionInterface):
    """Flask's sessions, which nobody here has: ours are rows."""

    _none = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:  # noqa: ARG002, the interface is Flask's
        return self._none


class App(Flask):
    """A Flask app whose views are plain functions, on whatever host."""

    session_interface = _NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Flask looks with every call whether the function is a coroutine; none of ours is."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is None or "HTTP_UPGRADE" in request.environ:
            return super().create_url_adapter(request)
        environ = request.environ
        request.host = _host(environ["wsgi.url_scheme"], environ.get("HTTP_HOST"), environ.get("SERVER_NAME"), environ.get("SERVER_PORT"))
        return MapAdapter(
            self.url_map, request.host.lower(), request.root_path or "/", "", request.scheme, request.path, request.method,
            request.query_string.decode("utf-8", "replace"),
        )  # fmt: skip


@lru_cache(256)
def _host(scheme: str, host: str | None, server: str | None, port: str | None) -> str:
    """Return the host that was asked for, checked by werkzeug. Raises SecurityError."""
    named = {"HTTP_HOST": host, "SERVER_NAME": server, "SERVER_PORT": port}
    return get_host({"wsgi.url_scheme": scheme, **{name: value for name, value in named.items() if value is not None}})


class Whole(Response):
    """An answer whose body is there as bytes, with headers of ours that werkzeug need not look through. One that has not changed (304) has no body."""

    default_mimetype = None

    def __init__(self, body: bytes, status: int = 200, *, media: str = "application/json", etag: str = "") -> None:
        headers = Headers()
        if status != 304:
            headers._list.append(("Content-Type", media))  # noqa: SLF001, what is constant need not be looked at
        if etag:
            headers["ETag"] = f'"{etag}"'
        super().__init__(status=status, headers=headers)
        self._body = body
        self.response = [body]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request; nobody waits for the end of such an answer (`call_on_close`)."""
        headers = list(self.headers)
        if self.status_code != 304:
            headers.append(("Content-Length", str(len(self._body))))
        start_response(self.status, headers)
        return () if environ["REQUEST_METHOD"] == "HEAD" or self.status_code == 304 else (self._body,)
