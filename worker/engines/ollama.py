"""Ollama (https://github.com/ollama/ollama/blob/main/docs/api.md): /api/chat, /api/tags, /api/show, /api/ps.

An assistant's message at the thread's end is gone on with. A model that is not in memory is loaded by the request.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from worker.engines.base import ChatRequest, EngineUnavailable, Loading, Model, Options, StreamInterrupted, Usage
from worker.engines.http import Call, Http, Piece
from worker.engines.stream import Spoken, complaint, decode, read, refusal, words


class _Message(msgspec.Struct):
    content: str | None = None
    thinking: str | None = None


class _Line(msgspec.Struct):
    message: _Message | None = None
    done: bool = False
    done_reason: str | None = None
    prompt_eval_count: int | None = None
    eval_count: int | None = None
    error: Any = None


_decoder = msgspec.json.Decoder(_Line)
_encode = msgspec.json.Encoder().encode


class Ollama:
    """One Ollama server."""

    kind = "ollama"
    can_continue = True

    def __init__(self, url: str) -> None:
        self._http = Http(url, {"Accept-Encoding": "identity"})
        self._shown: dict[str, tuple[int | None, tuple[str, ...]]] = {}
        self._in_memory: set[str] | None = None

    def models(self) -> list[Model]:
        """List the pulled models. Raises EngineUnavailable."""
        names = [entry["name"] for entry in self._http.json("/api/tags").get("models") or []]
        self._in_memory = {entry["name"] for entry in self._http.json("/api/ps").get("models") or []}
        self._shown = {name: self._shown.get(name) or self._show(name) for name in names}
        return [
            Model(name=name, context_length=length, state="loaded" if name in self._in_memory else "cold", capabilities=capabilities)
            for name, (length, capabilities) in self._shown.items()
            if "embedding" not in capabilities or "completion" in capabilities
        ]

    def chat(self, request: ChatRequest) -> Call:
        """Return the answer, piece by piece; closing it makes Ollama stop."""
        return Call(lambda call: self._pieces(call, request))

    def _show(self, name: str) -> tuple[int | None, tuple[str, ...]]:
        try:
            shown = self._http.json("/api/show", {"model": name})
        except EngineUnavailable:
            return None, ()
        lengths = [value for key, value in (shown.get("model_info") or {}).items() if key.endswith(".context_length")]
        return (lengths[0] if lengths else None), tuple(shown.get("capabilities") or ())

    def _pieces(self, call: Call, request: ChatRequest) -> Iterator[Piece]:
        if self._in_memory is not None and request.model not in self._in_memory:
            yield Loading()
        response = self._http.open("/api/chat", _encode(_body(request)), call)
        if response.status_code != 200:
            raise refusal(response)
        spoken, usage = Spoken(continues=request.continues), None
        for block in read(call, response):
            for line in block:
                usage = _hear(line, spoken) or usage
            if usage:
                spoken.end()
            yield from spoken.take()
        if usage is None:
            raise StreamInterrupted("Ollama's answer ended before it was done")
        yield usage


def _hear(line: bytes, spoken: Spoken) -> Usage | None:
    told = decode(line, _decoder, _Line)
    if told.error is not None:
        raise complaint(words(told.error), StreamInterrupted)
    if told.message is not None:
        spoken.add(told.message.content, told.message.thinking)
    if not told.done:
        return None
    return Usage(told.prompt_eval_count, told.eval_count, told.done_reason or "stop")


def _body(request: ChatRequest) -> dict[str, Any]:
    return {
        "model": request.model,
        "messages": [{"role": turn.role, "content": turn.content} for turn in request.turns],
        "stream": True,
        "options": _options(request.options),
    }


def _options(options: Options) -> dict[str, Any]:
    named = {
        "temperature": options.temperature,
        "top_p": options.top_p,
        "num_predict": options.max_tokens,
        "seed": options.seed,
        "stop": list(options.stop) or None,
    }
    return {name: value for name, value in named.items() if value is not None}
