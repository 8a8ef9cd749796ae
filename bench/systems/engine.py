"""A model that is only a clock: it answers in Ollama's and OpenAI's protocols, at a set pace, for next to no CPU.

One timer serves all streams: what falls due within a grain is sent in one go. Run: `python -m bench.systems.engine PORT`.
`GET /bench` tells what it did since it was last asked: tokens, chats, and how late tokens left (in milliseconds).
"""

import asyncio
import heapq
import re
import sys
import time
from collections.abc import Callable
from itertools import count
from typing import cast

import msgspec
import uvloop

from bench.client.script import Script, asked, token

MODEL = "bench-clock"
GRAIN_S = 0.001
BURST = 64
OK = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nTransfer-Encoding: chunked\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Ollama:
    """Ollama's /api/chat: a line of JSON for each token."""

    kind = b"application/x-ndjson"

    def piece(self, text: bytes) -> bytes:
        return (
            b'{"model":"bench-clock","created_at":"2026-01-01T00:00:00.000000000Z",'
            b'"message":{"role":"assistant","content":"%b"},"done":false}\n' % text
        )

    def end(self, script: Script) -> bytes:
        return (
            b'{"model":"bench-clock","created_at":"2026-01-01T00:00:00.000000000Z","message":{"role":"assistant","content":""},'
            b'"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":%d}\n' % script.length
        )


class OpenAI:
    """/v1/chat/completions: a server-sent event for each token."""

    kind = b"text/event-stream"

    def piece(self, text: bytes) -> bytes:
        return (
            b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"bench-clock",'
            b'"choices":[{"index":0,"delta":{"content":"%b"},"finish_reason":null}]}\n\n' % text
        )

    def end(self, script: Script) -> bytes:
        return (
            b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"bench-clock",'
            b'"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
            b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"bench-clock","choices":[],'
            b'"usage":{"prompt_tokens":9,"completion_tokens":%d}}\n\ndata: [DONE]\n\n' % script.length
        )


Wire = Ollama | OpenAI
CHATS: dict[bytes, Wire] = {b"/api/chat": Ollama(), b"/v1/chat/completions": OpenAI()}
CARD = {"name": MODEL, "model": MODEL, "size": 1, "details": {"family": "bench"}}
PAGES: dict[bytes, object] = {
    b"/api/tags": {"models": [CARD]},
    b"/api/ps": {"models": [CARD]},
    b"/api/version": {"version": "0.0-bench"},
    b"/api/show": {"model_info": {"bench.context_length": 131072}, "capabilities": ["completion"]},
    b"/v1/models": {"object": "list", "data": [{"id": MODEL, "object": "model", "max_model_len": 131072}]},
}


def chunk(body: bytes) -> bytes:
    """Return a chunk of a chunked response."""
    return b"%x\r\n%b\r\n" % (len(body), body)


