"""Names that two rows of an Open WebUI may share, and that here are one's alone: the second gets a number, the same one in every run."""

from collections.abc import Hashable


class Names:
    """Gives each row a name of its own among those of one owner; capitals count where `exact`."""

    def __init__(self, most: int, *, exact: bool = True) -> None:
        self._most, self._exact = most, exact
        self._taken: set[tuple[Hashable, str]] = set()

    def own(self, name: str, owner: Hashable = None) -> str:
        """Return the name, with a number where a row before had it."""
        called, number = name, 1
        while (owner, self._key(called)) in self._taken:
            number += 1
            called = f"{name[: self._most]} ({number})"
        self._taken.add((owner, self._key(called)))
        return called

    def _key(self, name: str) -> str:
        return name if self._exact else name.lower()
