"""Text in whatever encoding it was written. UTF-8 by itself; UTF-16 by its mark; others by what charset-normalizer makes of them."""

import re

from charset_normalizer import CharsetMatch, from_bytes

from olamchat.texts import is_keepable

# What a text may have beside letters: tab, line feed, form feed, carriage return, and the escape of coloured logs.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# In the order in which one is believed where a short text could be in several.
_LIKELY = ["cp1252", "cp1250", "cp1251", "gb18030", "cp932", "cp949", "euc_jp", "big5", "cp1256", "koi8_r", "cp1253", "cp1254", "cp1255"]
_WIDE = ["utf_16_le", "utf_16_be"]
_ORDER = [*_LIKELY, *_WIDE]
_JAPANESE = {"cp932", "euc_jp"}
_KANA = re.compile("[\u3041-\u30fe]")
# In UTF-8 one may have come from somewhere; where the encoding is a guess they tell that it is wrong.
_UPPER_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")
# Enough to tell an encoding by; all of a long text would take seconds.
SAMPLE_BYTES = 131_072


def decoded(data: bytes) -> str | None:
    """Return the text of these bytes, None where they are none."""
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
    text = _as(data, marked)
    if text is None and marked == "utf-8" and (found := _guessed(data)):
        text = _as(data, found)
        return None if text is None or _UPPER_CONTROLS.search(text) else text
    return text


def _as(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeError:
        return None
    return text if is_keepable(text) and not _CONTROLS.search(text) else None


def _guessed(data: bytes) -> str | None:
    """Return the likeliest encoding. NULs stand in texts of UTF-16 alone."""
    sample = data[:SAMPLE_BYTES]
    wide = b"\x00" in sample
    sample = sample[: len(sample) // 2 * 2] if wide else _whole_lines(sample, data)
    found = from_bytes(sample, cp_isolation=_WIDE if wide else _LIKELY)
    ranked = [(_rank(match, name), name) for match in found for name in match.could_be_from_charset if name in _ORDER]
    return min(ranked)[1] if ranked else None


def _whole_lines(sample: bytes, data: bytes) -> bytes:
    return sample if len(sample) == len(data) else sample[: sample.rfind(b"\n") + 1] or sample


def _rank(match: CharsetMatch, name: str) -> tuple[float, float, bool, int]:
    """The least is the likeliest. Chinese and Korean encodings have kana too, at the same places; only Japanese is written with them."""
    kana = name not in _JAPANESE and _KANA.search(str(match)) is not None
    return match.percent_chaos, -match.percent_coherence, kana, _ORDER.index(name)
