"""A browser as the page is one: a single stream for all that it follows, and one request that begins a chat."""

import asyncio
import time
from collections.abc import Callable
from uuid import uuid4

import msgspec

from bench.client.browser import Browser, Reader
from bench.client.received import Received
from bench.client.script import Script
from bench.client.wire import Broken

Take = Callable[[bytes, bytes], None]


class Page:
    """One open page of a person; its stream is there before anything is asked. Close it after the measurement."""

    def __init__(self, browser: Browser) -> None:
        self._browser, self._stream = browser, uuid4().hex
        self._strands: dict[str, Take] = {}
        self._now = ""
        self._opened = asyncio.Event()
        self._following = asyncio.ensure_future(browser.follow(f"/api/events?stream={self._stream}", self._take))

    async def opened(self) -> "Page":
        """Wait until the stream has told where it begins."""
        await asyncio.wait_for(self._opened.wait(), 20)
        return self

    def close(self) -> None:
        self._following.cancel()

    async def chat(self, script: Script) -> Received:
        """Begin a chat and read its answer to the end. The clock starts with the request: what the person waits for after the click."""
        got, over, strand = Received(script, asked_ns=time.monotonic_ns()), asyncio.Event(), uuid4().hex[:12]
        self._strands[strand] = Reader(got, over).take
        body = {
            "model": self._browser.model,
            "question": {"content": script.question()},
            "followed_by": {"stream": self._stream, "strand": strand},
        }
        try:
            await self._browser.ask("POST", "/api/conversations", body, Idempotency_Key=uuid4().hex)
            await asyncio.wait_for(over.wait(), 600)
        except (Broken, TimeoutError) as error:
            got.trouble = got.trouble or str(error) or "the answer did not end"
            got.end()
        del self._strands[strand]
        return got

    async def chat_and_close(self, script: Script) -> Received:
        """Chat once, as chat() does, and close the page."""
        try:
            return await self.chat(script)
        finally:
            self.close()

    def _take(self, event: bytes, data: bytes) -> None:
        self._opened.set()
        if event == b"strand":
            self._now = msgspec.json.decode(data)["strand"]
        elif (take := self._strands.get(self._now)) is not None:
            take(event, data)
