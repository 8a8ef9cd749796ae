"""Connections to an engine that are kept and used again, and calls that any thread can cut off at once.

A thread that reads from an engine may block for minutes. Closing its response from another thread does not wake it; shutting
the socket down does. So each connection notes its socket in the call it serves, also while it still waits for the headers.
"""

import select
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from worker.engines.base import EngineUnavailable, ModelNotFound, Piece, RequestRejected

CONNECT_S = 3.0
# Silence that an engine is allowed: it may load a model or read a long prompt before the first word.
SILENCE_S = 300.0
LIST_S = 5.0

_serving = threading.local()


class Closed(Exception):
    """The call was closed by the one who made it."""


class Call:
    """What an engine says to one request, piece by piece. `close` may come from any thread and cuts the engine off at once."""

    def __init__(self, pieces: Callable[["Call"], Iterator[Piece]]) -> None:
        self.waits = True
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._woken = threading.Event()
        self._pieces = pieces(self)

    def __iter__(self) -> Iterator[Piece]:
        return self

    def __next__(self) -> Piece:
        if self.closed:
            self._pieces.close()  # type: ignore[attr-defined]
            raise StopIteration
        try:
            return next(self._pieces)
        except Closed:
            raise StopIteration from None

    @property
    def source(self) -> socket.socket | None:
        """The socket that this call goes over; it can be read once there is more, or once the call is closed."""
        return self._socket

    @property
    def closed(self) -> bool:
        return self._woken.is_set()

    def close(self) -> None:
        """Cut the engine off: its connection is shut down, the thread that reads comes back, the iteration ends."""
        with self._lock:
            self._woken.set()
            if self._socket is not None:
                _shut(self._socket)

    def pause(self, seconds: float) -> None:
        """Wait, or raise Closed as soon as the call is closed."""
        if self._woken.wait(seconds):
            raise Closed

    def wait(self) -> None:
        """Wait until there is more. Raises TimeoutError after a silence that no engine is allowed."""
        poll = select.poll()
        if (used := self._socket) is not None and used.fileno() >= 0:
            poll.register(used, select.POLLIN)
            if not poll.poll(SILENCE_S * 1000):
                raise TimeoutError("the engine is silent")

    def over(self, used: socket.socket | None) -> None:
        """Note the socket that this call goes over (None: no longer any)."""
        with self._lock:
            self._socket = used
            if used is not None and self._woken.is_set():
                _shut(used)


def _shut(used: socket.socket) -> None:
    with suppress(OSError):  # it may be closed already
        socket.socket.shutdown(used, socket.SHUT_RDWR)  # not SSLSocket's own, which pulls the rug from under the reader


class _NotesSocket:
    def request(self, *args: Any, **kwargs: Any) -> None:
        super().request(*args, **kwargs)  # type: ignore[misc]
        call: Call | None = getattr(_serving, "call", None)
        if call is not None:
            call.over(self.sock)  # type: ignore[attr-defined]


class _Connection(_NotesSocket, HTTPConnection):
    """A plain connection."""


class _SecureConnection(_NotesSocket, HTTPSConnection):
    """A connection over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class Http:
    """One engine's address. Raises EngineUnavailable where it can't be reached."""

    def __init__(self, base: str, headers: Mapping[str, str] | None = None) -> None:
        self.base = base.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False  # the address is given, no proxy of the environment stands between
        self._session.headers.update(headers or {})
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _Adapter(pool_connections=4, pool_maxsize=256))

    def json(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """GET the path, or POST the body to it, and return the JSON it answers."""
        try:
            method = "GET" if body is None else "POST"
            answer = self._session.request(method, self.base + path, json=body, timeout=(CONNECT_S, LIST_S))
            answer.raise_for_status()
            return answer.json()
        except (requests.RequestException, ValueError) as error:
            raise EngineUnavailable(f"{self.base}{path}: {error}") from error

    def maybe(self, path: str, body: dict[str, Any] | None = None) -> requests.Response | None:
        """Ask for what not every server has: None where it refuses. Raises EngineUnavailable where it can't be reached."""
        try:
            method = "GET" if body is None else "POST"
            answer = self._session.request(method, self.base + path, json=body, timeout=(CONNECT_S, LIST_S))
        except requests.RequestException as error:
            raise EngineUnavailable(f"{self.base}{path}: {error}") from error
        return answer if answer.ok else None

    def ask(self, path: str, body: dict[str, Any]) -> Any:
        """POST the body and return the JSON it answers, however long that takes. Raises EngineError."""
        try:
            answer = self._session.post(self.base + path, json=body, timeout=(CONNECT_S, SILENCE_S))
            if answer.status_code == 404:
                raise ModelNotFound(answer.text[:500])
            if 400 <= answer.status_code < 500:
                raise RequestRejected(answer.text[:500])
            answer.raise_for_status()
            return answer.json()
        except (requests.RequestException, ValueError) as error:
            raise EngineUnavailable(f"{self.base}{path}: {error}") from error

    def open(self, path: str, body: bytes, call: Call) -> requests.Response:
        """POST the body and return the response as soon as its headers are there. Raises Closed when the call is."""
        _serving.call = call
        try:
            return self._post(path, body, call)
        except requests.RequestException as error:
            if call.closed:
                raise Closed from None
            raise EngineUnavailable(f"{self.base}{path}: {error}") from error
        finally:
            _serving.call = None

    def _post(self, path: str, body: bytes, call: Call) -> requests.Response:
        def send() -> requests.Response:
            headers = {"Content-Type": "application/json"}
            return self._session.post(
                self.base + path, data=body, headers=headers, stream=True, timeout=(CONNECT_S, SILENCE_S), allow_redirects=False
            )

        try:
            return send()
        except requests.ConnectTimeout:
            raise
        except requests.ConnectionError:
            if call.closed:
                raise
            return send()  # a kept connection may have ended just now; a fresh one tells
