"""What makes an engine's text fit to be kept: whole characters only, none that Postgres refuses, and no token that only ends the answer."""

import re

from worker.engines.reply.tags import LAST

# Any of the tokens, the beginning of one, or one and white space, at the end.
_TOKENS = "|".join(map(re.escape, LAST))
_WHOLE_LAST = re.compile(rf"(?:(?:{_TOKENS})\s*)+", re.IGNORECASE)
_PART = "|".join(sorted({re.escape(token[:size]) for token in LAST for size in range(1, len(token))}, key=len, reverse=True))
_LAST = re.compile(rf"(?:(?:{_TOKENS})\s*)+(?:{_PART})?\Z|(?:{_PART})\Z", re.IGNORECASE)
MOST_HELD = 400
NOT_A_CHARACTER = "\ufffd"


class LastTokens:
    """Holds what may be a token that ends an answer, and drops it where the answer does end there: templates that are wrong let it through."""

    def __init__(self) -> None:
        self._held = ""
        self._is_struck = False  # "</s>" then ends what is struck through

    def pass_on(self, piece: str) -> str:
        """Return the text that certainly goes on."""
        if not self._held and "<" not in piece:
            return piece
        text = self._held + piece
        self._is_struck = self._is_struck or "<s>" in text
        found = _LAST.search(text, max(0, len(text) - MOST_HELD))
        at = found.start() if found else len(text)
        self._held = text[at:]
        return text[:at]

    def rest(self) -> str:
        """Return what is held at the end, if it is no such token."""
        held, self._held = self._held, ""
        return "" if _WHOLE_LAST.fullmatch(held) and not self._is_struck else held


class Characters:
    """Joins surrogate pairs that were split over two pieces, and replaces what is no character."""

    def __init__(self) -> None:
        self._half = ""

    def whole(self, piece: str) -> str:
        """Return the piece without half a character at its end; that half comes first in the next piece."""
        if piece.isascii() and not self._half:
            return piece if "\x00" not in piece else piece.replace("\x00", NOT_A_CHARACTER)
        text, self._half = self._half + piece, ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\x00", NOT_A_CHARACTER)

    def rest(self) -> str:
        """Return what stands for a half that was never completed."""
        half, self._half = self._half, ""
        return NOT_A_CHARACTER if half else ""
