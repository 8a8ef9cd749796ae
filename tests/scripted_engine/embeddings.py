"""Embeddings made of the words' own hashes: texts that share words are near each other, and the same text is always at the same place."""

import math
import re
from hashlib import blake2b
from typing import Any

DIMENSIONS = 256
# Words of the longest text that is taken.
WINDOW = 512
# Words that this engine takes for the same: what meaning finds and words don't.
_SAME = {"automobile": "car", "vehicle": "car", "auto": "car", "physician": "doctor", "arzt": "doctor"}


def as_ollama(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Return status and body of an answer to /api/embed."""
    if not body.get("truncate", True) and any(len(text.split()) > WINDOW for text in body["input"]):
        return 400, {"error": "the input length exceeds the context length"}
    return 200, {"embeddings": _sized(body), "prompt_eval_count": _words(body)}


def as_openai(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Return status and body of an answer to /v1/embeddings, whose vectors come in any order."""
    if any(len(text.split()) > WINDOW for text in body["input"]):
        return 400, {"error": {"message": "This model's maximum context length is 512 tokens.", "type": "invalid_request_error"}}
    data = [{"index": number, "embedding": vector} for number, vector in enumerate(_sized(body))][::-1]
    return 200, {"data": data, "usage": {"prompt_tokens": _words(body), "total_tokens": _words(body)}}


def _sized(body: dict[str, Any]) -> list[list[float]]:
    return [vector[: body.get("dimensions") or DIMENSIONS] for vector in vectors(body["input"])]


def _words(body: dict[str, Any]) -> int:
    return sum(len(text.split()) for text in body["input"])


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
