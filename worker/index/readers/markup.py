"""HTML, EPUB and ODT. Entities that name files or unfold without end are never followed."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree, html

from worker.index.readers import archives
from worker.index.readers.blocks import Block, Blocks, Outline, Unreadable, plain

_SKIPPED = {"script", "style", "noscript", "template", "svg", "nav", "head", "iframe", "form", "button"}
_BLOCKS = {
    "p",
    "li",
    "dt",
    "dd",
    "pre",
    "blockquote",
    "caption",
    "figcaption",
    "tr",
    "td",
    "th",
    "div",
    "section",
    "article",
    "main",
    "body",
}
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_SPINE = "{http://www.idpf.org/2007/opf}itemref"
_ITEM = "{http://www.idpf.org/2007/opf}item"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ROW = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-row"
_MOST_BYTES = 50 << 20
_SPACE = re.compile(r"\s+")


def page(data: bytes, number: int = 1, outline: Outline | None = None) -> Blocks:
    """Yield the blocks of an HTML document."""
    if data.strip():
        yield from blocks(tree(data), number, outline)


def tree(data: bytes) -> Any:
    """Return the tree of an HTML document."""
    parser = html.HTMLParser(encoding=_encoding(data), no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    return html.document_fromstring(data, parser=parser)


def blocks(root: Any, number: int = 1, outline: Outline | None = None) -> Blocks:
    """Yield the blocks in a tree or a part of one."""
    outline = outline or Outline()
    for text, level in _walked(root):
        if level:
            outline.enter(level, text)
        yield Block(number, text, str(outline))


def epub(data: bytes) -> Blocks:
    """Yield the chapters in their order; each is a page."""
    with archives.opened(data) as archive:
        names = set(archive.namelist())
        package = _package(archive)
        for number, name in enumerate(_chapters(archive, package), start=1):
            if name in names:
                yield from page(_member(archive, name), number)


def odt(data: bytes) -> Blocks:
    """Yield paragraphs, headings and rows of tables."""
    with archives.opened(data) as archive:
        root = _xml(_member(archive, "content.xml"))
    outline = Outline()
    for element in root.iter(f"{_TEXT}h", f"{_TEXT}p", _ROW):
        if element.tag != _ROW and any(above.tag == _ROW for above in element.iterancestors()):
            continue
        if element.tag == _ROW:
            yield Block(1, " | ".join(plain("".join(cell.itertext())) for cell in element), str(outline))
            continue
        text = plain("".join(element.itertext()))
        if element.tag == f"{_TEXT}h":
            outline.enter(int(element.get(f"{_TEXT}outline-level") or 1), text)
        yield Block(1, text, str(outline))


def _walked(root: Any) -> Iterator[tuple[str, int]]:
    """Yield (text, level of the heading or 0): what stands in each block and in none inside it."""
    said: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _BLOCKS or tag in _HEADINGS or tag in _SKIPPED:
            text = plain("".join(said))
            said.clear()
            if text:
                yield text, _HEADINGS.get(tag, 0) if event == "end" else 0
        if event == "start" and tag in _SKIPPED:
            walk.skip_subtree()
        elif event == "start":
            said.append(_said(element.text, keeps_lines=tag == "pre"))
        else:
            said.append(("\n" if tag == "br" else "") + _said(element.tail, keeps_lines=False))


def _said(text: str | None, *, keeps_lines: bool) -> str:
    """Return a text with its white space as a browser shows it."""
    return (text or "") if keeps_lines else _SPACE.sub(" ", text or "")


def _encoding(data: bytes) -> str | None:
    """Return utf-8 where it is that; else lxml goes by what the document says."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _package(archive: ZipFile) -> str:
    container = _xml(_member(archive, "META-INF/container.xml"))
    found = container.find(".//{urn:oasis:names:tc:opendocument:xmlns:container}rootfile")
    if found is None or not found.get("full-path"):
        raise Unreadable("broken")
    return str(found.get("full-path"))


def _chapters(archive: ZipFile, package: str) -> Iterator[str]:
    root = _xml(_member(archive, package))
    items = {item.get("id"): item.get("href") or "" for item in root.iter(_ITEM)}
    for reference in root.iter(_SPINE):
        if href := items.get(reference.get("idref")):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(package), unquote(href.partition("#")[0])))


def _member(archive: ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as entry:
            data = entry.read(_MOST_BYTES + 1)
    except KeyError:
        raise Unreadable("broken") from None
    if len(data) > _MOST_BYTES:
        raise Unreadable("bomb")
    return data


def _xml(data: bytes) -> Any:
    """Parse XML. Entities are not unfolded: a billion laughs are none, and no file of this machine is read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    return etree.fromstring(data, parser=parser)
