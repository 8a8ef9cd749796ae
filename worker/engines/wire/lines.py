"""The lines of a response as they come, whole blocks of them at a time."""

from collections.abc import Callable, Iterator

from worker.engines.base import StreamInterrupted

BLOCK_BYTES = 65_536
LINE_BYTES = 1_048_576


def blocks(read: Callable[[int], bytes | None]) -> Iterator[list[bytes]]:
    """Yield, for each piece that `read` returns, the lines it completed, without their ends (LF, CRLF or CR).

    Where `read` returns None, nothing is there now, and an empty block says so. The bytes after the last line end, if any, are the last block. Raises StreamInterrupted for a line that doesn't end.
    """
    begun = bytearray()  # grows in place: a line may come byte by byte
    after_cr = False
    while (piece := read(BLOCK_BYTES)) != b"":
        if piece is None:
            yield []
            continue
        if after_cr and piece[:1] == b"\n":
            piece = piece[1:]
        after_cr = piece[-1:] == b"\r"
        end = max(piece.rfind(b"\n"), piece.rfind(b"\r")) + 1
        begun += piece[:end] if end else piece
        if end:
            complete = bytes(begun).splitlines()
            begun = bytearray(piece[end:])
            yield complete
        if len(begun) > LINE_BYTES:
            raise StreamInterrupted("a line of the engine's answer does not end")
    if begun.strip():
        yield [bytes(begun)]
