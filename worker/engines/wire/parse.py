"""JSON that an engine sends. It is never read as deep as it is nested, and bytes that are no characters don't stop it."""

import json
import re
from itertools import accumulate
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
# What any engine nests is under ten. Every parser here recurses, and one that does near the interpreter's limit takes others down with it.
DEPTH = 64
# A string, so that brackets in it count for nothing; one that doesn't end reaches to the end.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes(set(range(256)) - set(_STEPS))
_REFUSED = (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError)
_DECODER = json.JSONDecoder(strict=False)
_BETWEEN = re.compile(r"[\s,]*(?:data:\s*|\[DONE\])*")
_ANYTHING: msgspec.json.Decoder[Any] = msgspec.json.Decoder()


class NotJson(ValueError):
    """It is not JSON, is of another shape, or is nested too deeply."""


def read(data: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    """Return what the JSON says, in the decoder's shape. Raises NotJson."""
    if is_too_deep(data):
        raise NotJson("nested too deeply")
    try:
        return decoder.decode(data)
    except _REFUSED:
        pass
    try:  # json takes NaN, half characters, long numbers and bare control characters, too
        return msgspec.convert(json.loads(data.decode("utf-8", "replace"), strict=False), decoder.type)
    except _REFUSED as error:
        raise NotJson(str(error)[:200]) from None


def anything(data: bytes) -> Any:
    """Return what the JSON says, whatever it is. Raises NotJson."""
    return read(data, _ANYTHING)


def several(data: bytes) -> list[bytes]:
    """Return the documents in what is an array of them, or several in a row with `data:` or nothing between them; none where it is neither."""
    if is_too_deep(data):
        return []
    text, at, found = data.decode("utf-8", "replace").strip(), 0, list[Any]()
    try:
        while at < len(text):
            told, at = _DECODER.raw_decode(text, at)
            found += told if isinstance(told, list) else [told]
            at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
    except _REFUSED:
        return []
    return [json.dumps(document).encode() for document in found]


def is_too_deep(data: bytes) -> bool:
    """Tell whether arrays and objects are nested deeper than DEPTH."""
    if data.count(b"[") + data.count(b"{") <= DEPTH:
        return False
    brackets = _STRING.sub(b"", data).translate(None, _NO_BRACKETS)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > DEPTH
