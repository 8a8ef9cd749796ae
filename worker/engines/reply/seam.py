"""Where an answer is continued: does the engine go on, or does it begin again, though it says that it can go on?"""

# So many characters in a row that are the same as the answer's beginning are no chance.
SURE = 24
# A text shorter than this may be said twice on purpose ("ha" and "ha").
SHORTEST = 8


class Seam:
    """Compares what comes with the text that is there. `began_again` is set once the engine repeats it."""

    def __init__(self, said: str = "") -> None:
        self._said = said.strip()
        self._held = ""
        self._is_open = len(self._said) >= SHORTEST
        self.began_again = False

    def pass_on(self, piece: str) -> str | None:
        """Return what of the piece is new, None where a new answer has begun in other words: `held` is its text so far.

        The beginning is held for as long as it says what is there already.
        """
        if not self._is_open:
            return piece
        self._held += piece
        come = self._held.lstrip()
        if self._said.startswith(come):
            return ""
        self._is_open = False
        if come.startswith(self._said):
            self.began_again = True
            return come[len(self._said) :]
        if same(come, self._said) < SURE:
            return self._held
        self.began_again = True
        return None

    @property
    def held(self) -> str:
        return self._held

    def rest(self) -> str:
        """Return what is still held at the end, unless it only repeats."""
        if not self._is_open:
            return ""
        self._is_open = False
        self.began_again = len(self._held.strip()) >= SURE
        return "" if self.began_again else self._held


def same(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    return next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), min(len(one), len(other)))
