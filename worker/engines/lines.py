"""The lines of a response as they come, whole blocks of them at a time."""

from collections.abc import Callable, Iterator

from worker.engines.base import StreamInterrupted

BLOCK_BYTES = 65_536
LINE_BYTES = 1_048_576


def blocks(read: Callable[[int], bytes | None]) -> Iterator[list[bytes]]:
    """Yield, for each piece that `read` returns, the lines it completed (without their ends; empty ones are left out).

    Where `read` returns None, nothing is there now, and an empty block says so. The bytes after the last line end, if any, are the last block. Raises StreamInterrupted for a line that doesn't end.
    """
    begun = bytearray()  # grows in place: a line may come byte by byte
    while (piece := read(BLOCK_BYTES)) != b"":
        if piece is None:
            yield []
            continue
        before, ended, rest = piece.rpartition(b"\n")
        begun += before if ended else piece
        if ended:
            complete = [line for line in bytes(begun).split(b"\n") if line and line != b"\r"]
            begun = bytearray(rest)
            if complete:
                yield complete
        if len(begun) > LINE_BYTES:
            raise StreamInterrupted("a line of the engine's answer does not end")
    if begun.strip():
        yield [bytes(begun)]
