"""What a page needs of HTTP, on asyncio: a request that is tried again until it is answered, and a stream of events."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from olamchat.tokenlog.events import Event, Reconnect, parse

PATIENCE_S = 10.0
# Pings come at least every 15 s: a stream silent for longer is dead.
WATCHDOG_S = 20.0


class Away(Exception):
    """No answer, or one that says "not now"."""


@dataclass(frozen=True)
class Api:
    """Who asks, and where."""

    port: int
    token: str = ""

    async def once(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Send one request, a body of bytes as it is. Raises Away when it isn't answered for good."""
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: localhost",
            "Connection: close",
            f"Content-Length: {len(content)}",
            *self._lines(headers),
        ]
        if body is not None and not isinstance(body, bytes):
            lines.append("Content-Type: application/json")
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._exchange("\r\n".join([*lines, "", ""]).encode() + content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
            raise Away(repr(error)) from error

    async def until(self, method: str, path: str, body: Any = None, *, within_s: float = 120, **headers: str) -> Any:
        """Send a request until it is taken, as a page does. Raises Away when it never is, AssertionError when it is refused for good."""
        async with asyncio.timeout(within_s):
            pause_s = 0.1
            while True:
                try:
                    status, answer = await self.once(method, path, body, **headers)
                    if status < 300:
                        return answer
                    assert status >= 500 or status == 429, f"{method} {path}: {status} {answer}"
                except Away:
                    pass
                await asyncio.sleep(pause_s)
                pause_s = min(1.0, pause_s * 2)

    async def events(self, path: str, after: str | None) -> AsyncIterator[tuple[str | None, Event]]:
        """Yield (id, event) until the stream ends. Raises Away when it can't be opened or falls silent."""
        position = {"Last_Event_ID": after} if after else {}
        head = "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *self._lines({"Accept": "text/event-stream", **position}), "", ""])
        writer: asyncio.StreamWriter | None = None
        try:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 21)
                    writer.write(head.encode())
                    status, chunked = await _head(reader)
            except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
                raise Away(repr(error)) from error
            if status != 200:
                raise Away(str(status))
            async for frame in _frames(_body(reader, chunked)):
                yield _event(frame)
        finally:
            if writer is not None:
                with contextlib.suppress(OSError):
                    writer.close()

    def _lines(self, headers: dict[str, str]) -> list[str]:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return [f"{name}: {value}" for name, value in ({"Authorization": f"Bearer {self.token}"} | given).items() if value != "Bearer "]

    async def _exchange(self, request: bytes) -> tuple[int, Any]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 21)
        try:
            writer.write(request)
            status, chunked = await _head(reader)
            body = b"".join([piece async for piece in _body(reader, chunked)])
            return status, json.loads(body) if body else None
        finally:
            writer.close()


async def _head(reader: asyncio.StreamReader) -> tuple[int, bool]:
    head = await reader.readuntil(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), b"transfer-encoding: chunked" in head.lower()


async def _body(reader: asyncio.StreamReader, chunked: bool) -> AsyncIterator[bytes]:
    """Yield the body's bytes; a stream that is cut off raises Away."""
    try:
        while chunked:
            async with asyncio.timeout(WATCHDOG_S):
                size = int((await reader.readline()).split(b";")[0] or b"x", 16)
                piece = await reader.readexactly(size + 2)
            if size == 0:
                return
            yield piece[:-2]
        while piece := await asyncio.wait_for(reader.read(1 << 16), WATCHDOG_S):
            yield piece
    except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
        raise Away(repr(error)) from error


async def _frames(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    waiting = b""
    async for piece in pieces:
        *whole, waiting = (waiting + piece).split(b"\n\n")
        for frame in whole:
            yield frame


def _event(frame: bytes) -> tuple[str | None, Event]:
    if not frame.startswith(b"id: "):
        return None, parse(frame + b"\n\n")
    head, _, rest = frame.partition(b"\n")
    return head[4:].decode(), parse(rest + b"\n\n")


def pause_s(event: Event) -> float | None:
    """Return how long to wait before connecting again, where the event says so."""
    return event.after_ms / 1000 if isinstance(event, Reconnect) else None
