"""Which chunks are weighed for a question: those with its rarest words, as many words as there is time for.

A question of common words alone would otherwise be compared with half of all documents.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from olamchat.db.rows import Row

# Words of a question that count: of a longer one the rarest.
MOST_WORDS = 48


@dataclass(frozen=True)
class Gathering:
    """A question's words as `said` and as documents have them, their parts of all chunks (None: rare), and the query that a chunk must answer to be weighed."""

    said: Sequence[str]
    words: Sequence[str]
    parts: Sequence[float | None]
    query: str | None


def gathering(rows: Sequence[Row], chunks: int, most: int) -> Gathering:
    """Return what to weigh of `chunks`: words are given the rarest first, and about `most` chunks are to be met."""
    kept = [row for forms in _by_said(rows) for row in forms][:MOST_WORDS]
    asked = [_word(list(forms)) for _, forms in groupby(kept, key=itemgetter("said"))]
    return Gathering(
        [row["said"] for row in kept], [quoted(row["word"]) for row in kept], [row["part"] for row in kept], _query(asked, chunks, most)
    )


def _by_said(rows: Sequence[Row]) -> list[list[Row]]:
    """Return each word's forms, the rarest word first. It is as common as its commonest form: those of other languages may stand nowhere."""
    forms: dict[str, list[Row]] = {}
    for row in rows:
        forms.setdefault(row["said"], []).append(row)
    return sorted(forms.values(), key=_part)


def _part(forms: Sequence[Row]) -> float:
    return max(row["part"] or 0.0 for row in forms)


def _word(forms: Sequence[Row]) -> tuple[str, float]:
    any_of = " | ".join(quoted(row["word"]) for row in forms)
    return (f"({any_of})" if len(forms) > 1 else any_of), _part(forms)


def _query(words: Sequence[tuple[str, float]], chunks: int, most: int) -> str | None:
    """Any of the rarest words; where even the first of them is too common, as many of them together as it takes."""
    any_of: list[str] = []
    met = 0.0
    for word, part in words:
        met += part * chunks
        if any_of and met > most:
            break
        any_of.append(word)
    if len(any_of) > 1 or not words or words[0][1] * chunks <= most:
        return " | ".join(any_of) or None
    return _together(words, chunks, most)


def _together(words: Sequence[tuple[str, float]], chunks: int, most: int) -> str:
    all_of: list[str] = []
    met = float(chunks)
    for word, part in words:
        all_of.append(word)
        met *= part
        if met <= most:
            break
    return " & ".join(all_of)


def quoted(word: str) -> str:
    """Return a word as a tsquery has it."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
