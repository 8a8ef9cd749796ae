"""A reader of the house's public API, as the page is one: a sign-up, cookies with their CSRF token, a message, the event stream."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import uuid4

import msgspec

from bench.client.received import Received
from bench.client.script import Script
from bench.client.wire import Broken, Connection, Reply

CLOSING = {b"done", b"stopped", b"failed"}


class _Delta(msgspec.Struct):
    at: int = 0
    text: str | None = None


class _Closed(msgspec.Struct):
    length: int = 0


class _Snapshot(msgspec.Struct):
    text: str = ""
    message_id: str | None = None


_delta = msgspec.json.Decoder(_Delta).decode
_closed = msgspec.json.Decoder(_Closed).decode
_snapshot = msgspec.json.Decoder(_Snapshot).decode


class Frames:
    """Cuts an event stream into frames and hands each on as (event, data)."""

    def __init__(self, take: Callable[[bytes, bytes], None]) -> None:
        self._take, self._rest = take, b""

    def __call__(self, data: bytes) -> None:
        *frames, self._rest = (self._rest + data if self._rest else data).split(b"\n\n")
        for frame in frames:
            head, _, body = frame.partition(b"\ndata: ")
            self._take(head.rpartition(b"event: ")[2].partition(b"\n")[0], body.partition(b"\nid: ")[0])


class Browser:
    """One person at one page. `port` maps a path to the port that answers it."""

    def __init__(self, port: Callable[[str], int], model: str) -> None:
        self._port, self.model = port, model
        self._cookies: dict[str, str] = {}
        self._kept: dict[int, Connection] = {}

    async def sign_up(self) -> None:
        """Make an account and keep its cookies."""
        email = f"{uuid4().hex}@bench.example"
        reply = await self.ask("POST", "/api/auth/signup", {"email": email, "password": "a long enough password"})
        self._cookies = {**self._cookies, **reply.cookies}

    def twin(self) -> "Browser":
        """Return another browser of the same person, with connections of its own."""
        other = Browser(self._port, self.model)
        other._cookies = dict(self._cookies)
        return other

    async def me(self) -> str:
        """Return this person's user id."""
        user = (await self.ask("GET", "/api/auth/me")).json()["user"]
        assert isinstance(user, dict)
        return str(user["id"])

    async def watch(self, conversation: str, take: Callable[[bytes, bytes], None], after: str | None = None) -> None:
        """Follow a conversation's stream and hand on its frames, until cancelled or the stream ends."""
        await self.follow(f"/api/conversations/{conversation}/stream{f'?after={after}' if after else ''}", take)

    async def follow(self, path: str, take: Callable[[bytes, bytes], None]) -> None:
        """Follow an event stream and hand on its frames, until cancelled or the stream ends."""
        connection = await Connection.to(self._port(path))
        try:
            reply = await connection.follow("GET", path, Frames(take), self._headers())
            if reply.status >= 300:
                raise Broken(f"GET {path}: {reply.status}")
        finally:
            connection.close()

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """Send a request over the kept connection. Raises Broken for anything but success."""
        connection = await self._connection(self._port(path))
        sent = {**self._headers(), **{name.replace("_", "-"): value for name, value in headers.items()}}
        reply = await connection.ask(method, path, sent, body)
        if reply.status >= 300:
            raise Broken(f"{method} {path}: {reply.status} {reply.body[:300]!r}")
        return reply

    async def new_conversation(self) -> str:
        made = (await self.ask("POST", "/api/conversations", {"model": self.model})).json()
        return str(made["id"])

    async def chat(self, script: Script, conversation: str | None = None) -> Received:
        """Make a conversation where none is given, send a question, and read the answer to its end.

        The clock starts with the first request: what the person waits for after the click.
        """
        got = Received(script, asked_ns=time.monotonic_ns())
        conversation = conversation or await self.new_conversation()
        over = asyncio.Event()
        reading = asyncio.ensure_future(self.watch(conversation, Reader(got, over).take))
        sending = asyncio.ensure_future(self.send(conversation, script))
        try:
            await sending
            await _first_of(over, reading)
        except Broken as error:
            got.trouble = got.trouble or str(error)
            got.end()
        finally:
            reading.cancel()
        return got

    async def begin(self, script: Script) -> Received:
        """Begin a conversation with its question by one request, and read the answer to its end."""
        got, over = Received(script, asked_ns=time.monotonic_ns()), asyncio.Event()
        body = {"model": self.model, "question": {"content": script.question()}}
        begun = (await self.ask("POST", "/api/conversations", body, Idempotency_Key=uuid4().hex)).json()
        conversation = begun["conversation"]
        assert isinstance(conversation, dict)
        await self._read(got, over, self.watch(conversation["id"], Reader(got, over).take, str(begun["log_id"])))
        return got

    async def open_two_streams(self, script: Script) -> Received:
        """Do what the page did before: a conversation, a question, a second stream beside its own, and two reads."""
        got, over = Received(script, asked_ns=time.monotonic_ns()), asyncio.Event()
        conversation = await self.new_conversation()
        path = f"/api/conversations/{conversation}"
        reading = asyncio.ensure_future(self._read(got, over, self.watch(conversation, Reader(got, over).take)))
        reads = [self.twin().ask("GET", path), self.twin().ask("GET", f"{path}/messages?limit=200")]
        await asyncio.gather(self.send(conversation, script), *reads)
        await reading
        return got

    async def _read(self, got: Received, over: asyncio.Event, stream: Coroutine[Any, Any, None]) -> None:
        reading = asyncio.ensure_future(stream)
        try:
            await _first_of(over, reading)
        except Broken as error:
            got.trouble = got.trouble or str(error)
            got.end()
        finally:
            reading.cancel()

    async def send(self, conversation: str, script: Script) -> dict[str, Any]:
        """Send a question; return what the house says to it."""
        path = f"/api/conversations/{conversation}/messages"
        return (await self.ask("POST", path, {"content": script.question()}, Idempotency_Key=uuid4().hex)).json()

    async def _connection(self, port: int) -> Connection:
        kept = self._kept.get(port)
        if kept is None or kept.closed:
            self._kept[port] = kept = await Connection.to(port)
        return kept

    def _headers(self) -> dict[str, str]:
        if not self._cookies:
            return {}
        return {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "X-CSRF-Token": self._cookies.get("olamchat_csrf", ""),
        }


async def _first_of(over: asyncio.Event, reading: "asyncio.Future[None]") -> None:
    """Wait until the answer is over. Raises Broken when the stream ends before that."""
    waiting = asyncio.ensure_future(over.wait())
    both: list[asyncio.Future[Any]] = [waiting, reading]
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    if not over.is_set():
        waiting.cancel()
        await reading
        raise Broken("the stream ended before the answer did")


class Reader:
    """Takes the frames of one conversation's stream for one answer."""

    def __init__(self, got: Received, over: asyncio.Event) -> None:
        self._got, self._over = got, over

    def take(self, event: bytes, data: bytes) -> None:
        if event == b"delta":
            delta = _delta(data)
            if delta.text:
                self._got.take(delta.text, delta.at)
        elif event == b"snapshot":
            snapshot = _snapshot(data)
            if snapshot.text:
                self._got.take(snapshot.text, 0)
        elif event in CLOSING:
            self._close(event, data)

    def _close(self, event: bytes, data: bytes) -> None:
        if event != b"done":
            self._got.trouble = self._got.trouble or f"{event.decode()}: {data[:200]!r}"
        self._got.end(_closed(data).length)
        self._over.set()
