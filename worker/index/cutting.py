"""From blocks to chunks: pieces of a page that stand under the same headings and are about as long as an embedding model reads well.

The same blocks make the same chunks: a worker that goes on after another's death skips those that are there.
"""

import re
from collections.abc import Iterable, Iterator

from olamchat.services.knowledge.indexing import Chunk
from worker.index.readers.blocks import Block

# Of which version the chunks are; raise it when readers or this make others of the same document.
VERSION = 2
# What a chunk has, in characters that weigh one; a letter of Chinese or Japanese weighs as much as a short word.
LONGEST, SHORTEST = 1_200, 250
_WIDE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]")
# Where a long block may be cut, the best place first.
_ENDS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…:;])\s+|(?<=[。！？；])"), re.compile(r"\s+"))


def cut(blocks: Iterable[Block]) -> Iterator[Chunk]:
    """Yield the chunks, numbered from 0. `start` and `end` count in the page's text: its blocks with a line break between two."""
    number, at, page = 0, 0, 0
    waiting: list[tuple[int, str]] = []
    heading = ""

    def made() -> Chunk:
        text = "\n".join(piece for _, piece in waiting)
        start = waiting[0][0]
        return Chunk(number=number, page=page, start=start, end=start + len(text), heading=heading, text=text)

    for block in blocks:
        if waiting and (block.page != page or (block.heading != heading and weight("\n".join(p for _, p in waiting)) >= SHORTEST)):
            yield made()
            number += 1
            waiting = []
        if block.page != page:
            page, at = block.page, 0
        for offset, piece in pieces(block.text):
            if waiting and sum(weight(before) + 1 for _, before in waiting) + weight(piece) > LONGEST:
                yield made()
                number += 1
                waiting = []
            if not waiting:
                heading = block.heading
            waiting.append((at + offset, piece))
        at += len(block.text) + 1
    if waiting:
        yield made()


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, piece): the text in pieces that are short enough, cut at the best place there is."""
    at = 0
    while at < len(text):
        most = _most(text, at)
        end = len(text) if at + most >= len(text) else at + _best(text[at : at + most])
        if text[at:end].strip():
            yield at, text[at:end].strip()
        at = end


def weight(text: str) -> int:
    """Return how long a text is in letters of Latin writing."""
    return len(text) + 2 * len(_WIDE.findall(text))


def _most(text: str, at: int) -> int:
    piece = text[at : at + LONGEST]
    return max(1, len(piece) * LONGEST // max(weight(piece), 1)) if weight(piece) > LONGEST else LONGEST


def _best(piece: str) -> int:
    for place in _ENDS:
        ends = [found.end() for found in place.finditer(piece, len(piece) // 2)]
        if ends:
            return ends[-1]
    return len(piece)
