"""Bodies that come packed, though nobody asked for that: gzip and deflate, unpacked bit by bit so that a bomb never unfolds."""

import zlib
from collections.abc import Callable

Read = Callable[[int], bytes | None]
_PLAIN, _ZLIB = {"", "identity"}, {"gzip", "x-gzip", "deflate"}


def unpacked(read: Read, encoding: str) -> Read:
    """Return a reader of what the body says, at most as much at once as it is asked for. Raises ValueError, also while it is read."""
    encoding = encoding.strip().lower()
    if encoding in _PLAIN:
        return read
    if encoding not in _ZLIB:
        raise ValueError(f"the engine's answer is packed as {encoding[:40]!r}")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)  # finds out itself which of the two it is

    def read_unpacked(size: int) -> bytes | None:
        while True:
            piece = unpack.unconsumed_tail or read(size)
            if not piece:
                return piece
            try:
                if said := unpack.decompress(piece, size):
                    return said
            except zlib.error as error:
                raise ValueError(f"the engine's answer can't be unpacked: {error}") from None

    return read_unpacked
