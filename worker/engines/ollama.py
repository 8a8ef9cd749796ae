"""Ollama (https://github.com/ollama/ollama/blob/main/docs/api.md): /api/chat, /api/tags, /api/show, /api/ps.

A message of the assistant's at the end of the thread is continued, unless the model's template closes it: models made from a bare GGUF file
start over, so each model is tested before it is relied on. A model that is not in memory is loaded by the request.
"""

import re
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from olamchat.roster import Effort
from worker.engines import ollama_lines
from worker.engines.base import (
    ChatRequest,
    Demands,
    Embedded,
    EngineUnavailable,
    Loading,
    Message,
    Model,
    Options,
    Piece,
    ToEmbed,
    ToolsRejected,
    counted,
)
from worker.engines.continuing import Continuing, goes_on
from worker.engines.efforts import GRADED, SWITCHED
from worker.engines.ollama_pull import Pulling
from worker.engines.refusals import is_success, refusal
from worker.engines.reply.calls import read as read_arguments
from worker.engines.reply.hear import HeardAnswer, hear
from worker.engines.wire.http import EngineCall, Http
from worker.engines.wire.stream import named

NUM_CTX = re.compile(r"^num_ctx\s+(\d{1,9})\b", re.MULTILINE)
# The context that Ollama gives a model unless it is told otherwise; and that of the versions whose /api/ps doesn't say (before 0.6.7).
USUAL, UNSAID = 4096, 2048
# For how long models are described that are new in the list, and how much of their parameters is read.
SHOW_S, PARAMETERS = 10.0, 100_000
THINKING, GRADED_FAMILIES = "thinking", {"gptoss", "gpt-oss"}


@dataclass(frozen=True)
class _Shown:
    """What /api/show says of a model."""

    length: int | None = None
    capabilities: tuple[str, ...] = ()
    efforts: tuple[Effort, ...] = ()
    num_ctx: int | None = None


class _Listed(msgspec.Struct):
    models: list[Any] | None = None


class _Description(msgspec.Struct):
    model_info: dict[str, Any] | None = None
    parameters: str | None = None
    capabilities: list[str] | None = None
    details: dict[str, Any] | None = None


class _Vectors(msgspec.Struct):
    embeddings: list[list[float]]
    prompt_eval_count: Any = None


_encode = msgspec.json.Encoder().encode


class Ollama:
    """One Ollama server."""

    kind = "ollama"

    def __init__(self, url: str, *, windows: Mapping[str, int] | None = None, key: str = "") -> None:
        """`windows`: the contexts in tokens that Ollama is asked for, by model."""
        self._http = Http(url, {"Accept-Encoding": "identity", **({"Authorization": f"Bearer {key}"} if key else {})})
        self._asked_for = {_tagged(model): length for model, length in (windows or {}).items()}
        self._shown: dict[str, _Shown] = {}
        self._in_memory: set[str] | None = None
        self._windows: dict[str, int] = {}
        self._continuing = Continuing(lambda _: True, is_sure=False)

    def continues(self, model: str) -> bool:
        return self._continuing.claims(model)

    def tested(self, model: str) -> bool:
        """Tell whether this model continues an answer, after a test if there has been none."""
        return self._continuing.tested(model, lambda: goes_on(self, model))

    def models(self) -> list[Model]:
        """List the pulled models. Raises EngineUnavailable."""
        names = [entry["name"] for entry in named(self._http.json("/api/tags", _Listed).models, "name")]
        loaded = named(self._http.json("/api/ps", _Listed).models, "name")
        self._in_memory = {_tagged(entry["name"]) for entry in loaded}
        windows = self._windows | {_tagged(entry["name"]): counted(entry.get("context_length")) or UNSAID for entry in loaded}
        self._windows = {name: windows[name] for name in map(_tagged, names) if name in windows}
        self._shown = self._described(names)
        return [
            Model(
                name=name,
                context_length=shown.length,
                state="loaded" if _tagged(name) in self._in_memory else "cold",
                capabilities=shown.capabilities,
                efforts=shown.efforts,
            )
            for name, shown in self._shown.items()
        ]

    def chat(self, request: ChatRequest) -> EngineCall:
        """Return the answer, piece by piece; closing it makes Ollama stop."""
        return EngineCall(lambda call: self._pieces(call, request))

    def window(self, model: str) -> int | None:
        """Return the context that Ollama gives the model: as it is asked for here, else in its Modelfile, else as /api/ps says."""
        shown = self._shown.get(model) or self._shown.get(_tagged(model)) or _Shown()
        length = self._named(model) or shown.num_ctx or self._windows.get(_tagged(model)) or USUAL
        return min(length, shown.length or length)

    def embed(self, asked: ToEmbed) -> Embedded:
        """Return a vector for each text. Raises EngineError."""
        sized = {"dimensions": asked.dimensions} if asked.dimensions else {}
        body = {"model": asked.model, "input": list(asked.texts), "truncate": asked.truncate, **sized}
        told = self._http.ask("/api/embed", _Vectors, body)
        return Embedded(vectors=told.embeddings, tokens=counted(told.prompt_eval_count))

    def fetch(self, model: str) -> Pulling:
        """Fetch a model from Ollama's library. Raises EngineError while what is returned is gone through."""
        return Pulling(self._http, model)

    def _named(self, model: str) -> int | None:
        return self._asked_for.get(_tagged(model))

    def _described(self, names: Sequence[str]) -> dict[str, _Shown]:
        """Ask of each model what it is. Those for which there is no time now are offered the next time."""
        until = time.monotonic() + SHOW_S
        known: dict[str, _Shown] = {}
        for name in names:
            if name in self._shown or time.monotonic() < until:
                known[name] = self._shown.get(name) or self._show(name)
        return known

    def _show(self, name: str) -> _Shown:
        try:
            shown = self._http.json("/api/show", _Description, {"model": name})
        except EngineUnavailable:
            return _Shown()
        lengths = [counted(value) for key, value in (shown.model_info or {}).items() if key.endswith(".context_length")]
        num_ctx = NUM_CTX.search((shown.parameters or "")[:PARAMETERS])
        capabilities = tuple(each for each in (shown.capabilities or ())[:32] if len(each) <= 32)
        return _Shown(
            length=lengths[0] if lengths else None, capabilities=capabilities, efforts=_efforts(shown, capabilities),
            num_ctx=int(num_ctx[1]) if num_ctx else None,
        )  # fmt: skip

    def _pieces(self, call: EngineCall, request: ChatRequest) -> Iterator[Piece]:
        if self._in_memory is not None and _tagged(request.model) not in self._in_memory:
            yield Loading()
        _assert_can_demand(request.demands)
        response = self._http.open("/api/chat", _encode(_body(request, self._named(request.model))), call)
        if not is_success(response.status_code):
            raise refusal(response, pictured=request.pictured)
        answer = HeardAnswer(request.continued)
        try:
            yield from hear(call, response, answer, ollama_lines.read, ollama_lines.take)
        finally:
            if answer.spoken.began_again:
                self._continuing.note(request.model, works=False)


