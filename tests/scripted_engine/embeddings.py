"""Embeddings made of the words' own hashes: texts that share words are near each other, and the same text is always at the same place."""

import math
import re
from hashlib import blake2b

DIMENSIONS = 256
# Words that this engine takes for the same: what meaning finds and words don't.
_SAME = {"automobile": "car", "vehicle": "car", "auto": "car", "physician": "doctor", "arzt": "doctor"}


def vectors(texts: list[str]) -> list[list[float]]:
    """Return a vector for each text."""
    return [vector(text) for text in texts]


def vector(text: str) -> list[float]:
    """Return the text's place: a sum of its words' places, of length 1."""
    found = [0.001] * DIMENSIONS
    for word in re.findall(r"\w+", text.lower()):
        digest = blake2b(_SAME.get(word, word).encode(), digest_size=32).digest()
        for place, sign in zip(digest[::2], digest[1::2], strict=True):
            found[place % DIMENSIONS] += 1 if sign % 2 else -1
    length = math.sqrt(sum(value * value for value in found)) or 1
    return [value / length for value in found]
