"""PDF: the text of each page, under the bookmarks that lead to it."""

import io
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from worker.index.readers.blocks import Block, Blocks, Outline, Unreadable, plain

MOST_PAGES = 10_000


def read(data: bytes) -> Blocks:
    """Yield the pages. Raises Unreadable, and what pypdf does for a broken file."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("locked")
        if len(reader.pages) > MOST_PAGES:
            raise Unreadable("too_many_pages")
        yield from _pages(reader)
    except (DependencyError, FileNotDecryptedError):
        raise Unreadable("locked") from None


def _pages(reader: PdfReader) -> Blocks:
    bookmarks, outline = _bookmarks(reader), Outline()
    for number, page in enumerate(reader.pages, start=1):
        for level, title in bookmarks.get(number, ()):
            outline.enter(level, title)
        text = plain(page.extract_text())
        yield Block(number, text, str(outline))


def _bookmarks(reader: PdfReader) -> dict[int, list[tuple[int, str]]]:
    """Return the bookmarks of each page; none where the outline is broken."""
    found: dict[int, list[tuple[int, str]]] = {}

    def walk(entries: list[Any], level: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry, level + 1)
            else:
                number = reader.get_destination_page_number(entry)
                if number is not None and number >= 0:
                    found.setdefault(number + 1, []).append((level, plain(str(entry.title))))

    try:
        walk(reader.outline, 1)
    except Exception:  # noqa: BLE001, whatever a broken outline provokes: the pages are what counts
        return {}
    return found
