"""Plain text in whatever encoding: Markdown with its headings, tables of comma-separated values, source code by lines."""

import csv
import io
import re

from olamchat.files.encodings import decoded
from olamchat.files.sniffing import ending
from worker.index.readers.blocks import LINE_LENGTH, Block, Blocks, Outline, Unreadable, plain

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_MARKDOWN, _TABLES = {"md", "markdown", "mdx"}, {"csv": ",", "tsv": "\t"}
_SAMPLE = 8_192


def read(data: bytes, name: str) -> Blocks:
    """Yield the blocks. Raises Unreadable where the bytes are no text."""
    text = decoded(data)
    if text is None:
        raise Unreadable("unknown")
    suffix = ending(name)
    if suffix in _TABLES:
        yield from _table(text, _TABLES[suffix])
    elif suffix in _MARKDOWN:
        yield from _markdown(text)
    else:
        for paragraph in re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n")):
            yield Block(1, paragraph.strip("\n").rstrip())


def _markdown(text: str) -> Blocks:
    lines: list[str] = []
    outline, fenced = Outline(), False
    for line in [*text.splitlines(), ""]:
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.match(line)
        if not fenced and (heading or not line.strip()):
            yield Block(1, "\n".join(lines).rstrip(), str(outline))
            lines = []
        if heading:
            outline.enter(len(heading[1]), plain(heading[2]))
            yield Block(1, plain(heading[2]), str(outline))
        elif line.strip():
            lines.append(line)
    yield Block(1, "\n".join(lines), str(outline))


def _table(text: str, usual: str) -> Blocks:
    """Yield rows with the names of their columns before each value, so that a row makes sense by itself."""
    csv.field_size_limit(1 << 20)
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:_SAMPLE], delimiters=",;\t|")
        rows = csv.reader(io.StringIO(text), dialect)
    except csv.Error:
        rows = csv.reader(io.StringIO(text), delimiter=usual)
    try:
        names = [plain(name) for name in next(rows, [])]
        for row in rows:
            cells = (f"{name}: {plain(value)}" if name else plain(value) for name, value in zip(_padded(names, row), row, strict=False))
            yield Block(1, "; ".join(cells)[:LINE_LENGTH])
        if rows.line_num <= 1 and names:
            yield Block(1, "; ".join(names)[:LINE_LENGTH])
    except csv.Error:
        raise Unreadable("broken") from None


def _padded(names: list[str], row: list[str]) -> list[str]:
    return names + [""] * (len(row) - len(names))
