"""What a file is, by its bytes: the name and what the client says of it count for nothing. Headers are read, nothing is decoded."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from olamchat.files.encodings import decoded

Kind = Literal["image", "text", "pdf", "office"]
# An image of more is a bomb, or of no use to a model.
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 16_384
PDF_HEAD = 1024
# Less is the stump of a picture rather than a text about one.
SHORTEST = 14
# A photo has some dozen segments before its frame; without a bound a file of nothing else takes seconds.
MOST_SEGMENTS = 1_000
_WHITE = b"\x00\t\n\x0c\r "
_TAKEN = "Only PNG, JPEG, WebP, GIF and AVIF images, PDF, DOCX, XLSX, PPTX, ODT, EPUB and text are taken."
_TEXTS = {"md": "text/markdown", "markdown": "text/markdown", "csv": "text/csv", "json": "application/json"}


class NotTaken(Exception):
    """The bytes are of no type that is taken; the message is for people."""


class Unreadable(Exception):
    """The bytes begin as a type that is taken, and are broken or too large in themselves; the message is for people."""


@dataclass(frozen=True, kw_only=True)
class Sniffed:
    """What a file is; an image has its size in pixels, a text its words."""

    kind: Kind
    media_type: str
    endings: tuple[str, ...] = ()
    width: int | None = None
    height: int | None = None
    text: str | None = None


Size = tuple[int, int]


def sniff(data: bytes, name: str = "") -> Sniffed:
    """Tell what the bytes are; the name only says which of the plain texts it is. Raises NotTaken, Unreadable."""
    for begins, media_type, endings, size in _IMAGES:
        if begins(data):
            width, height = _bounded(size(data))
            return Sniffed(kind="image", media_type=media_type, endings=endings, width=width, height=height)
    if _is_pdf(data):
        return Sniffed(kind="pdf", media_type="application/pdf", endings=("pdf",))
    return Sniffed(kind="text", media_type=_TEXTS.get(ending(name), "text/plain"), text=_text(data))


def ending(name: str) -> str:
    """Return what stands after the last dot, in small letters."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _is_pdf(data: bytes) -> bool:
    """Readers take a PDF whose head has something before it (Adobe, PDF 1.7, H.3.4.1); a text that only names the mark is a text."""
    head = data[:PDF_HEAD]
    return head.lstrip(_WHITE).startswith(b"%PDF-") or (b"%PDF-" in head and decoded(data) is None)


def _is_no_text(data: bytes) -> bool:
    """Tell a picture from a text that begins with its mark: the sizes and ends of a picture's parts have NULs."""
    return len(data) < SHORTEST or b"\x00" in data[:1024]


def _text(data: bytes) -> str:
    text = decoded(data)
    if text is None:
        raise NotTaken(_NAMED.get(brand(data), _TAKEN))
    if not text.strip():
        raise Unreadable("There is nothing in this file.")
    return text


def brand(data: bytes) -> str:
    """Return which kind of image a container of ISO 14496-12 says it is, "" for what is none: "heic", "avif"."""
    if data[4:8] != b"ftyp":
        return ""
    brands = {data[at : at + 4] for at in range(8, min(len(data), 64), 4)}
    return "avif" if brands & _AVIF else "heic" if brands & _HEIC else ""


_AVIF = frozenset([b"avif", b"avis"])
_HEIC = frozenset([b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"])
_NAMED = {
    "heic": "HEIC photos are not supported. Save this one as JPEG and attach that.",
    "avif": "This AVIF image is animated or broken. Save it as PNG, GIF or WebP and attach that.",
}


def _bounded(size: Size | None) -> Size:
    if size is None or min(size) < 1:
        raise Unreadable("This image is broken.")
    width, height = size
    if max(size) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise Unreadable(f"This image has {width:,} × {height:,} pixels; {MOST_PIXELS // 1_000_000} million are the most.")
    return size


def _png(data: bytes) -> Size | None:
    return struct.unpack(">II", data[16:24]) if len(data) >= 33 and data[12:16] == b"IHDR" else None


def _gif(data: bytes) -> Size | None:
    return struct.unpack("<HH", data[6:10]) if len(data) >= 13 else None


def _jpeg(data: bytes) -> Size | None:
    """Walk over the segments to the frame's header (ITU T.81, B.2)."""
    at = 2
    for _ in range(MOST_SEGMENTS):
        if at + 9 > len(data) or data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        if marker in {0xD9, 0xDA} or length < 2:
            return None
        at += 2 + length
    return None


def _webp(data: bytes) -> Size | None:
    """Read the first chunk (RFC 9649): lossy, lossless or extended."""
    head = data[12:16]
    if len(data) < 30:
        return None
    if head == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if head == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if head == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    return None


_IMAGES: tuple[tuple[Callable[[bytes], bool], str, tuple[str, ...], Callable[[bytes], Size | None]], ...] = (
    (lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"), "image/png", ("png",), _png),
    (lambda data: data.startswith(b"\xff\xd8\xff"), "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), _jpeg),
    (lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP" and _is_no_text(data), "image/webp", ("webp",), _webp),
    (lambda data: data[:6] in {b"GIF87a", b"GIF89a"} and _is_no_text(data), "image/gif", ("gif",), _gif),
)
