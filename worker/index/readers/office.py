"""DOCX, XLSX and PPTX. A sheet and a slide are a page; a DOCX has no pages until somebody prints it."""

import io
import re
from collections.abc import Iterable
from typing import Any

from worker.index.readers import archives
from worker.index.readers.blocks import LINE_LENGTH, Block, Blocks, Outline, plain

_LEVEL = re.compile(r"(?:heading|überschrift|titre|título|titolo)\s*(\d)", re.IGNORECASE)


def docx(data: bytes) -> Blocks:
    """Yield paragraphs and rows of tables in their order."""
    from docx import Document
    from docx.table import Table

    archives.check(data)
    outline = Outline()
    for part in Document(io.BytesIO(data)).iter_inner_content():
        if isinstance(part, Table):
            for row in part.rows:
                yield Block(1, _line(cell.text for cell in row.cells), str(outline))
            continue
        text, level = plain(part.text), _level(part)
        if level and text:
            outline.enter(level, text)
        yield Block(1, text, str(outline))


def xlsx(data: bytes) -> Blocks:
    """Yield the rows of each sheet, with values as they were last calculated."""
    from openpyxl import load_workbook

    archives.check(data)
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for number, sheet in enumerate(book.worksheets, start=1):
        for row in sheet.iter_rows(values_only=True):
            if any(value is not None for value in row):
                yield Block(number, _line("" if value is None else str(value) for value in row), plain(sheet.title))


def pptx(data: bytes) -> Blocks:
    """Yield what stands on each slide, and its notes."""
    from pptx import Presentation

    archives.check(data)
    for number, slide in enumerate(Presentation(io.BytesIO(data)).slides, start=1):
        title = plain(slide.shapes.title.text_frame.text) if slide.shapes.title is not None else ""
        for shape in slide.shapes:
            for text in _texts(shape):
                yield Block(number, plain(text), title)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            yield Block(number, plain(slide.notes_slide.notes_text_frame.text), title)


def _texts(shape: Any) -> Iterable[str]:
    if getattr(shape, "shapes", None) is not None:
        for inner in shape.shapes:
            yield from _texts(inner)
    elif getattr(shape, "has_table", False):
        for row in shape.table.rows:
            yield _line(cell.text for cell in row.cells)
    elif shape.has_text_frame:
        yield shape.text_frame.text


def _level(paragraph: Any) -> int:
    name = (paragraph.style.name or "") if paragraph.style is not None else ""
    if name.lower() == "title":
        return 1
    found = _LEVEL.match(name)
    return int(found[1]) if found else 0


def _line(cells: Iterable[str]) -> str:
    """Return a row of a table as a line; a cell that spans several columns stands once."""
    kept: list[str] = []
    for cell in cells:
        text = plain(cell).replace("\n", " ")
        if not kept or text != kept[-1]:
            kept.append(text)
    return " | ".join(kept).strip(" |")[:LINE_LENGTH]
