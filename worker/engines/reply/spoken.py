"""What the lines of one block say, put together: whole characters, thoughts apart, nothing twice where an answer is continued."""

from worker.engines.base import Anew, Delta, Thoughts
from worker.engines.reply.seam import Seam
from worker.engines.reply.tags import without
from worker.engines.reply.text import Characters, LastTokens
from worker.engines.reply.thinking import Thinking


class Spoken:
    """Collects text and reasoning, so that a block goes on as one Delta, or a few where reasoning follows text."""

    def __init__(self, continued: str = "") -> None:
        """`continued`: the text that the engine was asked to continue."""
        self._characters, self._thoughts = Characters(), Characters()
        self._last = LastTokens()
        self._seam, self._thinking = Seam(continued), Thinking(continued)
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._done: list[Delta | Thoughts | Anew] = []

    @property
    def began_again(self) -> bool:
        """Tell whether the engine repeated the text that it was to continue."""
        return self._seam.began_again

    def add(self, text: str | None, reasoning: str | None = None) -> None:
        """Take one line's text and reasoning."""
        if reasoning and (thought := without(reasoning)):
            self._put(Delta(reasoning=self._thoughts.whole(thought)))
        if text:
            self._say(self._last.pass_on(self._characters.whole(text)))

    def end(self) -> None:
        """Take what was held back: the stream has ended."""
        self._put(Delta(reasoning=self._thoughts.rest()))
        self._say(self._last.pass_on(self._characters.rest()) + self._last.rest())
        self._split(self._seam.rest())
        for piece in self._thinking.rest():
            self._put(piece)

    def take(self) -> list[Delta | Thoughts | Anew]:
        """Return what was collected since the last time."""
        self._cut()
        done, self._done = self._done, []
        return done

    def _say(self, text: str) -> None:
        passed = self._seam.pass_on(text)
        if passed is None:  # a new answer, in other words
            self._cut()
            self._done.append(Anew())
            self._thinking, passed = Thinking(), self._seam.held
        self._split(passed)

    def _split(self, text: str) -> None:
        if text:
            for piece in self._thinking.split(text):
                self._put(piece)

    def _put(self, piece: Delta | Thoughts) -> None:
        if isinstance(piece, Thoughts):
            self._rethink(piece.chars)
            return
        if piece.reasoning:
            if self._text:
                self._cut()
            self._reasoning.append(piece.reasoning)
        if piece.text:
            self._text.append(piece.text)

    def _rethink(self, chars: int) -> None:
        """Make the last characters reasoning: those of this block here, others by the one who has them."""
        text = "".join(self._text)
        if chars > len(text):
            self._cut()
            self._done.append(Thoughts(chars))
            return
        self._text = [text[: len(text) - chars]]
        self._cut()
        if thought := text[len(text) - chars :].strip("\n"):
            self._reasoning.append(thought)

    def _cut(self) -> None:
        text, reasoning = "".join(self._text), "".join(self._reasoning)
        if text or reasoning:
            self._done.append(Delta(text, reasoning))
        self._text, self._reasoning = [], []
