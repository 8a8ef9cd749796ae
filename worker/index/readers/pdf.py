"""PDF: the text of each page, under the bookmarks that lead to it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from olamchat.files import pdfium
from worker.index.readers.blocks import Block, Outline, Scan, Unreadable, plain

MOST_PAGES, MOST_BOOKMARKS = 10_000, 100_000


def read(data: bytes) -> Iterator[Block | Scan]:
    """Yield the pages. Raises Unreadable, and what PDFium does for a broken file."""
    try:
        document = pdfium.opened(data)
    except pdfium.Locked:
        raise Unreadable("locked") from None
    if len(document) > MOST_PAGES:
        raise Unreadable("too_many_pages")
    titles, outline = _titles(document), Outline()
    for number, (text, is_scan) in enumerate(pdfium.seen_pages(document), start=1):
        for level, title in titles.get(number, ()):
            outline.enter(level, title)
        yield Scan(number) if is_scan else Block(number, plain(text), str(outline))


def _titles(document: Any) -> dict[int, list[tuple[int, str]]]:
    """Return the bookmarks of each page; as many as there are before a broken one."""
    found: dict[int, list[tuple[int, str]]] = {}
    with suppress(Exception):  # whatever a broken outline provokes: the pages are what counts
        for count, (page, level, title) in enumerate(pdfium.bookmarks(document)):
            if count >= MOST_BOOKMARKS:
                break
            found.setdefault(page, []).append((level, plain(title)))
    return found