def _tagged(name: str) -> str:
    """Return a model's name as Ollama writes it out: `llama3.2` is `llama3.2:latest`."""
    return name if ":" in name else f"{name}:latest"


def _efforts(shown: _Description, capabilities: Sequence[str]) -> tuple[Effort, ...]:
    """Return how much a model may be told to think: gpt-oss in three degrees, the others that think on or off (https://docs.ollama.com/capabilities/thinking)."""
    if THINKING not in capabilities:
        return ()
    return GRADED if (shown.details or {}).get("family") in GRADED_FAMILIES else SWITCHED


def _assert_can_demand(demands: Demands) -> None:
    """Ollama has no word for "call a tool now". Raises ToolsRejected rather than let the model choose."""
    if demands.tools and demands.tool_choice not in {None, "auto", "none"}:
        raise ToolsRejected("Ollama can't be told to call a tool")


def _body(request: ChatRequest, num_ctx: int | None) -> dict[str, Any]:
    return {
        "model": request.model,
        "messages": [_message(message) for message in request.messages],
        "stream": True,
        # What is too long is refused, and an answer ends where the context does; without these two it would cut in silence.
        "truncate": False,
        "shift": False,
        "options": _options(request.options) | ({"num_ctx": num_ctx} if num_ctx else {}),
        **_thought(request.options.effort),
        **_demanded(request.demands),
    }


def _thought(effort: Effort | None) -> dict[str, Any]:
    if effort is None:
        return {}
    return {"think": {"none": False, "on": True}.get(effort, effort)}


def _demanded(demands: Demands) -> dict[str, Any]:
    """Return tools and form as Ollama takes them (https://docs.ollama.com/capabilities/structured-outputs)."""
    wanted = demands.response_format or {}
    form = {"json_object": "json", "json_schema": (wanted.get("json_schema") or {}).get("schema") or "json"}.get(str(wanted.get("type")))
    tools = list(demands.tools) if demands.tool_choice != "none" else []
    return {**({"tools": tools} if tools else {}), **({"format": form} if form else {})}


def _message(message: Message) -> dict[str, Any]:
    images = [b64encode(image.data).decode() for image in message.images]
    calls = [{"id": call.id, "function": {"name": call.name, "arguments": read_arguments(call.arguments)}} for call in message.calls]
    answers = {"tool_name": message.answers.name, "tool_call_id": message.answers.id} if message.answers else {}
    called = {"tool_calls": calls} if calls else {}
    return {"role": message.role, "content": message.content, **({"images": images} if images else {}), **called, **answers}


def _options(options: Options) -> dict[str, Any]:
    named = {
        "temperature": options.temperature,
        "top_p": options.top_p,
        "num_predict": options.max_tokens,
        "seed": options.seed,
        "stop": list(options.stop) or None,
        "frequency_penalty": options.frequency_penalty,
        "presence_penalty": options.presence_penalty,
    }
    return {name: value for name, value in named.items() if value is not None}
