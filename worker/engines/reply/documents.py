"""The JSON documents in an engine's lines: server-sent events, a document on each line, or one over many lines.

Servers mix these up: events without a blank between `data:` and its value, one document over several `data:` lines, events without
the empty line after them, bare JSON where events were asked for. So each line is taken for what it looks like.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from worker.engines.base import StreamInterrupted
from worker.engines.refusals import complaint
from worker.engines.wire import parse
from worker.engines.wire.lines import LINE_BYTES
from worker.engines.wire.parse import NotJson

T = TypeVar("T")
ODD = 500
_DONE = {b"[DONE]", b'"[DONE]"', b"DONE", b"[done]"}
_BOM = b"\xef\xbb\xbf"


class Documents(Generic[T]):
    """Hears lines; `read` makes a document of bytes and raises NotJson. `done`: `[DONE]` has come. `odd`: the first words that are no document. `found`: documents so far."""

    def __init__(self, read: Callable[[bytes], T]) -> None:
        self._read = read
        self._lines: list[bytes] = []  # of a document that is not whole yet
        self._size = 0
        self._in_event = False  # they are an event's, which ends with an empty line
        self._name = b""
        self.done = False
        self.odd = b""
        self.found = 0

    def hear(self, line: bytes) -> T | None:
        """Return the document that this line completes. Raises StreamInterrupted for a broken one, EngineError for an event that is an error."""
        if line.startswith(b"data:"):
            return self._data(line[5:])
        if not line:
            return self._blank()
        if line.startswith(_BOM):
            return self.hear(line[3:])
        if line.startswith((b":", b"id:", b"retry:")):
            return None
        if line.startswith(b"event:"):
            self._name = line[6:].strip()
            return None
        return self._value(line, in_event=False)

    def end(self) -> T | None:
        """Return the document that the end of the response completes. Raises StreamInterrupted where it is broken."""
        return self._whole() if self._lines else None

    def _data(self, value: bytes) -> T | None:
        value = value[1:] if value.startswith(b" ") else value
        if self._name == b"error":
            raise complaint(_told(value))
        return self._value(value, in_event=True)

    def _blank(self) -> T | None:
        self._name = b""
        return self._whole() if self._lines and self._in_event else None

    def _value(self, value: bytes, *, in_event: bool) -> T | None:
        begins = (value if self._lines else value.lstrip()).startswith((b"{", b"[{"))
        if begins:
            try:
                document = self._read(value)
            except NotJson:
                pass
            else:
                if self._lines:  # the one before it was never completed
                    raise _broken(self._lines)
                self.found += 1
                return document
        if self._lines or begins or value.strip() == b"[":
            self._keep(value, in_event=in_event)
        elif value.strip() in _DONE:
            self.done = True
        else:
            self.odd = (self.odd or value)[:ODD]
        return None

    def _keep(self, value: bytes, *, in_event: bool) -> None:
        self._lines.append(value)
        self._in_event = in_event
        self._size += len(value)
        if self._size > LINE_BYTES:
            raise StreamInterrupted("a document in the engine's answer does not end")

    def _whole(self) -> T:
        lines, self._lines, self._size = self._lines, [], 0
        try:
            document = self._read(b"\n".join(lines))
        except NotJson:
            raise _broken(lines) from None
        self.found += 1
        return document


def _told(value: bytes) -> Any:
    try:
        return parse.anything(value)
    except NotJson:
        return value[:ODD].decode("utf-8", "replace")


def _broken(lines: list[bytes]) -> StreamInterrupted:
    return StreamInterrupted(f"a line of the engine's answer can't be read: {b' '.join(lines)[:100]!r}")
