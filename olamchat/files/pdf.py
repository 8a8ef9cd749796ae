"""The text of a PDF, read by a process of its own (olamchat.files.pdf_reader) within bounds of time, memory, pages and characters."""

import subprocess
import sys
import threading
from dataclasses import dataclass

from olamchat.files.sniffing import Unreadable

PAGES = 500
PATIENCE_S = 20.0
# Readers at once in one process: each may take a CPU and some hundred megabytes for its time.
READERS = threading.BoundedSemaphore(2)
_WHY = {
    "locked": "This PDF is locked by a password.",
    "empty": "There is no text in this PDF; it may be scanned. Attach its pages as images.",
    "broken": "This PDF is broken.",
}


class NoText(Unreadable):
    """Its pages are pictures."""


class TakesTooMuch(Unreadable):
    """Reading takes more time or memory than there is here."""


@dataclass(frozen=True)
class PdfText:
    """What can be read of a PDF; `cut` where that is not all, `scans` where pages are pictures."""

    text: str
    cut: bool
    scans: bool


def read(data: bytes, *, most_characters: int) -> PdfText:
    """Return the text. Raises NoText, Unreadable, TakesTooMuch where finding it takes too much."""
    command = [sys.executable, "-m", "olamchat.files.pdf_reader", str(PAGES), str(most_characters)]
    with READERS:
        try:
            told = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE_S, check=False)
        except subprocess.TimeoutExpired:
            raise TakesTooMuch("This PDF takes too long to read.") from None
    text, _, how = told.stdout.decode("utf-8", "replace").rpartition("\n")
    if told.returncode == 0 and how in _WHY:
        raise (NoText if how == "empty" else Unreadable)(_WHY[how])
    if told.returncode != 0 or how not in {"text", "scans", "cut"}:
        raise TakesTooMuch("This PDF takes too much to read.")
    return PdfText(_clean(text), cut=how == "cut", scans=how == "scans")


def _clean(text: str) -> str:
    """Leave out what can't be kept, and the control characters that some fonts turn into."""
    return "".join(letter for letter in text if letter in "\n\t" or (letter >= " " and not "\ud800" <= letter <= "\udfff"))
