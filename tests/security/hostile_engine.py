"""An engine that wants to bring its worker down: a model for each attack, in both protocols, and lists that are attacks themselves."""

from __future__ import annotations

import gzip
import json
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

from tests.in_a_thread import in_a_thread

BLOCK = 65_536
GIGABYTE = 1 << 30
OK = b"HTTP/1.1 200 OK\r\n"
CLOSES = OK + b"Connection: close\r\n\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
NESTED = b"[" * 500_000

Send = Callable[[bytes], object]
Attack = Callable[[Send, "Words"], object]


class Words:
    """How a protocol says things."""

    def __init__(self, protocol: str) -> None:
        self.ollama = protocol == "ollama"

    def line(self, message: dict[str, Any], **more: Any) -> bytes:
        if self.ollama:
            return json.dumps({"message": message, "done": False, **more}).encode() + b"\n"
        return b"data: " + json.dumps({"choices": [{"delta": message}], **more}).encode() + b"\n\n"

    def raw(self, json_: bytes) -> bytes:
        return json_ + b"\n" if self.ollama else b"data: " + json_ + b"\n\n"

    def end(self, count: str = "3") -> bytes:
        if self.ollama:
            return b'{"message":{"content":""},"done":true,"done_reason":"stop","prompt_eval_count":%b,"eval_count":%b}\n' % (
                (count.encode(),) * 2
            )
        usage = b'{"prompt_tokens":%b,"completion_tokens":%b}' % ((count.encode(),) * 2)
        return b'data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":%b}\n\ndata: [DONE]\n\n' % usage


