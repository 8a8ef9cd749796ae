"""What every reader makes of a document: blocks of text, each on a page and under headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

# A line of a table never has more characters than this; nor has a heading.
LINE_LENGTH, HEADING_LENGTH, DEEPEST = 20_000, 200, 6
_SPACES = re.compile(r"[^\S\n]+")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Unreadable(Exception):
    """The document can't be read; `code` is one of worker.index.reading.REASONS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Block:
    """A paragraph, a line of a table, a slide: `page` counts from 1, `heading` is the path of headings above it."""

    page: int
    text: str
    heading: str = ""


@dataclass(frozen=True)
class Scan:
    """A page that has pictures and no text."""

    page: int


Blocks = Iterator[Block]


@dataclass
class Outline:
    """The headings that stand above what is read next."""

    _path: list[tuple[int, str]] = field(default_factory=list)

    def enter(self, level: int, title: str) -> None:
        """Go on under this heading."""
        self._path = [(above, name) for above, name in self._path if above < level]
        if title:
            self._path.append((level, title[:HEADING_LENGTH]))

    def __str__(self) -> str:
        return " › ".join(name for _, name in self._path[-DEEPEST:])


def plain(text: str) -> str:
    """Return a text without what can't be kept, and with one space where there were several."""
    return _SPACES.sub(" ", _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n"))).strip()
