"""HTTP/1.1 for the load client: a kept connection that costs little, and bodies handed on as they come."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import msgspec

Sink = Callable[[bytes], None]


class Broken(Exception):
    """The server closed or refused where it should have answered."""


@dataclass(frozen=True)
class Reply:
    """A whole response."""

    status: int
    body: bytes
    cookies: dict[str, str] = field(default_factory=dict)

    def json(self) -> dict[str, object]:
        found: dict[str, object] = msgspec.json.decode(self.body)
        return found


class Connection(asyncio.Protocol):
    """One connection to 127.0.0.1. One request at a time: `ask` for a whole reply, `follow` for a body that goes on."""

    def __init__(self) -> None:
        self._rest = b""
        self._sink: Sink | None = None
        self._parts: list[bytes] = []
        self._head: tuple[int, dict[str, str], bool] | None = None
        self._left = 0
        self._done: asyncio.Future[Reply] | None = None
        self.closed = False

    @classmethod
    async def to(cls, port: int) -> "Connection":
        _, made = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return made

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by class

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if self._done and not self._done.done():
            self._done.set_exception(Broken(f"the server closed the connection: {exc}"))

    async def ask(self, method: str, path: str, headers: dict[str, str] | None = None, body: object = None) -> Reply:
        """Send a request and wait for its whole reply."""
        return await self._send(method, path, headers or {}, body, None)

    async def follow(self, method: str, path: str, sink: Sink, headers: dict[str, str] | None = None, body: object = None) -> Reply:
        """Send a request and hand its body to `sink` as it comes; return when it ends."""
        return await self._send(method, path, headers or {}, body, sink)

    def close(self) -> None:
        self._transport.close()

    def _send(self, method: str, path: str, headers: dict[str, str], body: object, sink: Sink | None) -> asyncio.Future[Reply]:
        if self.closed:
            raise Broken("the connection is closed")
        sent = b"" if body is None else msgspec.json.encode(body)
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(sent)}"]
        self._sink, self._head, self._parts = sink, None, []
        self._done = asyncio.get_running_loop().create_future()
        self._transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + sent)
        return self._done

    def data_received(self, data: bytes) -> None:
        self._rest = self._rest + data if self._rest else data
        if self._head is None and not self._read_head():
            return
        assert self._head is not None
        if self._head[2]:
            self._read_chunks()
        else:
            self._read_plain()

    def _read_head(self) -> bool:
        head, found, rest = self._rest.partition(b"\r\n\r\n")
        if not found:
            return False
        first, *lines = head.decode("latin-1").split("\r\n")
        cookies, chunked, self._left = {}, False, 0
        for line in lines:
            name, _, value = line.partition(":")
            match name.lower(), value.strip():
                case "set-cookie", text:
                    key, _, content = text.partition(";")[0].partition("=")
                    cookies[key] = content
                case "transfer-encoding", _:
                    chunked = True
                case "content-length", text:
                    self._left = int(text)
        self._head, self._rest = (int(first.split(" ")[1]), cookies, chunked), rest
        return True

    def _read_plain(self) -> None:
        taken, self._rest = self._rest[: self._left], self._rest[self._left :]
        self._left -= len(taken)
        self._hand_on(taken)
        if self._left == 0:
            self._finish()

    def _read_chunks(self) -> None:
        data, position, pieces, ended = self._rest, 0, [], False
        while (line := data.find(b"\r\n", position)) >= 0:
            size = int(data[position:line], 16)
            if len(data) < line + 4 + size:
                break
            pieces.append(data[line + 2 : line + 2 + size])
            position, ended = line + 4 + size, size == 0
        self._rest = data[position:]
        self._hand_on(b"".join(pieces))
        if ended:
            self._finish()

    def _hand_on(self, data: bytes) -> None:
        if data and self._sink:
            self._sink(data)
        elif data:
            self._parts.append(data)

    def _finish(self) -> None:
        assert self._head is not None
        if self._done and not self._done.done():
            self._done.set_result(Reply(self._head[0], b"".join(self._parts), self._head[1]))
