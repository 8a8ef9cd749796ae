"""All that is read of a document: by this worker itself, and by the reader that the settings name where there are scans or no reader of ours."""

from collections.abc import Iterator

from worker.engines.base import RequestRejected
from worker.engines.tika import Tika
from worker.index.readers.blocks import Block
from worker.index.reading import CannotRead, Reading

# What is wrong with a document that another reader may read.
_FOR_ANOTHER = {"empty", "image", "old_office", "unknown"}


class Whole:
    """The blocks of one document. `stop` may come from any thread. `scans` are the pages that nobody has read."""

    def __init__(self, data: bytes, name: str, tika: Tika | None, *, waited: bool = False) -> None:
        """`waited`: the other reader was waited for long enough; what can be had without it is read, the rest is refused."""
        self._data, self._name, self._tika, self._waited = data, name, tika, waited
        self._reading = Reading(data, name)
        self._asked = tika.asking() if tika else None
        self.scans: set[int] = set()
        self.cut = False

    def stop(self) -> None:
        """End it."""
        self._reading.stop()
        if self._asked is not None:
            self._asked.close()

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks; of a document with scans these pages come last. Raises CannotRead, EngineUnavailable."""
        own = self._reading
        try:
            yield from own.blocks()
        except CannotRead as refused:
            if self._tika is None or refused.code not in _FOR_ANOTHER:
                raise
            if self._waited:
                raise CannotRead("reader_away") from None
            yield from self._of_another(refused)
            return
        self.cut, self.scans = own.cut, own.scans
        if self.scans and self._tika is not None and not self._waited and not own.cut:
            for block in self._of_another(None):
                if block.page in own.scans:
                    yield block
            self.scans = set()

    def _of_another(self, refused: CannotRead | None) -> Iterator[Block]:
        """Yield what the other reader finds; nothing is `refused` again, or else fine. Raises CannotRead, EngineUnavailable."""
        assert self._tika is not None
        assert self._asked is not None
        try:
            found = self._tika.read(self._data, self._asked)
        except RequestRejected:
            found = b""
        self._reading = Reading(found, self._name, kind="tika")
        try:
            yield from self._reading.blocks()
        except CannotRead as none:
            if none.code != "empty":
                raise
            if refused is not None:
                raise refused from None
        self.cut = self._reading.cut