class Pacer:
    """Calls every stream when its next token is due, many by one timer, and keeps the count."""

    def __init__(self) -> None:
        self._loop = asyncio.get_event_loop()
        self._due: list[tuple[float, int, Chat]] = []
        self._order = count()
        self._timer: asyncio.Handle | None = None
        self._wakes = 0.0
        self.tokens = self.chats = 0
        self.late_s: list[float] = []

    def at(self, due: float, chat: "Chat") -> None:
        heapq.heappush(self._due, (due, next(self._order), chat))
        if self._timer is None or due < self._wakes:
            self._arm()

    def told(self) -> dict[str, object]:
        """Return what was done since the last call, and begin anew."""
        late = sorted(self.late_s) or [0.0]
        told: dict[str, object] = {
            "tokens": self.tokens,
            "chats": self.chats,
            "late_ms_p50": late[len(late) // 2] * 1e3,
            "late_ms_p99": late[len(late) * 99 // 100] * 1e3,
        }
        self.tokens, self.chats, self.late_s = 0, 0, []
        return told

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._due:
            self._wakes = self._due[0][0]
            self._timer = self._loop.call_at(self._wakes, self._beat)

    def _beat(self) -> None:
        now = self._loop.time()
        while self._due and self._due[0][0] <= now + GRAIN_S:
            due, _, chat = heapq.heappop(self._due)
            self.late_s.append(now - due)
            chat.speak(due)
        self._arm()


class Chat:
    """One answer on its way."""

    def __init__(self, connection: "Connection", wire: Wire, script: Script, pacer: Pacer) -> None:
        self._connection, self._wire, self._script, self._pacer = connection, wire, script, pacer
        self._number = 0
        pacer.chats += 1

    def speak(self, due: float) -> None:
        """Send the token that is due, or a burst of them where no rate is set, and come back for the next."""
        if self._connection.gone:
            return
        count = min(1 if self._script.rate else BURST, self._script.length - self._number)
        first, now, wire = self._number, time.monotonic_ns(), self._wire
        self._number += count
        self._pacer.tokens += count
        said = b"".join([chunk(wire.piece(token(n, now, self._script.tag))) for n in range(first, first + count)])
        if self._number >= self._script.length:
            self._connection.end(said + chunk(wire.end(self._script)) + b"0\r\n\r\n")
            return
        self._connection.send(said)
        if self._script.rate:
            self._pacer.at(due + 1 / self._script.rate, self)
        else:
            self._connection.when_taken(lambda: self.speak(due))


class Connection(asyncio.Protocol):
    """One connection: requests one after another, each answered before the next is read."""

    def __init__(self, pacer: Pacer) -> None:
        self._pacer, self._loop = pacer, asyncio.get_event_loop()
        self._rest, self._head = b"", b""
        self.gone = self._full = self._busy = False
        self._waiting: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by class

    def connection_lost(self, _exc: Exception | None) -> None:
        self.gone = True

    def data_received(self, data: bytes) -> None:
        self._rest += data
        self._serve()

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        waiting, self._waiting = self._waiting, None
        if waiting:
            waiting()

    def send(self, data: bytes) -> None:
        if self._head:
            data, self._head = self._head + data, b""
        self._transport.write(data)

    def end(self, data: bytes) -> None:
        self.send(data)
        self._busy = False
        self._serve()

    def when_taken(self, call: Callable[[], None]) -> None:
        """Call as soon as the client has taken enough of what was sent."""
        if self._full:
            self._waiting = call
        else:
            self._loop.call_soon(call)

    def _serve(self) -> None:
        while not self._busy and (request := self._request()):
            self._answer(*request)

    def _request(self) -> tuple[bytes, bytes] | None:
        head, found, rest = self._rest.partition(b"\r\n\r\n")
        if not found:
            return None
        length = LENGTH.search(head)
        size = int(length[1]) if length else 0
        if len(rest) < size:
            return None
        self._rest = rest[size:]
        return head.split(b" ", 2)[1].partition(b"?")[0], rest[:size]

    def _answer(self, path: bytes, body: bytes) -> None:
        if wire := CHATS.get(path):
            self._busy, script = True, asked(_question(body))
            self._head = OK % wire.kind
            self._pacer.at(self._loop.time() + script.delay_ms / 1000, Chat(self, wire, script, self._pacer))
        elif path == b"/bench":
            self._page(b"200 OK", self._pacer.told())
        elif path in PAGES:
            self._page(b"200 OK", PAGES[path])
        else:
            self._page(b"404 Not Found", {"error": "there is no such page"})

    def _page(self, status: bytes, page: object) -> None:
        body = msgspec.json.encode(page)
        self.send(b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body))


class _Turn(msgspec.Struct):
    role: str = ""
    content: str = ""


class _Asked(msgspec.Struct):
    messages: list[_Turn] = []


_decode = msgspec.json.Decoder(_Asked).decode


def _question(body: bytes) -> bytes:
    said = [turn.content for turn in _decode(body).messages if turn.role == "user"]
    return said[-1].encode() if said else b""


async def serve(port: int) -> None:
    """Answer on 127.0.0.1 until the process is ended."""
    pacer = Pacer()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(pacer), "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