def flood(send: Send, piece: bytes, size: int = GIGABYTE) -> int:
    """Say the piece again and again, up to a size: whoever reads has to hang up. Returns what was said."""
    block = piece * max(1, BLOCK // len(piece))
    for _ in range(size // len(block) + 1):
        send(block)
    return size


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def drip(send: Send, data: bytes, pause_s: float) -> int:
    for at in range(len(data)):
        send(data[at : at + 1])
        time.sleep(pause_s)
    return len(data)


def said(send: Send, *lines: bytes) -> None:
    send(CLOSES)
    for line in lines:
        send(line)


@cache
def packed(size: int) -> bytes:
    return gzip.compress(b"{" + b" " * size, 9)


CALL = {"index": 0, "id": "c", "function": {"name": "f", "arguments": "x" * 8_000}}
CHATS: dict[str, Attack] = {
    "endless-line": lambda send, _: (send(CLOSES), flood(send, b"x")),
    "endless-tokens": lambda send, words: (send(CLOSES), flood(send, words.line({"content": "word "}))),
    "endless-thoughts": lambda send, words: (send(CLOSES), flood(send, words.line({"reasoning_content": "hm ", "thinking": "hm "}))),
    "endless-space": lambda send, words: (send(CLOSES), flood(send, words.line({"content": " " * 4_000}))),
    "endless-nothing": lambda send, words: (send(CLOSES), flood(send, words.line({"content": ""}, padding="x" * 60_000))),
    "endless-comments": lambda send, _: (send(CLOSES), flood(send, b": " + b"x" * 60_000 + b"\n\n")),
    "endless-calls": lambda send, words: (send(CLOSES), flood(send, words.line({"tool_calls": [CALL]}))),
    "many-calls": lambda send, words: said(send, *(words.line({"tool_calls": [{**CALL, "index": n, "id": str(n)}]}) for n in range(500))),
    "endless-chunks": lambda send, words: (send(CHUNKED), flood(send, chunk(words.line({"content": "word "})))),
    "endless-tiny-chunks": lambda send, _: (send(CHUNKED), flood(send, chunk(b"x"), 64 << 20)),
    "endless-empty-words": lambda send, _: (send(CHUNKED), flood(send, chunk(b"\n\n"), 64 << 20)),
    "endless-chunk-size": lambda send, _: (send(CHUNKED + b"1;"), flood(send, b"x")),
    "after-the-end": lambda send, words: (send(CLOSES + words.end()), flood(send, words.line({"content": "more "}))),
    "no-utf8": lambda send, words: said(send, words.line({"content": "AB"}).replace(b"AB", b"\xff\xfe\xc0\x80"), words.end()),
    "half-characters": lambda send, words: said(
        send, words.line({"content": "\ud83d"}), words.line({"content": "\x00\udc00"}), words.end()
    ),
    "early-close": lambda send, words: said(send, words.line({"content": "w"})[:-5]),
    "nothing": lambda send, _: send(CLOSES),
    "no-http": lambda send, _: flood(send, b"\x00\xff", BLOCK),
    "nested": lambda send, words: said(send, words.raw(b'{"message":' + NESTED), words.raw(b'{"choices":' + NESTED)),
    "nested-error": lambda send, words: said(send, words.raw(b'{"error":' + b"[" * 900 + b"]" * 900 + b"}")),
    "nested-refusal": lambda send, _: send(b"HTTP/1.1 400 No\r\nConnection: close\r\n\r\n" + b'{"error":' + b"[" * 60_000),
    "huge-numbers": lambda send, words: said(send, words.line({"content": "w"}), words.end("9" * 4_000)),
    "negative-numbers": lambda send, words: said(send, words.line({"content": "w"}), words.end("-1000000000000")),
    "float-numbers": lambda send, words: said(send, words.line({"content": "w"}), words.end("1e999")),
    "wrong-types": lambda send, words: said(send, words.raw(b'{"message":{"content":[1]},"choices":{"a":1},"done":"yes"}')),
    "no-object": lambda send, words: said(send, words.raw(b"[]"), words.raw(b"null"), words.raw(b'"x"')),
    "packed": lambda send, _: send(OK + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + packed(256 << 20)),
    "endless-headers": lambda send, _: (send(OK), flood(send, b"X-More: 1\r\n")),
    "endless-header": lambda send, _: (send(OK + b"X-More: "), flood(send, b"x")),
    "endless-refusal": lambda send, _: (send(b"HTTP/1.1 500 No\r\nConnection: close\r\n\r\n"), flood(send, b"x")),
    "wrong-chunks": lambda send, _: send(OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\nzz\r\n"),
    "huge-chunk": lambda send, _: send(OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\nabc"),
    "wrong-length": lambda send, words: send(OK + b"Content-Length: 99999999999\r\n\r\n" + words.line({"content": "w"})),
    "redirect": lambda send, _: send(b"HTTP/1.1 307 Go\r\nLocation: /trap\r\nContent-Length: 0\r\n\r\n"),
}
# Only a stop ends this one: it can't be told from a model that thinks hard.
CHATS["drip"] = lambda send, _: (send(CLOSES), drip(send, b" " * 1_000_000, 0.05))
_MANY = b",".join(b'{"id":"m%d","name":"m%d"}' % (n, n) for n in range(50_000))
_EMPTY = b'{"data":[' + b"[]," * 1_000_000
LISTS: dict[str, Attack] = {
    "gigabyte": lambda send, _: (send(CLOSES + b'{"data":["'), flood(send, b"x")),
    "nested": lambda send, _: said(send, b'{"data":' + NESTED),
    "empties": lambda send, _: said(send, _EMPTY + b'1],"models":[]}'),
    "many": lambda send, _: said(send, b'{"data":[' + _MANY + b'],"models":[' + _MANY + b"]}"),
    "wrong-types": lambda send, _: said(send, b'{"data":[1,{"id":[]},{"id":"\\u0000"},{"name":7}],"models":{"a":1},"count":"x","tokens":{}}'),
    "no-object": lambda send, _: said(send, b"[[]]"),
    "huge-numbers": lambda send, _: said(send, b'{"data":[{"id":"a","max_model_len":%b}],"count":%b}' % ((b"9" * 4_000,) * 2)),
    "packed": lambda send, _: send(OK + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + packed(256 << 20)),
    "endless-headers": lambda send, _: (send(OK), flood(send, b"X-More: 1\r\n")),
    "drip": lambda send, _: (send(CLOSES), drip(send, b" " * 1_000_000, 0.05)),
    "drip-of-headers": lambda send, _: (send(OK), drip(send, b"X-More: 1\r\n" * 90, 0.05)),
    "redirect": lambda send, _: send(b"HTTP/1.1 302 Go\r\nLocation: /trap\r\nContent-Length: 0\r\n\r\n"),
    "metrics": lambda send, _: said(send, b"vllm:num_requests_waiting{x" * 100_000 + b"\nvllm:num_requests_waiting 9e999\n"),
}  # fmt: skip


class Hostile(socketserver.ThreadingTCPServer):
    """Answers a model's chat by the attack of its name; its lists are honest unless `lists` names an attack. `visited` are the paths asked."""

    daemon_threads = allow_reuse_address = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lists = ""
        self.visited: list[str] = []
        self.visit = threading.Event()  # set by each; cleared by who waits for the next

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up: that is what they are to do."""


class Handler(socketserver.StreamRequestHandler):
    server: Hostile

    def handle(self) -> None:
        path, body = self._request()
        self.server.visited.append(path)
        self.server.visit.set()
        words = Words("ollama" if path.startswith("/api/") else "openai")
        self.connection.settimeout(30)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError):
            if path.endswith(("/api/chat", "/chat/completions")):
                CHATS[json.loads(body)["model"]](self.connection.sendall, words)
            elif self.server.lists:
                LISTS[self.server.lists](self.connection.sendall, words)
            else:
                self._list(path)

    def _request(self) -> tuple[str, bytes]:
        path = self.rfile.readline().split(b" ")[1].decode()
        length = 0
        while (line := self.rfile.readline()) not in {b"\r\n", b""}:
            length = int(line.partition(b":")[2]) if line.lower().startswith(b"content-length:") else length
        return path, self.rfile.read(length)

    def _list(self, path: str) -> None:
        models = [{"id": name, "name": name} for name in CHATS]
        known = {"/api/tags": {"models": models}, "/v1/models": {"data": models}, "/api/ps": {"models": models}, "/api/show": {}}
        body = json.dumps(known.get(path, {})).encode()
        self.connection.sendall(OK + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)


@contextmanager
def attacking() -> Iterator[Hostile]:
    """Run the hostile engine until the block ends."""
    with in_a_thread(Hostile()) as server:
        yield server
