"""A folder as people have them: documents of every kind in folders, and some that nobody can read."""

import csv
import io
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path

from tests.worker.index import samples

# The manual's page that a question asks for.
PAGE = 212
ON_THE_PAGE = "The spare key hangs behind the blue kettle."
# What can't be read, by its name, and the code of why.
UNREADABLE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "broken.pdf": ("broken", lambda: b"%PDF-1.7 broken"),
    "locked.pdf": ("locked", lambda: samples.pdf("secret", password="word")),
    "bomb.docx": ("bomb", samples.bomb),
    "cut.xlsx": ("broken", lambda: samples.xlsx()[:900]),
    "empty.pdf": ("empty", lambda: samples.pdf("")),
    "old.doc": ("old_office", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "parts.zip": ("archive", lambda: samples.zipped({"a.txt": "a"})),
    "photo.png": ("image", lambda: b"\x89PNG\r\n\x1a\n" + bytes(64)),
}


def sentence(number: int) -> str:
    """What the document of this number says and no other does."""
    return f"Kettle {number} stands on shelf {number * 7 % 1000}."


def write(folder: Path, count: int) -> None:
    """Fill a folder with so many documents; every eighth can't be read."""
    for number, (path, content) in enumerate(islice(_files(), count)):
        place = folder / f"shelf {number % 5}" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _files() -> Iterator[tuple[str, bytes]]:
    yield "manual.pdf", samples.pdf(*(ON_THE_PAGE if page == PAGE else f"Page {page} of the manual." for page in range(1, 221)))
    yield "brewing.docx", samples.docx()
    yield "harvest.pptx", samples.pptx()
    yield "tale.epub", samples.epub()
    yield "page.html", samples.HTML
    unreadable, kinds = cycle(UNREADABLE.items()), cycle(_KINDS)
    number = 5
    while True:
        if number % 8 == 0:
            name, (_, made) = next(unreadable)
            yield f"{number}-{name}", made()
        else:
            ending, make = next(kinds)
            yield f"{number}.{ending}", make(sentence(number))
        number += 1


def _xlsx(said: str) -> bytes:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for row in (["What", "Where"], ["Note", said]):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def _docx(said: str) -> bytes:
    from docx import Document

    document, out = Document(), io.BytesIO()
    document.add_heading("Inventory", level=1)
    document.add_paragraph(said)
    document.save(out)
    return out.getvalue()


def _csv(said: str) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([["What", "Where"], ["Note", said]])
    return out.getvalue().encode()


_KINDS: tuple[tuple[str, Callable[[str], bytes]], ...] = (
    ("pdf", samples.pdf),
    ("docx", _docx),
    ("txt", lambda said: f"{said}\n\nÜber Tee.".encode("latin-1")),
    ("xlsx", _xlsx),
    ("md", lambda said: f"# Inventory\n\n{said}".encode()),
    ("csv", _csv),
    ("html", lambda said: f"<!doctype html><html><body><h1>Inventory</h1><p>{said}</p></body></html>".encode()),
    ("py", lambda said: f'"""{said}"""\n'.encode()),
    ("odt", lambda said: samples.odt(f"<text:p>{said}</text:p>")),
)
