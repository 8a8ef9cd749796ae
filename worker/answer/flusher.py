"""One thread tells what all answers of this process say, in one trip for all of them.

The answers' threads only put their pieces down. A piece that comes after a quiet while is told at once; when they come thick,
they are collected for some milliseconds, so that the cost of a trip is shared.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from olamchat.redis import Lost
from olamchat.tokenlog.base import Fate, TokenLog
from olamchat.tokenlog.events import Event
from olamchat.tokenlog.replay import Text
from worker.answer.text import Batch, Writing
from worker.metrics import LAG
from worker.periodic import Periodic

# The shortest time between two trips: with one answer in the last trip, and with many.
WINDOW_S = (0.010, 0.040)
MANY = 128
# What may wait while the log can't be reached, in characters of one answer; then the model waits too.
BOUND = 8_000_000
RETRY_S = 0.1
# The longest wait for something to tell.
IDLE_S = 5.0

_log = logging.getLogger(__name__)


class Flusher(Periodic):
    """Tells the writings' pieces to the token log.

    `claim_again` is asked for a writing that the log has forgotten: is it still this worker's to write, and is it claimed again?
    It may block, and is called in a thread of its own. `on_stale` is called when a writing may not be written any more.
    """

    def __init__(self, log: TokenLog, *, claim_again: Callable[[Writing], Fate], on_stale: Callable[[Writing], None]) -> None:
        super().__init__("flusher")
        self._log, self._claim_again, self._on_stale = log, claim_again, on_stale
        lock = threading.RLock()
        self._changed, self._told = threading.Condition(lock), threading.Condition(lock)
        self._dirty: dict[int, Writing] = {}
        self._on_the_way: set[int] = set()
        self._last, self._window = 0.0, WINDOW_S[0]
        self._helpers = ThreadPoolExecutor(4, thread_name_prefix="claim")

    def stop(self, wait_s: float = 5) -> None:
        """End the thread, after one more trip for what waits."""
        super().stop(wait_s)
        self._helpers.shutdown(wait=False, cancel_futures=True)

    def wake(self) -> None:
        with self._changed:
            self._changed.notify()

    def put(self, writing: Writing, content: str, reasoning: str = "") -> bool:
        """Add what the model said; False when so much waits to be told that the model should wait too."""
        with self._changed:
            writing.add(content, reasoning)
            self._touch(writing)
            return writing.behind <= BOUND

    def catch_up(self, writing: Writing) -> None:
        """Wait a while for what waits to be told."""
        with self._changed:
            self._told.wait_for(lambda: writing.behind <= BOUND or writing.state == "stale", timeout=1)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Tell what is put down within in one trip."""
        with self._changed:
            yield

    def early(self) -> float:
        """Return in how many seconds the next trip is due; it is the pace at which engines are read."""
        return self._last + self._window - time.monotonic()

    def note(self, writing: Writing, event: Event) -> None:
        """Tell an event of the answer that is no text."""
        with self._changed:
            writing.note(event)
            self._touch(writing)

    def begin(self, writing: Writing, *, claimed: bool) -> None:
        """Tell what the writing holds from the start; unclaimed, it must be claimed first."""
        with self._changed:
            if claimed:
                self._touch(writing)
            else:
                self._lose(writing)

    def cut(self, writing: Writing, text: Text) -> None:
        """Fall back to a beginning of the text."""
        with self._changed:
            writing.cut(text)
            self._touch(writing)

    def text(self, writing: Writing) -> Text:
        """Return the whole text of a writing so far."""
        with self._changed:
            return writing.text()

    def settle(self, writing: Writing, timeout_s: float) -> bool:
        """Wait until everything is told. False when it is not: the log can't be reached, or the writing is stale."""
        with self._changed:
            return self._told.wait_for(lambda: writing.state == "stale" or self._rests(writing), timeout_s) and writing.state != "stale"

    def drop(self, writing: Writing) -> None:
        """Tell nothing more of the writing."""
        with self._changed:
            writing.state = "stale"
            self._dirty.pop(id(writing), None)

    def _rests(self, writing: Writing) -> bool:
        return not writing.untold and id(writing) not in self._on_the_way and writing.state == "ok"

    def _touch(self, writing: Writing) -> None:
        if writing.state == "ok" and writing.untold and id(writing) not in self._dirty:
            self._dirty[id(writing)] = writing
            writing.changed = time.monotonic()
            if len(self._dirty) == 1:
                self._changed.notify()

    def round(self) -> None:
        """Make a trip as soon as something is to be told and the last one is long enough ago."""
        with self._changed:
            self._changed.wait_for(lambda: self._dirty or self._ending.is_set(), IDLE_S)
            if not self._dirty:
                return
        if (early := self.early()) > 0:
            self._ending.wait(early)
        if not self._trip():
            self._ending.wait(RETRY_S)

    def finish(self) -> None:
        while self._dirty and self._trip():
            pass

    def _trip(self) -> int:
        self._last = time.monotonic()
        crowd = self._flush()
        self._window = WINDOW_S[0] + (WINDOW_S[1] - WINDOW_S[0]) * min(1.0, crowd / MANY)
        return crowd

    def _flush(self) -> int:
        """Make one trip for all that waits; return for how many answers, 0 when the log can't be reached."""
        with self._changed:
            # What the log has lost is claimed again first: its offsets of before would leave a gap in the new log.
            batches = [writing.batch() for writing in self._dirty.values() if writing.state == "ok"]
            self._on_the_way = {id(batch.writing) for batch in batches}
            self._dirty = {}
        try:
            fates = self._log.append([batch.append for batch in batches])
            LAG.observe(time.monotonic() - min((batch.writing.changed for batch in batches), default=time.monotonic()))
        except Lost:
            self._put_back(batches)
            return 0
        except Exception:
            self._put_back(batches)
            raise
        with self._changed:
            for batch, fate in zip(batches, fates, strict=True):
                self._judge(batch, fate)
            self._on_the_way = set()
            self._told.notify_all()
        return len(batches)

    def _put_back(self, batches: list[Batch]) -> None:
        with self._changed:
            for batch in batches:
                if batch.writing.state == "ok":
                    self._dirty.setdefault(id(batch.writing), batch.writing)
            self._on_the_way = set()

    def _judge(self, batch: Batch, fate: Fate) -> None:
        writing = batch.writing
        if fate == "ok":
            writing.confirm(batch)
            self._touch(writing)
        elif fate == "lost":
            self._lose(writing)
        else:
            self._forbid(writing)

    def _lose(self, writing: Writing) -> None:
        if writing.state == "ok":
            writing.state = "lost"
            self._helpers.submit(self._regain, writing)

    def _forbid(self, writing: Writing) -> None:
        if writing.state != "stale":
            writing.state = "stale"
            self._told.notify_all()
            self._helpers.submit(self._on_stale, writing)

    def _regain(self, writing: Writing) -> None:
        """Claim a writing again and tell it anew, or learn that it is somebody else's."""
        while writing.state == "lost" and not self._ending.is_set():
            try:
                fate = self._claim_again(writing)
            except Exception:  # noqa: BLE001, a helper must not die silently: its answer would never be told
                _log.exception("answer %s could not be claimed again", writing.turn_id)
                fate = "lost"
            if fate == "lost":
                time.sleep(RETRY_S)
                continue
            with self._changed:
                if fate == "stale":
                    self._forbid(writing)
                elif writing.state == "lost":
                    writing.state = "ok"
                    writing.untell()
                    self._touch(writing)
