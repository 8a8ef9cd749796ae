"""One document, from being taken to its end: read and cut, each batch kept, then embedded batch by batch."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from olamchat.services.knowledge import indexing, languages
from olamchat.services.knowledge.indexing import Chunk, Document
from olamchat.services.turns import lifecycle, reading
from worker import metrics
from worker.engines.base import EngineError
from worker.engines.tika import Tika
from worker.index import cutting
from worker.index.reading import CannotRead
from worker.index.whole import Whole
from worker.pools.space import AT_ONCE, Space
from worker.upkeep.leases import Leases
from worker.upkeep.persistence import persistently

# Chunks that are kept with one commit: what a kill costs.
BATCH = 64
# Between two batches of embeddings answers of the same pool go first: as long as one waits for a worker, and no longer than this.
GIVE_WAY_S, LOOK_S = 30.0, 0.5
# The pause after the engine failed; it grows with each failure.
PAUSE_S = 5.0
T = TypeVar("T")
_WORDS_ALONE = "The embedding engine did not answer. This document is found by its words alone for now."
_log = logging.getLogger(__name__)


class Gone(Exception):
    """The document is somebody else's by now, or this worker ends."""


class ReaderAway(Exception):
    """The reader of scans could not be reached, or took too long."""


class Indexing:
    """A document that this process reads. `fence` and `hand_over` may come from any thread."""

    def __init__(self, document: Document, leases: Leases, space: Space, tika: Tika | None = None) -> None:
        self.document, self._leases, self._space, self._tika = document, leases, space, tika
        self.name = str(document.id)
        self._over, self._handed = threading.Event(), False
        self._reading: Whole | None = None
        self._note: tuple[str, str] | None = None
        self._language = "simple"

    def fence(self) -> None:
        """Write nothing more."""
        self._over.set()
        if self._reading is not None:
            self._reading.stop()

    def hand_over(self) -> None:
        """Let another worker go on at the last batch."""
        self._handed = True
        self.fence()

    def run(self) -> None:
        """Bring the document to its end."""
        self._leases.hold(self.name, self.document.attempt)
        end = "gone"
        try:
            end = self._bring_to_an_end()
        except Gone:
            if self._handed:
                indexing.give_back(self.document.id, self.document.attempt, died=False)
        finally:
            self._leases.release(self.name)
            metrics.DOCUMENTS.labels(end).inc()

    def _bring_to_an_end(self) -> str:
        if self.document.failures >= indexing.MOST_DEATHS:
            return self._fail("too_much", "Workers died while they read this document.")
        try:
            if not self.document.searchable or self.document.cutting != cutting.VERSION:
                self._read_or_wait()
            space = self._embed()
        except ReaderAway:
            return self._wait_for_reader()
        except CannotRead as refused:
            return self._fail(refused.code, str(refused))
        except EngineError as failure:
            return self._put_off(failure)
        self._sure(lambda: indexing.done(self.document, space=space, note=self._note))
        return "ready"

    def _read_or_wait(self) -> None:
        try:
            self._read()
        except EngineError as failure:
            if self._over.is_set():
                raise Gone from None
            _log.warning("document %s: the reader: %s", self.name, failure)
            raise ReaderAway from None

    def _read(self) -> None:
        """Keep all chunks, after those that are there. Raises CannotRead, EngineError where another reader can't be reached."""
        kept = self._sure(lambda: indexing.begin(self.document, cutting.VERSION))
        data = self._ask(self.document.read)
        if data is None:
            raise CannotRead("gone")
        self._reading = Whole(data, self.document.name, self._tika, waited=self.document.failures >= indexing.MOST_FAILURES_OF_READER)
        last: Chunk | None = None
        for batch in _batches(cutting.cut(self._reading.blocks()), BATCH):
            last = batch[-1]
            self._keep([chunk for chunk in batch if chunk.number >= kept], first=batch[0])
        if last is None:
            raise CannotRead("empty")
        count, cut, scans = last.number + 1, self._reading.cut, self._reading.scans
        pages = max(last.page, *scans) if scans else last.page
        if scans:
            self._note = ("scans", f"{len(scans)} of its pages have pictures and no text. They may be scanned, and were not read.")
        self._sure(lambda: indexing.has_read(self.document, chunks=count, pages=pages, cut=cut, language=self._language))
        self._ask(reading.release)

    def _keep(self, chunks: list[Chunk], *, first: Chunk) -> None:
        if first.number == 0:  # the beginning tells the language, also for who goes on
            self._language = languages.language(" ".join([first.text, *(chunk.text for chunk in chunks)]))
        if self._over.is_set():
            raise Gone
        if chunks:
            self._sure(lambda: indexing.keep(self.document, chunks, usual=self._language))

    def _embed(self) -> int | None:
        """Keep all embeddings, after those that are there; return the space they are in, None where there are to be none."""
        space = self._space.number()
        while space is not None and (rows := self._ask(lambda: indexing.unembedded(self.document, space, AT_ONCE))):
            self._give_way()
            vectors = self._space.embed([f"{row['heading']}\n{row['text']}".strip() for row in rows])
            if self._over.is_set():
                raise Gone
            ids = [row["id"] for row in rows]
            self._sure(lambda: indexing.embed(self.document, space=space, ids=ids, embeddings=vectors))  # noqa: B023, called at once
        return space

    def _give_way(self) -> None:
        """Let answers that wait for the pool's engines go first. Raises Gone."""
        pool, until = self._space.pool, time.monotonic() + GIVE_WAY_S
        while pool is not None and time.monotonic() < until and self._ask(lambda: lifecycle.any_waits(pool)):
            if self._over.wait(LOOK_S):
                raise Gone

    def _put_off(self, failure: EngineError) -> str:
        _log.warning("document %s: %s", self.name, failure)
        seconds = PAUSE_S * 2**self.document.failures
        self._sure(lambda: indexing.put_off(self.document, seconds=seconds, code="not_embedded", message=_WORDS_ALONE))
        return "put_off"

    def _wait_for_reader(self) -> str:
        seconds = PAUSE_S * 2**self.document.failures
        self._sure(lambda: indexing.wait_for_reader(self.document, seconds=seconds))
        return "put_off"

    def _fail(self, code: str, message: str) -> str:
        if self._over.is_set():
            raise Gone
        self._sure(lambda: indexing.failed(self.document, code=code, message=message))
        self._ask(reading.release)
        return "failed"

    def _sure(self, write: Callable[[], T | None]) -> T:
        """Write until Postgres answers. Raises Gone where the document is somebody else's by now."""
        written = self._ask(write)
        if written is None or written is False:
            raise Gone
        return written

    def _ask(self, ask: Callable[[], T]) -> T | None:
        return persistently(ask, f"document {self.name}", self._over.wait)


def _batches(chunks: Iterator[Chunk], size: int) -> Iterator[list[Chunk]]:
    batch: list[Chunk] = []
    for chunk in chunks:
        batch.append(chunk)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
