"""The JSON documents in an engine's lines: server-sent events, a document on each line, or one over many lines.

Servers mix these up: events without a blank between `data:` and its value, one document over several `data:` lines, events without
the empty line after them, bare JSON where events were asked for. So each line is taken for what it looks like.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from worker.engines.base import StreamInterrupted
from worker.engines.refusals import complaint
from worker.engines.wire import parse
from worker.engines.wire.lines import LINE_BYTES
from worker.engines.wire.parse import NotJson

T = TypeVar("T")
ODD = 500
_DONE = {b"[DONE]", b'"[DONE]"', b"DONE", b"[done]"}
# Names of events that say the same.
_LAST = {b"done", b"end", b"complete", b"completed", b"finish"}
# Byte order marks: once where a file was sent, more often where files were put together.
_BOM = re.compile(rb"(?:\xef\xbb\xbf)+")
# Field names as servers write them that build their events by hand, and twice where a proxy wraps events in events.
_FIELD = re.compile(rb"\s*(data|event|id|retry|error)\s*:", re.IGNORECASE)
# Errors that are a sentence instead of a document.
_ERROR = re.compile(rb"\s*(?:internal server )?error\b", re.IGNORECASE)
# The last line of an array of documents; inner arrays of one that is spread over lines end further in.
_ARRAY_END = re.compile(rb"\]\s*\Z|(?:,\s*)?\{.*\}\s*\]\s*\Z", re.DOTALL)
_AGAIN = re.compile(rb"(?:\s*data:)*", re.IGNORECASE)


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

    def hear(self, line: bytes) -> Sequence[T]:
        """Return the documents that this line completes. Raises StreamInterrupted for a broken one, EngineError for an event that is an error."""
        if line.startswith(b"data:"):
            return self._data(line[5:])
        if not line:
            return self._blank()
        if marks := _BOM.match(line):
            return self.hear(line[marks.end() :])
        if line.startswith(b":"):
            return ()
        if (self._in_event or not self._lines) and (field := _FIELD.match(line)):
            return self._field(field[1].lower(), line[field.end() :])
        return self._value(line, in_event=False)

    def end(self) -> Sequence[T]:
        """Return the documents that the end of the response completes. Raises StreamInterrupted where one is broken."""
        return self._whole() if self._lines else ()

    def _field(self, name: bytes, value: bytes) -> Sequence[T]:
        if name == b"data":
            return self._data(value)
        if name == b"error":
            raise complaint(_told(value.strip()))
        if name == b"event":
            self._name = value.strip().lower()
        return ()

    def _data(self, value: bytes) -> Sequence[T]:
        value = value[1:] if value.startswith(b" ") else value
        if self._name == b"error":
            raise complaint(_told(value))
        value = value[_AGAIN.match(value).end() :]  # type: ignore[union-attr]
        documents = self._value(value, in_event=True)
        self.done = self.done or (self._name in _LAST and not self._lines)
        return documents

    def _blank(self) -> Sequence[T]:
        documents = self._whole() if self._lines and self._in_event else ()
        self.done = self.done or self._name in _LAST
        self._name = b""
        return documents

    def _value(self, value: bytes, *, in_event: bool) -> Sequence[T]:
        if self._lines and self._lines[0].lstrip().startswith(b"["):  # an array is read once it is whole
            self._keep(value, in_event=in_event)
            return self._whole() if _ARRAY_END.match(value) else ()
        begins = (value if self._lines else value.lstrip()).startswith((b"{", b"[{"))
        if begins and (documents := self._documents(value)):
            if self._lines:  # the one before it was never completed
                raise _broken(self._lines)
            return documents
        if self._lines or begins or value.strip() == b"[":
            return self._keep(value, in_event=in_event)
        if value.strip() in _DONE:
            self.done = True
        elif _ERROR.match(value):
            raise complaint(_told(value.strip()))
        else:
            self.odd = (self.odd or value)[:ODD]
        return ()

    def _documents(self, value: bytes) -> Sequence[T]:
        """Return the documents that these bytes are: one, an array of them, or several in a row; none where they are not whole."""
        one = () if value.lstrip().startswith(b"[") else self._tried([value])
        documents = one or self._tried(parse.several(value))
        self.found += len(documents)
        return documents

    def _tried(self, values: Sequence[bytes]) -> Sequence[T]:
        try:
            return [self._read(value) for value in values]
        except NotJson:
            return ()

    def _keep(self, value: bytes, *, in_event: bool) -> Sequence[T]:
        self._lines.append(value)
        self._in_event = in_event
        self._size += len(value)
        if self._size > LINE_BYTES:
            raise StreamInterrupted("a document in the engine's answer does not end")
        return ()

    def _whole(self) -> Sequence[T]:
        lines, self._lines, self._size, self._in_event = self._lines, [], 0, False
        if documents := self._documents(b"\n".join(lines)):
            return documents
        raise _broken(lines)


def _told(value: bytes) -> Any:
    try:
        return parse.anything(value)
    except NotJson:
        return value[:ODD].decode("utf-8", "replace")


def _broken(lines: list[bytes]) -> StreamInterrupted:
    return StreamInterrupted(f"a line of the engine's answer can't be read: {b' '.join(lines)[:100]!r}")
