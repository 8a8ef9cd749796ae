"""Response bodies within bounds: what a compressed bomb unfolds to is never held, and neither is what a server sends without end."""

import zlib
from collections.abc import AsyncIterable, Callable

from worker.steps.builtin.refusals import NotDone

Unpack = Callable[[bytes, int], bytes]
_WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


def unpacker(encoding: str) -> Unpack:
    """Return what unpacks pieces of a Content-Encoding, each to at most so many bytes. Raises NotDone."""
    if encoding in {"", "identity"}:
        return lambda piece, most: piece[:most]
    if encoding not in _WINDOWS:
        raise NotDone("not_readable", f"The page comes compressed as {encoding[:40]}, which was not asked for.")
    stream = zlib.decompressobj(_WINDOWS[encoding])
    return stream.decompress


async def within(pieces: AsyncIterable[bytes], unpack: Unpack, most: int) -> tuple[bytes, bool]:
    """Return the body's beginning, `most` bytes of it at most, and whether it goes on. Raises NotDone."""
    data, came = bytearray(), 0
    async for piece in pieces:
        came += len(piece)
        try:
            data += unpack(piece, most + 1 - len(data))
        except zlib.error:
            raise NotDone("not_readable", "The page is broken: it can't be unpacked.") from None
        if len(data) > most or came > most:
            return bytes(data[:most]), True
    return bytes(data), False
