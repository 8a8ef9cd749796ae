"""Bodies that come packed, though nobody asked for that: gzip and deflate, unpacked bit by bit so that a bomb never unfolds."""

import zlib
from collections.abc import Callable

Read = Callable[[int], bytes | None]
# What says nothing of packing; some servers write the charset there.
_PLAIN = {"", "identity", "none", "utf-8", "utf8", "chunked"}
_ZLIB = {"gzip", "x-gzip", "deflate"}
_GZIP = b"\x1f\x8b"
# How a body begins that is called packed and isn't.
_TEXT = (b"{", b"[", b":", b"data", b"event", b"id", b"<", b"\n", b"\r", b" ")


class CannotUnpack(ValueError):
    """The body is packed in a way that is not known here."""


def unpacked(read: Read, encoding: str) -> Read:
    """Return a reader of what the body says, at most as much at once as it is asked for. Raises CannotUnpack, ValueError while it is read."""
    packings = [name for name in map(str.strip, encoding.lower().split(",")) if name not in _PLAIN]
    if not packings:
        return read
    if len(packings) > 1 or packings[0] not in _ZLIB:
        raise CannotUnpack(f"the engine's answer is packed as {encoding[:40]!r}")
    return _Unpacking(read).read


class _Unpacking:
    def __init__(self, read: Read) -> None:
        self._read = read
        self._unpack: zlib._Decompress | None = None
        self._is_plain: bool | None = None

    def read(self, size: int) -> bytes | None:
        while True:
            piece = self._rest() or self._read(size)
            if piece and self._is_plain is None:
                self._is_plain = any(piece.startswith(text[: len(piece)]) for text in _TEXT)
            if not piece or self._is_plain:
                return piece
            if said := self._unpacked(piece, size):
                return said

    def _rest(self) -> bytes:
        return self._unpack.unconsumed_tail or self._unpack.unused_data if self._unpack else b""

    def _unpacked(self, piece: bytes, size: int) -> bytes:
        if self._unpack is None or self._unpack.eof:  # one packed part may follow another
            self._unpack = _begun(piece)
        try:
            return self._unpack.decompress(piece, size)
        except zlib.error as error:
            raise ValueError(f"the engine's answer can't be unpacked: {error}") from None


def _begun(piece: bytes) -> "zlib._Decompress":
    """With a header it finds out itself which of the two it is; some servers leave deflate's away (RFC 1950, 2.2)."""
    is_zlib = piece[0] & 0x0F == zlib.DEFLATED and (len(piece) < 2 or int.from_bytes(piece[:2], "big") % 31 == 0)
    has_header = is_zlib or piece.startswith(_GZIP[: len(piece)])
    return zlib.decompressobj(zlib.MAX_WBITS | 32 if has_header else -zlib.MAX_WBITS)
