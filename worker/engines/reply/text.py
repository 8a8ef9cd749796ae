"""What makes an engine's text fit to be kept: whole characters only, and none that Postgres refuses."""

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
