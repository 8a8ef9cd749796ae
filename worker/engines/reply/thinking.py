"""Tells a model's thoughts from its answer, where both come in one text.

Models write `<think>…</think>` before the answer; the names differ, and so do the mistakes: templates swallow the opening tag, thoughts
stand in thoughts, and some models think again in the middle. A tag in code, which a model only writes about, is text.
"""

import re
from io import StringIO

from worker.engines.base import Delta, Thoughts

NAMES = ("think", "thinking")
TAG = re.compile(rf"<(/?)({'|'.join(NAMES)})>")
_TAGS = [f"<{slash}{name}>" for slash in ("", "/") for name in NAMES]
LONGEST = max(map(len, _TAGS))
# Beyond these, nothing is looked for any more: text that long has no thoughts before it, and looking costs.
MOST_CHARS, MOST_TAGS = 200_000, 100
# White space that may stand before the first tag; with one, it is dropped.
MOST_SPACE = 1_000


class Thinking:
    """Splits a text, however it is cut into pieces, into reasoning and what people read.

    Where an opening tag never came, the text up to a closing one was passed on as text; then Thoughts says so.
    """

    def __init__(self, said: str = "") -> None:
        """`said`: the text that is continued, which stands before the first piece."""
        self._held = ""  # what may be the beginning of a tag, or white space that is dropped if a tag follows
        self._inside = ""  # the name of the tag that is open
        self._nested = 0  # tags that were opened within it: as many closings come after its own
        self._at_gap = False  # between a closing tag and the text
        self._blocks = 0
        self._tags = 0
        self._since = StringIO()  # the text since the last thoughts, for a tag that is closed and was not opened
        self._since.write(said)
        self._begun = len(said)
        self._is_fresh = not said
        self._looks = len(said) < MOST_CHARS

    def split(self, piece: str) -> list[Delta | Thoughts]:
        """Return what the piece is; what may be part of a tag is held until it is known."""
        if not (self._held or self._inside or self._at_gap or self._is_fresh) and "<" not in piece:
            return self._text(piece)
        text, self._held = self._held + piece, ""
        found: list[Delta | Thoughts] = []
        at = 0
        for tag in TAG.finditer(text) if self._looks else ():
            found += self._before(text[at : tag.start()])
            found += self._tag(tag)
            at = tag.end()
        rest = text[at:]
        keep = self._keeps(rest) if self._looks else 0
        self._held = rest[len(rest) - keep :]
        return found + self._pass(rest[: len(rest) - keep])

    def rest(self) -> list[Delta | Thoughts]:
        """Return what is held, at the end of the stream."""
        held, self._held = self._held, ""
        return self._pass(held)

    def _tag(self, tag: "re.Match[str]") -> list[Delta | Thoughts]:
        self._tags += 1
        self._looks = self._tags < MOST_TAGS
        closes, name = bool(tag[1]), tag[2]
        if self._inside:
            return self._within(closes, name, tag[0])
        if not closes and self._may_open():
            self._inside, self._nested = name, 0
            return []
        if closes and self._may_close():
            return self._closed_unopened()
        return self._pass(tag[0])

    def _within(self, closes: bool, name: str, tag: str) -> list[Delta | Thoughts]:
        if name != self._inside:
            return self._pass(tag)
        if closes:
            self._inside = ""
            self._end_block()
        else:
            self._nested += 1
        return []

    def _closed_unopened(self) -> list[Delta | Thoughts]:
        chars = len(self._since.getvalue())
        self._nested = max(0, self._nested - 1)
        self._end_block()
        return [Thoughts(chars)] if chars else []

    def _end_block(self) -> None:
        self._at_gap, self._blocks, self._since, self._begun = True, self._blocks + 1, StringIO(), 0

    def _may_open(self) -> bool:
        """A tag opens thoughts at the beginning and on a line of its own; not in code."""
        before = self._since.getvalue()
        begins_line = len(before) == self._begun or not before.rpartition("\n")[2].strip()
        return begins_line and not _in_code(before)

    def _may_close(self) -> bool:
        """A tag that nothing opened closes thoughts where there were none yet, where some were nested, or on a line of its own."""
        before = self._since.getvalue()
        expected = not self._blocks or self._nested or not before.rpartition("\n")[2].strip()
        return bool(expected) and not _in_code(before)

    def _before(self, text: str) -> list[Delta | Thoughts]:
        """Pass on what stands before a tag: thoughts without their last newlines, and nothing where it is white space before all text."""
        if self._inside:
            return self._pass(text.rstrip("\n"))
        return [] if self._is_fresh and not text.strip() else self._pass(text)

    def _pass(self, text: str) -> list[Delta | Thoughts]:
        if not self._inside:
            return self._text(text)
        return [Delta(reasoning=text)] if text else []

    def _text(self, text: str) -> list[Delta | Thoughts]:
        if self._at_gap:
            text = text.lstrip("\n")
            self._at_gap = not text
        if not text:
            return []
        self._is_fresh = False
        if self._looks:
            self._since.write(text)
            self._looks = self._since.tell() < MOST_CHARS
        return [Delta(text)]

    def _keeps(self, text: str) -> int:
        """Return how many characters at the text's end wait for what follows: they may begin a tag, or be white space that goes with one."""
        at = text.rfind("<", max(0, len(text) - LONGEST + 1))
        end = at if at >= 0 and any(tag.startswith(text[at:]) for tag in _TAGS) else len(text)
        if self._inside:
            end = len(text[:end].rstrip("\n"))
        elif self._is_fresh and not text[:end].strip() and len(text) <= MOST_SPACE:
            end = 0
        return len(text) - end


def _in_code(text: str) -> bool:
    """Tell whether the end of a Markdown text is within a block or a span of code."""
    return text.count("```") % 2 == 1 or text.rpartition("\n")[2].count("`") % 2 == 1
