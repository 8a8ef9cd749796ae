"""Reading a document in a child process, within bounds of memory, time and output: a bomb ends the child, not the worker."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from worker.index.readers.blocks import Block

MEMORY_BYTES, CPU_S, PATIENCE_S = 1 << 30, 300, 600.0
# Characters of one document that are kept; what is longer is cut, and the document says so.
MOST_CHARACTERS = 20_000_000
# Blocks are read line by line; one that is longer than any reader makes is a reader gone wrong.
_LINE = 8 << 20
REASONS = {
    "locked": "This document is locked by a password.",
    "broken": "This document is broken: it can't be read as what it says it is.",
    "bomb": "This document unfolds to more than may be read.",
    "too_much": "Reading this document takes more memory or time than it may.",
    "too_many_pages": "This document has more than 10,000 pages.",
    "empty": "There is no text in this document; it may be scanned.",
    "unknown": "This is no kind of document that can be read.",
    "old_office": "This is a document of Office 97–2003. Save it as DOCX, XLSX or PPTX.",
    "archive": "This is an archive. Upload the files in it.",
    "image": "This is an image; there is no text in it to search.",
    "reader_away": "This document has to be read by the reader for scans, which did not answer. Try again later.",
    "gone": "The bytes of this document are gone. Upload it again.",
}


class CannotRead(Exception):
    """The document can't be read; `code` is one of REASONS."""

    def __init__(self, code: str) -> None:
        super().__init__(REASONS[code])
        self.code = code


class Reading:
    """A child process that reads one document, as the `kind` that its bytes say unless one is given. `stop` may come from any thread."""

    def __init__(
        self,
        data: bytes,
        name: str,
        *,
        kind: str = "",
        memory_bytes: int = MEMORY_BYTES,
        cpu_s: int = CPU_S,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._limits = (str(memory_bytes), str(cpu_s), *([kind] if kind else []))
        self._data, self._name, self._patience_s = data, name, patience_s
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()
        self.cut = False
        # Pages that have pictures and no text.
        self.scans: set[int] = set()

    def stop(self) -> None:
        """End it."""
        self._stopped.set()
        if self._process is not None:
            self._process.kill()

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks. Raises CannotRead."""
        with tempfile.TemporaryFile() as file:
            file.write(self._data)
            file.seek(0)
            command = [sys.executable, "-m", "worker.index.readers.child", self._name, *self._limits]
            self._process = subprocess.Popen(
                command, cwd=Path(__file__).parents[2], stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        timer = threading.Timer(self._patience_s, self._process.kill)
        timer.start()
        try:
            if self._stopped.is_set():
                self._process.kill()
            yield from self._read(self._process)
        finally:
            timer.cancel()
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()

    def _read(self, process: subprocess.Popen[bytes]) -> Iterator[Block]:
        assert process.stdout is not None
        left, any_text = MOST_CHARACTERS, False
        while line := process.stdout.readline(_LINE):
            told = _parsed(line)
            if isinstance(told, int):
                self.scans.add(told)
                continue
            if isinstance(told, str):
                if told != "text" or not any_text:
                    raise CannotRead(told if told in REASONS else "empty")
                return
            any_text = True
            yield Block(told.page, told.text[:left], told.heading)
            left -= len(told.text)
            if left <= 0:
                self.cut = True
                return
        raise CannotRead("too_much")


def _parsed(line: bytes) -> Block | int | str:
    """Return what a line tells: a block, the number of a page that is a scan, or how it ended."""
    try:
        told = json.loads(line)
    except ValueError:
        raise CannotRead("too_much") from None
    if isinstance(told, dict):
        return told["scan"] if isinstance(told.get("scan"), int) else str(told.get("end"))
    page, heading, text = told
    return Block(page, text, heading)
