"""Tells a model's thoughts from its answer, where both come in one text.

Models write `<think>…</think>` before the answer; the names differ, and so do the mistakes: templates swallow the opening tag, thoughts
stand in thoughts, and some models think again in the middle. A tag in code or in a sentence, which a model only writes about, is text.
"""

import re
from io import StringIO

from worker.engines.base import Delta, Thoughts
from worker.engines.reply.tags import TAG, Tag, begun, may_begin, tag_of

# Beyond these, nothing is looked for any more: text that long has no thoughts before it, and looking costs.
MOST_CHARS, MOST_TAGS = 200_000, 100
# So much of a line is searched for the tag that its words opened.
MOST_LINE = 2_000
# White space that may stand before the first tag; with one, it is dropped.
MOST_SPACE = 1_000


class Thinking:
    """Splits a text, however it is cut into pieces, into reasoning and what people read.

    Where an opening tag never came, the text up to a closing one was passed on as text; then Thoughts says so.
    """

    def __init__(self, said: str = "") -> None:
        """`said`: the text that is continued, which stands before the first piece."""
        self._held = ""  # what may be the beginning of a tag, or white space that is dropped if a tag follows
        self._inside = ""  # the family of the tag that is open
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
        if not (self._held or self._inside or self._at_gap or self._is_fresh) and not may_begin(piece):
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

    def _tag(self, found: "re.Match[str]") -> list[Delta | Thoughts]:
        self._tags += 1
        self._looks = self._tags < MOST_TAGS
        tag = tag_of(found)
        if self._inside:
            return self._within(tag, found[0])
        if tag.is_between and (self._at_gap or self._is_fresh):
            return []
        if not tag.closes and self._may_open(tag):
            self._inside, self._nested = tag.family, 0
            return []
        if tag.closes and self._may_close(tag):
            return self._closed_unopened()
        return self._pass(found[0])

    def _within(self, tag: Tag, said: str) -> list[Delta | Thoughts]:
        if tag.family != self._inside:
            return self._pass(said)
        if tag.closes:
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

    def _may_open(self, tag: Tag) -> bool:
        """A tag opens thoughts at the beginning and on a line of its own; not in code."""
        before = self._since.getvalue()
        begins = len(before) == self._begun
        return begins if not tag.is_sure else (begins or not _line(before).strip()) and not _in_code(before)

    def _may_close(self, tag: Tag) -> bool:
        """A tag that nothing opened closes thoughts where there were none yet, where some were nested, or on a line of its own.

        One that the same line's words opened is a word like them.
        """
        before = self._since.getvalue()
        if not tag.is_sure or tag.is_between or any(not tag_of(found).closes for found in TAG.finditer(_line(before)[-MOST_LINE:])):
            return False
        expected = not self._blocks or self._nested or not _line(before).strip()
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
        end = len(text) - begun(text)
        if self._inside:
            end = len(text[:end].rstrip("\n"))
        elif self._is_fresh and not text[:end].strip() and len(text) <= MOST_SPACE:
            end = 0
        return len(text) - end


def _line(text: str) -> str:
    """Return the last line."""
    return text[text.rfind("\n") + 1 :]


def _in_code(text: str) -> bool:
    """Tell whether the end of a Markdown text is within a block or a span of code."""
    return text.count("```") % 2 == 1 or _line(text).count("`") % 2 == 1
