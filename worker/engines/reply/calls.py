"""Tool calls, put together from the pieces that engines send them in. They are passed on whole, when the answer ends.

So a call that was half written when its engine or worker died is never seen: the next attempt starts it over.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

import msgspec

from worker.engines.base import CallsTooLong, ToolCall
from worker.engines.reply.text import Characters
from worker.engines.wire import parse

MOST_CALLS, MOST_CHARS = 128, 500_000


class ToldFunction(msgspec.Struct):
    name: str | None = None
    arguments: Any = None


class CallPiece(msgspec.Struct):
    """A piece of a call, as Ollama and OpenAI's protocol both say it; Ollama has no `index`."""

    index: int | None = None
    id: str | None = None
    function: ToldFunction | None = None


def picked(told: Any) -> list[CallPiece]:
    """Return what can be understood of calls in an odd form."""
    told = [told] if isinstance(told, dict) else told
    entries = [entry for entry in told if isinstance(entry, dict)] if isinstance(told, list) else []
    return [_picked(entry) for entry in entries]


def _picked(entry: dict[str, Any]) -> CallPiece:
    id_ = entry.get("id")
    return CallPiece(place(entry.get("index")), str(id_) if isinstance(id_, str | int) else None, function(entry.get("function")))


def function(told: Any) -> ToldFunction | None:
    """Return what can be understood of a called function."""
    if not isinstance(told, dict):
        return None
    name = told.get("name")
    return ToldFunction(name if isinstance(name, str) else None, told.get("arguments"))


def place(told: Any) -> int | None:
    """Return an index, None where it is none."""
    return int(told) if isinstance(told, int) or (isinstance(told, str) and re.fullmatch(r"\d{1,6}", told)) else None


class _Call:
    def __init__(self) -> None:
        self.id, self.name = "", ""
        self.arguments: list[str] = []


class Calls:
    """The calls of one answer, in their order."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._places: dict[int, _Call] = {}
        self._length = 0

    def hear(self, pieces: Iterable[CallPiece] | None) -> None:
        """Take what a line says of calls. Raises CallsTooLong."""
        for piece in pieces or ():
            called = piece.function or ToldFunction()
            self.add(piece.index, piece.id, called.name, called.arguments)

    def add(self, place: int | None, id_: str | None, name: str | None, arguments: Any) -> None:
        """Take the next piece of the call at a place; without a place, of the newest unless it names another. Raises CallsTooLong."""
        call = self._at(place, id_, name)
        call.id, call.name = call.id or id_ or "", call.name or name or ""
        piece = written(arguments)
        call.arguments.append(piece)
        self._length += len(piece) + len(id_ or "") + len(name or "")
        if self._length > MOST_CHARS or len(self._calls) > MOST_CALLS:
            raise CallsTooLong(f"more than {MOST_CALLS} tool calls or {MOST_CHARS:,} characters in them")

    def whole(self) -> tuple[ToolCall, ...]:
        """Return the calls, with an id where the engine gave none."""
        return tuple(
            ToolCall(id=_clean(call.id) or f"call_{uuid4().hex}", name=_clean(call.name), arguments=_clean("".join(call.arguments)) or "{}")
            for call in self._calls
            if call.name
        )

    def _at(self, place: int | None, id_: str | None, name: str | None) -> _Call:
        known = self._places.get(place) if place is not None else (self._calls[-1] if self._calls else None)
        begins = bool(id_ and known and known.id and id_ != known.id) or (place is None and bool(name))
        if known is None or begins:
            known = _Call()
            self._calls.append(known)
            if place is not None:
                self._places[place] = known
        return known


def written(arguments: Any) -> str:
    """Return arguments as JSON; some engines send the object itself."""
    if arguments is None or isinstance(arguments, str):
        return arguments or ""
    try:
        return json.dumps(arguments, ensure_ascii=False)
    except ValueError:
        return ""


def read(arguments: str) -> Mapping[str, Any]:
    """Return the object that the arguments say; what is none stands in one."""
    try:
        told = parse.anything((arguments or "{}").encode("utf-8", "surrogatepass"))
    except parse.NotJson:
        told = None
    return told if isinstance(told, dict) else {"arguments": arguments}


def _clean(text: str) -> str:
    characters = Characters()
    return characters.whole(text) + characters.rest()
