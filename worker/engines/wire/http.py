"""Connections to an engine that are kept and used again, and calls that any thread can cut off at once.

A thread that reads from an engine may block for minutes. Closing its response from another thread does not wake it; shutting
the socket down does. So each connection notes its socket in the call it serves, also while it still waits for the headers.
"""

import select
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, TypeVar

import msgspec
import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from olamchat.network import certificates
from worker.engines.base import EngineUnavailable, ModelNotFound, Piece, RequestRejected
from worker.engines.refusals import complaint, is_success
from worker.engines.wire import parse
from worker.engines.wire.unpack import unpacked

CONNECT_S = 3.0
# Silence that an engine is allowed: it may load a model or read a long prompt before the first word.
SILENCE_S = 300.0
LIST_S = 10.0
# What the answer to anything but a question may have: lists and counts; vectors. Read as JSON it takes up to 25 times as much memory.
LIST_BYTES, VECTORS_BYTES = 4 << 20, 16 << 20

T = TypeVar("T")
# What makes of a response and its body the answer, or an error.
Checked = Callable[[requests.Response, bytes], bytes]
_serving = threading.local()


class CallClosed(Exception):
    """The call was closed by the one who made it."""


class Cut:
    """Something that goes over a socket and can be cut off at once, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._woken = threading.Event()

    @property
    def closed(self) -> bool:
        return self._woken.is_set()

    def close(self) -> None:
        """Shut the connection down; a thread that reads comes back."""
        with self._lock:
            self._woken.set()
            if self._socket is not None:
                _shut(self._socket)

    def pause(self, seconds: float) -> None:
        """Wait, or raise Closed as soon as it is closed."""
        if self._woken.wait(seconds):
            raise CallClosed

    def over(self, used: socket.socket | None) -> None:
        """Note the socket that it goes over (None: no longer any)."""
        with self._lock:
            self._socket = used
            if used is not None and self._woken.is_set():
                _shut(used)


class EngineCall(Cut):
    """What an engine says to one request, piece by piece. `close` may come from any thread and ends the iteration."""

    def __init__(self, pieces: Callable[["EngineCall"], Iterator[Piece]]) -> None:
        super().__init__()
        self.waits = True
        self._until = float("inf")
        self._pieces = pieces(self)

    def __iter__(self) -> Iterator[Piece]:
        return self

    def __next__(self) -> Piece:
        if self.closed:
            self._pieces.close()  # type: ignore[attr-defined]
            raise StopIteration
        try:
            return next(self._pieces)
        except CallClosed:
            raise StopIteration from None

    @property
    def source(self) -> socket.socket | None:
        """The socket that this call goes over; it can be read once there is more, or once the call is closed. None where it lingers."""
        return None if self.lingers else self._socket

    @property
    def lingers(self) -> bool:
        """Tell whether all is said, so that what may still follow is waited for only a moment, whatever `waits` is."""
        return self._until < float("inf")

    def linger(self, seconds: float, *, anew: bool = False) -> None:
        """Wait no longer than this for what follows the answer's end; `anew`: what seemed to be the end was none."""
        until = time.monotonic() + seconds
        self._until = until if anew else min(self._until, until)

    def wait(self) -> bool:
        """Wait until there is more; False when all is said and nothing more comes. Raises TimeoutError after a silence that no engine is allowed."""
        if readable(self._socket, min(SILENCE_S, self.left)):
            return self.left > 0
        if self.lingers:
            return False
        raise TimeoutError("the engine is silent")

    @property
    def left(self) -> float:
        """Return for how many seconds what follows is waited for."""
        return max(0.0, self._until - time.monotonic())

    def hurry(self) -> None:
        """Give a socket that is read by waiting no more time than there is left."""
        with self._lock:
            if self.lingers and self._socket is not None:
                self._socket.settimeout(max(0.001, self.left))


def readable(used: socket.socket | None, within_s: float) -> bool:
    """Wait until a socket can be read, or is none any more; False when that takes too long."""
    if used is None or used.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(used, select.POLLIN)
    return bool(poll.poll(within_s * 1000))


def _shut(used: socket.socket) -> None:
    with suppress(OSError):  # it may be closed already
        socket.socket.shutdown(used, socket.SHUT_RDWR)  # not SSLSocket's own, which pulls the rug from under the reader


