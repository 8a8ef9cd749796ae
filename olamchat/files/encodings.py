"""Text in whatever encoding it was written. UTF-8 by itself; UTF-16 by its mark; others by what charset-normalizer makes of them."""

import re

from charset_normalizer import CharsetMatch, from_bytes

from olamchat.texts import is_keepable

# What a text may have beside letters: tab, line feed, form feed, carriage return, and the escape of coloured logs.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# In the order in which one is believed where a short text could be in several.
_LIKELY = [
    "cp1252",
    "cp1250",
    "cp1251",
    "gb18030",
    "cp932",
    "cp949",
    "euc_jp",
    "big5",
    "cp1256",
    "koi8_r",
    "cp1253",
    "cp1254",
    "cp1255",
    "tis_620",
]
_WIDE = ["utf_16_le", "utf_16_be"]
_ORDER = [*_LIKELY, *_WIDE]
_JAPANESE = {"cp932", "euc_jp"}
_KANA = re.compile("[\u3041-\u30fe]")
# In UTF-8 one may have come from somewhere; where the encoding is a guess they tell that it is wrong.
_UPPER_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")
# ISO-2022-JP changes its letters by these; the bytes are ASCII.
_JAPANESE_ESCAPES = (b"\x1b$B", b"\x1b$@")
# Six Turkish letters stand where Western Europe has Iceland's.
_TURKISH, _ICELANDIC = re.compile("[ðýþÐÝÞ]"), re.compile("[áéíóúæÁÉÍÓÚÆ]")
_EASTERN = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7af\uff00-\uffef]")
# Enough to tell an encoding by; all of a long text would take seconds.
SAMPLE_BYTES = 131_072


def decoded(data: bytes) -> str | None:
    """Return the text of these bytes, None where they are none."""
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
    if any(escape in data for escape in _JAPANESE_ESCAPES):
        return _as(data, "iso2022_jp") or _as(data, marked)
    text = _as(data, marked)
    if text is None and marked == "utf-8":
        return _narrow(data) or _wide(data)
    return text


def _narrow(data: bytes) -> str | None:
    """Return the text in an encoding of one byte, or of one and two; None where it is none. NULs stand in texts of UTF-16 alone."""
    found = None if b"\x00" in data[:SAMPLE_BYTES] else _guessed(data[:SAMPLE_BYTES], _LIKELY, len(data))
    text = _as(data, found) if found else None
    if text is None or _UPPER_CONTROLS.search(text):
        return None
    return _as(data, "cp1254") if found == "cp1252" and _TURKISH.search(text) and not _ICELANDIC.search(text) else text


def _wide(data: bytes) -> str | None:
    """Return the text in UTF-16 without a mark; one without any NUL has East Asian letters alone."""
    found = _guessed(data[: min(SAMPLE_BYTES, len(data) // 2 * 2)], _WIDE, len(data))
    text = _as(data, found) if found else None
    if text is None or _UPPER_CONTROLS.search(text):
        return None
    return text if b"\x00" in data or len(_EASTERN.findall(text)) > 0.9 * len(text) else None


def _as(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeError:
        return None
    return text if is_keepable(text) and not _CONTROLS.search(text) else None


def _guessed(sample: bytes, among: list[str], length: int) -> str | None:
    """Return the likeliest encoding of a text of this length that begins so."""
    found = from_bytes(sample if among is _WIDE else _whole_lines(sample, length), cp_isolation=among)
    ranked = [(_rank(match, name), name) for match in found for name in match.could_be_from_charset if name in _ORDER]
    return min(ranked)[1] if ranked else None


def _whole_lines(sample: bytes, length: int) -> bytes:
    return sample if len(sample) == length else sample[: sample.rfind(b"\n") + 1] or sample


def _rank(match: CharsetMatch, name: str) -> tuple[float, float, bool, int]:
    """The least is the likeliest. Chinese and Korean encodings have kana too, at the same places; only Japanese is written with them."""
    kana = name not in _JAPANESE and _KANA.search(str(match)) is not None
    return match.percent_chaos, -match.percent_coherence, kana, _ORDER.index(name)
