"""The body of a chunked response, read straight from its socket without waiting.

http.client waits for each chunk and for its end; a thread that hears many engines must not wait for any of them.
"""

import socket
from http.client import HTTPResponse

import requests

SIZE_LINE_BYTES = 1_024


class Chunked:
    """Returns what has come of a chunked body (RFC 9112, 7.1): None for nothing yet, b"" after its end."""

    def __init__(self, used: socket.socket, begun: bytes) -> None:
        """`begun`: what was read from the socket already."""
        self._socket = used
        self._rest, self._begun = b"", begun
        self._left = self._skip = 0
        self._ended = self._drained = False

    @property
    def ended_well(self) -> bool:
        """Tell whether the last chunk came and nothing after it, so that the connection can serve another request."""
        return self._ended and self._rest == b"\r\n"

    def read(self, size: int) -> bytes | None:
        """Return what has come, at most about `size` bytes. Raises OSError or ValueError when the body breaks off or is none."""
        if self._ended:
            return b""
        data = self._receive(size)
        return None if data is None else self._unwrap(self._rest + data)

    def _receive(self, size: int) -> bytes | None:
        if begun := self._begun:
            self._begun = b""
            return begun
        if self._drained:  # the last read brought less than it had room for: asking again would find nothing
            self._drained = False
            return None
        try:
            data = self._socket.recv(size)
        except BlockingIOError:
            return None
        if not data:
            raise ConnectionError("the connection ended within the answer")
        self._drained = len(data) < size
        return data

    def _unwrap(self, data: bytes) -> bytes | None:
        """Return what the data holds of chunks, None where that is nothing yet; the beginning of a size line is kept."""
        at, pieces = 0, []
        while at < len(data):
            if self._left:
                piece = data[at : at + self._left]
                pieces.append(piece)
                at += len(piece)
                self._left -= len(piece)
                continue
            end = data.find(b"\r\n", at + self._skip)
            if end < 0:
                break
            self._left = _size(data[at:end], self._skip)
            self._skip, at = 2, end + 2
            if not self._left:
                self._ended = True
                break
        self._rest = data[at:]
        if not self._ended and len(self._rest) > SIZE_LINE_BYTES:
            raise ValueError("a chunk of the engine's answer has no size")
        return b"".join(pieces) or (b"" if self._ended else None)


def chunked(response: requests.Response) -> Chunked | None:
    """Return the body of a response that can be read without waiting; None where its connection or its form doesn't allow it."""
    original = response.raw._original_response  # noqa: SLF001, the connection below is what this is about
    used = getattr(response.raw._connection, "sock", None)  # noqa: SLF001
    if type(used) is not socket.socket or not isinstance(original, HTTPResponse) or original.fp is None:
        return None
    if not original.chunked:
        return None
    used.setblocking(False)
    return Chunked(used, original.fp.peek())


def finish(response: requests.Response, body: Chunked) -> None:
    """Let urllib3 know that a body which was read past it is at its end, where its connection can be used again."""
    original = response.raw._original_response  # noqa: SLF001
    if body.ended_well and original is not None and not original.will_close:
        original.close()


def _size(line: bytes, skip: int) -> int:
    """Return the size in a chunk's first line, which the end of the chunk before precedes."""
    digits = line[skip:].partition(b";")[0].strip()
    if line[:skip] != b"\r\n"[:skip] or not digits.isalnum():
        raise ValueError(f"no size of a chunk: {line[:40]!r}")
    return int(digits, 16)