class _NotesSocket:
    def request(self, *args: Any, **kwargs: Any) -> None:
        super().request(*args, **kwargs)  # type: ignore[misc]
        call: Cut | None = getattr(_serving, "call", None)
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
        # The address is given: no proxy of the environment stands between, and no .netrc has a say. Its certificates count all the same.
        self._session.trust_env = False
        self._session.verify = certificates.bundle() or True
        self._session.headers.update(headers or {})
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _Adapter(pool_connections=4, pool_maxsize=256))

    def json(self, path: str, kind: type[T], body: Mapping[str, Any] | None = None) -> T:
        """GET the path, or POST the body to it, and return what it answers as a `kind`. Raises EngineUnavailable, also where it is something else."""
        try:
            return self._read(path, self._fetch(path, body), kind)
        except (ModelNotFound, RequestRejected) as refused:
            raise EngineUnavailable(f"{self.base}{path}: {refused}") from refused

    def maybe(self, path: str, body: Mapping[str, Any] | None = None, *, within_s: float = LIST_S) -> bytes | None:
        """Ask for what not every server has: None where it refuses. Raises EngineUnavailable where it can't be reached."""
        try:
            return self._fetch(path, body, within_s=within_s)
        except (ModelNotFound, RequestRejected):
            return None

    def ask(self, path: str, kind: type[T], body: Mapping[str, Any], *, within_s: float | None = None) -> T:
        """POST the body and return what it answers, which may take long. Raises EngineError."""
        return self._read(path, self._fetch(path, body, most=VECTORS_BYTES, within_s=within_s or SILENCE_S, checked=_answered), kind)

    def put(self, path: str, data: bytes, headers: Mapping[str, str], cut: Cut, *, most: int, within_s: float) -> bytes:
        """PUT bytes and return what is answered; `cut` ends it from any thread. Raises EngineUnavailable, RequestRejected."""
        sent = {"data": data, "headers": {"Content-Type": "application/octet-stream", **headers}}
        return self._asked("PUT", path, sent, most=most, within_s=within_s, cut=cut)

    def _read(self, path: str, answer: bytes, kind: type[T]) -> T:
        try:
            return parse.read(answer, msgspec.json.Decoder(kind))
        except parse.NotJson as error:
            raise EngineUnavailable(f"{self.base}{path}: {str(error)[:200]}") from error

    def _fetch(
        self, path: str, body: Mapping[str, Any] | None, *, most: int = LIST_BYTES, within_s: float = LIST_S, checked: Checked | None = None
    ) -> bytes:
        """Return the answer to a GET, or a POST of the body. Raises EngineError."""
        method, sent = ("GET", {}) if body is None else ("POST", {"json": body})
        return self._asked(method, path, sent, most=most, within_s=within_s, cut=Cut(), checked=checked)

    def _asked(
        self, method: str, path: str, sent: Mapping[str, Any], *, most: int, within_s: float, cut: Cut, checked: Checked | None = None
    ) -> bytes:
        """Return an answer of bounded size, within a time that no drip of bytes prolongs. No redirect is followed."""
        limit = threading.Timer(within_s, cut.close)
        limit.daemon = True
        limit.start()
        _serving.call = cut
        try:
            timeout = (min(CONNECT_S, within_s), within_s)
            answer = self._session.request(method, self.base + path, timeout=timeout, stream=True, allow_redirects=False, **sent)
            with answer:
                said = _bounded(answer, most)
            if cut.closed:
                raise ValueError("cut off")
            return (checked or _checked)(answer, said)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError, AttributeError) as error:
            why = f"not done within {within_s:g} s" if cut.closed else str(error)[:500]
            raise EngineUnavailable(f"{self.base}{path}: {why}") from error
        finally:
            _serving.call = None
            cut.over(None)
            limit.cancel()

    def open(self, path: str, body: bytes, call: EngineCall) -> requests.Response:
        """POST the body and return the response as soon as its headers are there. Raises Closed when the call is."""
        _serving.call = call
        try:
            return self._post(path, body, call)
        except (requests.RequestException, OSError, ValueError) as error:
            if call.closed:
                raise CallClosed from None
            raise EngineUnavailable(f"{self.base}{path}: {error}") from error
        finally:
            _serving.call = None

    def _post(self, path: str, body: bytes, call: EngineCall) -> requests.Response:
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


def _bounded(answer: requests.Response, most: int) -> bytes:
    """Return the body, unpacked where it came packed."""
    read1 = unpacked(lambda size: answer.raw.read1(size, decode_content=False), answer.headers.get("Content-Encoding", ""))
    read: list[bytes] = []
    size = 0
    while piece := read1(65_536):
        read.append(piece)
        size += len(piece)
        if size > most:
            raise ValueError(f"the answer has more than {most:,} bytes")
    return b"".join(read)


def _answered(answer: requests.Response, body: bytes) -> bytes:
    """Return the body of a success. Raises EngineError by what the engine says."""
    if answer.is_redirect:
        return _checked(answer, body)
    if not is_success(answer.status_code):
        try:
            told = parse.anything(body)
        except parse.NotJson:
            told = body[:500].decode("utf-8", "replace")
        raise complaint(told, answer.status_code)
    return body


def _checked(answer: requests.Response, body: bytes) -> bytes:
    status, said = answer.status_code, body[:500].decode("utf-8", "replace")
    if status == 404:
        raise ModelNotFound(said)
    if 400 <= status < 500:
        raise RequestRejected(said)
    if answer.is_redirect:
        said = f"it leads to {answer.headers['Location'][:500]!r}"
    if not 200 <= status < 300:
        raise EngineUnavailable(f"{answer.url}: {status}: {said}")
    return body
