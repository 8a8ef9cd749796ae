"""Pages of a PDF, opened by PDFium. For processes of their own alone: a native parser of what strangers send has no place in one that serves.

PDFium puts spaces where glyphs stand apart, which PDFs made by TeX need: they have none of their own.
"""

import re
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff，。、；：？！"
_STRETCHED = re.compile(f"(?<=[{_UNSPACED}])[ \n](?=[{_UNSPACED}])")


class Locked(Exception):
    """It asks for a password."""


def opened(data: bytes) -> pdfium.PdfDocument:
    """Return the document. Raises Locked, and pypdfium2.PdfiumError for one that is broken."""
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise Locked from None
        raise


def seen_pages(document: pdfium.PdfDocument) -> Iterator[tuple[str, bool]]:
    """Yield the text of each page, and whether it has pictures instead of text, as scans have; one page is held at a time."""
    for page in document:
        text = page.get_textpage()
        try:
            said = _plain(text.get_text_bounded())
            yield said, not said.strip() and next(page.get_objects([raw.FPDF_PAGEOBJ_IMAGE]), None) is not None
        finally:
            text.close()
            page.close()


def bookmarks(document: pdfium.PdfDocument) -> Iterator[tuple[int, int, str]]:
    """Yield (page counted from 1, level counted from 1, title). Those that lead nowhere are left out."""
    for entry in document.get_toc():
        place: Any = entry.get_dest()
        page = place.get_index() if place is not None else None
        if page is not None:
            yield page + 1, entry.level + 1, entry.get_title()


def _plain(text: str) -> str:
    # \x02 stands for a hyphen at a line's end, \ufffe for a character that no font names. Chinese and Japanese have no spaces: a line's end
    # and what stretches a line to its width would part words that are looked for.
    return _STRETCHED.sub("", text.replace("\r\n", "\n").replace("\x02", "").replace("\ufffe", ""))
