"""What makes an engine's text fit to be kept: whole characters only, nothing that Postgres refuses, reasoning apart."""

from worker.engines.base import Delta

NOT_A_CHARACTER = "\ufffd"


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


class Thinking:
    """Splits `<think>…</think>` at the beginning of a text from what follows it, however it is cut into pieces."""

    OPEN, CLOSE = "<think>", "</think>"
    MOST_SPACE = 1_000  # that may stand before the tag

    def __init__(self, *, begun: bool = False) -> None:
        """`begun`: the text has begun already (an answer is gone on with), so that no reasoning can follow."""
        self._state = "text" if begun else "start"
        self._held = ""

    def split(self, piece: str) -> Delta:
        """Return the piece as text and reasoning; what may be part of a tag is held until it is known."""
        if self._state == "text":
            return Delta(piece)
        if self._state == "gap":
            return self._after(piece)
        self._held += piece
        return self._start() if self._state == "start" else self._inside()

    def rest(self) -> Delta:
        """Return what is held, at the end of the stream."""
        held, self._held = self._held, ""
        return Delta(reasoning=held) if self._state == "inside" else Delta(held)

    def _start(self) -> Delta:
        begin = self._held.lstrip() if len(self._held) <= self.MOST_SPACE else self._held
        if begin.startswith(self.OPEN):
            self._state, self._held = "inside", begin[len(self.OPEN) :]
            return self._inside()
        if self.OPEN.startswith(begin):
            return Delta()
        return self._to_text()

    def _inside(self) -> Delta:
        reasoning, closed, text = self._held.partition(self.CLOSE)
        if closed:
            self._state, self._held = "gap", ""
            return Delta(self._after(text).text, reasoning)
        keep = _overlap(reasoning, self.CLOSE)
        self._held = reasoning[len(reasoning) - keep :]
        return Delta(reasoning=reasoning[: len(reasoning) - keep])

    def _after(self, text: str) -> Delta:
        """Drop the empty lines that stand between the reasoning and the text."""
        text = text.lstrip("\n")
        if text:
            self._state = "text"
        return Delta(text)

    def _to_text(self) -> Delta:
        text, self._held, self._state = self._held, "", "text"
        return Delta(text)


def _overlap(text: str, tag: str) -> int:
    """Return how many letters at the text's end may be the tag's beginning."""
    return next((size for size in range(len(tag) - 1, 0, -1) if text.endswith(tag[:size])), 0)
