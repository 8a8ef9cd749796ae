"""The lines of a response as they come, whole blocks of them at a time."""

from collections.abc import Callable, Iterator

from worker.engines.base import StreamInterrupted

BLOCK_BYTES = 65_536
LINE_BYTES = 1_048_576


def blocks(read: Callable[[int], bytes | None]) -> Iterator[list[bytes]]:
    """Yield, for each piece that `read` returns, the lines it completed (without their ends; empty ones are left out).

    Where `read` returns None, nothing is there now, and an empty block says so. The bytes after the last line end, if any, are the last block. Raises StreamInterrupted for a line that doesn't end.
    """
    rest = b""
    while (piece := read(BLOCK_BYTES)) != b"":
        if piece is None:
            yield []
            continue
        *lines, rest = (rest + piece).split(b"\n") if rest else piece.split(b"\n")
        if len(rest) > LINE_BYTES:
            raise StreamInterrupted("a line of the engine's answer does not end")
        if complete := [line for line in lines if line and line != b"\r"]:
            yield complete
    if rest.strip():
        yield [rest]
