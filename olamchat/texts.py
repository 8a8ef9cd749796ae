"""What may be kept as text."""

import re

# PostgreSQL keeps no NUL, and UTF-8 has no half of a surrogate pair.
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def is_keepable(text: str) -> bool:
    """Tell whether PostgreSQL can keep the text: no NUL, no lone surrogate."""
    return _UNKEEPABLE.search(text) is None


def keepable(text: str) -> str:
    """Return the text with a space for each character that can't be kept."""
    return _UNKEEPABLE.sub(" ", text)
