"""A tab: it follows one conversation through whatever happens, and writes down what it was told and when."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from olamchat.tokenlog.events import Closed, Event, Ping, Reconnect, Snapshot, Sync
from tests.faults.clients.api import Api, Away
from tests.faults.clients.reader import Reader, Shown, Want

# What a tab heard last, shown where it went wrong.
TRACE = 14


@dataclass
class Seen:
    """What a tab saw of one answer: when it last grew, its longest silence, its closing events, and where it was wrong."""

    grew: list[float] = field(default_factory=list)
    closings: set[str] = field(default_factory=set)
    wrong: str = ""


class Tab:
    """One reader of one conversation. `expected` is the undisturbed text; whatever is shown must be a beginning of it."""

    def __init__(self, api: Api, conversation_id: str, expected: str) -> None:
        self._api, self._path, self._expected = api, f"/api/conversations/{conversation_id}", expected
        self.reader, self.seen = Reader(), Seen()
        self.connects = 0
        self.heard: deque[str] = deque(maxlen=TRACE)
        self.reconnected: list[float] = []
        self.gap_heard: list[str] = []
        self._task: asyncio.Task[None] | None = None
        self._changed, self.opened = asyncio.Event(), asyncio.Event()
        self._log_id: str | None = None
        self._was_lost = False

    def open(self, *, reads: bool = False) -> None:
        """Follow; a page that is opened on a conversation reads its messages first."""
        self._task = asyncio.create_task(self._read_and_follow() if reads else self._follow())

    async def _read_and_follow(self) -> None:
        page = await self._api.until("GET", self._path + "/messages?limit=20")
        self.reader.rows(page["items"])
        self._log_id = page["log_id"]
        await self._follow()

    async def close(self) -> None:
        """Follow no more. Asked again until it is so: wait_for of Python 3.11 may swallow a cancellation that comes with an answer."""
        while self._task and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task], timeout=1)

    @property
    def shown(self) -> Shown | None:
        return next(iter(self.reader.answers.values()), None)

    async def until(self, is_so: Callable[[Shown], bool]) -> None:
        """Wait until what this tab shows of the answer is so."""
        while not (self.shown and is_so(self.shown)):
            if self._task is not None and self._task.done():
                self._task.result()
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), 1)

    async def until_ended(self) -> None:
        """Wait until this tab shows an ended answer."""
        await self.until(lambda shown: shown.ended)

    async def _follow(self) -> None:
        pause_s = 0.1
        while True:
            try:
                self.connects += 1
                async for entry_id, event in self._api.events(self._path + "/stream", self.reader.last_id):
                    pause_s = 0.1
                    self.opened.set()
                    await self._read_after_a_loss()
                    if entry_id:
                        self.reader.last_id = entry_id
                    if isinstance(event, Ping):
                        continue
                    if isinstance(event, Reconnect):
                        await asyncio.sleep(event.after_ms / 1000)
                        break
                    await self._hear(entry_id, event)
            except Away as away:
                self._note(f"away {away}")
                self._was_lost = True
                await asyncio.sleep(pause_s)
                pause_s = min(2.0, pause_s * 2)
            except _Restart:
                self.reader.last_id = None

    async def _read_after_a_loss(self) -> None:
        """Look at the rows, as the page does: a reader that resumes a log whose end was lost is told nothing more."""
        if self._was_lost and self.shown and not self.shown.ended:
            await self._read()
        self._was_lost = False

    async def _read(self) -> None:
        page = await self._api.until("GET", self._path + "/messages?limit=20")
        before = self.shown.text if self.shown else ""
        self.reader.rows(page["items"])
        self._note(f"rows {[(row['status'], len(row['content'])) for row in page['items'][1:]]}")
        self._look(before)

    async def _hear(self, entry_id: str | None, event: Event) -> None:
        self._note(f"{entry_id} {event.name} {getattr(event, 'at', '')}")
        if isinstance(event, Sync):
            # Redis lost what it knew, so an end whose telling was not confirmed is told once more: the reader shows nothing twice.
            self.seen.closings.clear()
        if isinstance(event, Closed) and entry_id:
            self.seen.closings.add(entry_id)
        before = self.shown.text if self.shown else ""
        want = self.reader.hear(event)
        if isinstance(event, Snapshot) and self._log_id not in {None, entry_id}:
            want, self._log_id = "messages", None  # the log went on since the messages were read, or has forgotten its end
        self._look(before)
        if want == "messages":
            before = self.shown.text if self.shown else ""
            await self._read()
            want = "nothing" if isinstance(event, Closed | Sync | Snapshot) else self._again(event)
            self._look(before)
        if want == "restart":
            self.gap_heard = list(self.heard)
            raise _Restart

    def note_step(self, answer_id: str, step: dict[str, Any]) -> None:
        """Take in what the API said of a step."""
        if answer := self.reader.answers.get(answer_id):
            answer.note(step)

    def _note(self, what: str) -> None:
        self.heard.append(f"{time.strftime('%M:%S')} {what}")

    def _again(self, event: Event) -> Want:
        """Hear an event about an answer that has just become known: that its row is behind the stream is no gap."""
        gaps = self.reader.gaps
        want = self.reader.hear(event)
        self.reader.gaps = gaps
        return want

    def _look(self, before: str) -> None:
        shown = self.shown
        if shown is None:
            return
        if not self._expected.startswith(shown.text) and not self.seen.wrong:
            at = next((i for i, (a, b) in enumerate(zip(shown.text, self._expected, strict=False)) if a != b), len(self._expected))
            self.seen.wrong = f"at {at}: {shown.text[max(0, at - 20) : at + 20]!r}"
        if len(shown.text) > len(before) or shown.ended:
            self.seen.grew.append(time.monotonic())
        self._changed.set()


class _Restart(Exception):
    """The reader has a gap and comes again without a position."""
