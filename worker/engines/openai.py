"""Every server that speaks OpenAI's chat completions: vLLM, llama.cpp, SGLang, TGI, LM Studio, OpenAI itself.

To go on with an assistant's message, vLLM's and SGLang's fields are sent: continue_final_message and add_generation_prompt
(https://docs.vllm.ai/en/stable/serving/openai_compatible_server.html). A server that doesn't know them would begin a new
answer, so whether they are understood is said when the engine is made, or else expected by whose a model is, and tested.
"""

import re
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from olamchat.roster import EMBEDDING, Effort
from worker.engines import openai_chunks
from worker.engines.base import (
    ChatRequest,
    Embedded,
    EngineUnavailable,
    Loading,
    Message,
    Model,
    Piece,
    ToEmbed,
    counted,
)
from worker.engines.continuing import Continuing, goes_on
from worker.engines.counting import Counter
from worker.engines.efforts import SWITCHED, by_name
from worker.engines.embedders import embeds
from worker.engines.refusals import is_success, refusal
from worker.engines.reply.hear import HeardAnswer, hear
from worker.engines.wire.http import SILENCE_S, EngineCall, Http
from worker.engines.wire.stream import named

LOADING_POLL_S = 1.0
# Servers that go on with an assistant's message, by the `owned_by` of their models.
CONTINUERS = {"vllm", "sglang", "llamacpp"}
TEMPLATED = CONTINUERS
# How many requests wait, as vLLM's and llama.cpp's /metrics say it.
WAITING = re.compile(
    r"^(?:vllm:num_requests_waiting|llamacpp:requests_deferred)(?:\{[^}\n]{0,2000}\})? (\d{1,12}(?:\.\d{0,9})?(?:e\+\d\d)?)$", re.MULTILINE
)
MOST_WAITING = 1_000_000


class _Listed(msgspec.Struct):
    data: list[Any] | None = None


class _Vector(msgspec.Struct):
    embedding: list[float]
    index: int = 0


class _Counted(msgspec.Struct):
    prompt_tokens: Any = None


class _Vectors(msgspec.Struct):
    data: list[_Vector]
    usage: _Counted | None = None


_encode = msgspec.json.Encoder().encode


class OpenAI:
    """One server; `url` is its address with /v1 where it has one."""

    kind = "openai"

    def __init__(self, url: str, *, key: str = "", can_continue: bool | None = None) -> None:
        """`can_continue` None: as the server's own name lets expect."""
        headers = {"Accept-Encoding": "identity", **({"Authorization": f"Bearer {key}"} if key else {})}
        self._http, self._root = Http(url, headers), Http(url.rstrip("/").removesuffix("/v1"), headers)
        self._counter = Counter(self._root)
        self._lengths: dict[str, int | None] = {}
        self._reports = True
        self._owners: dict[str, object] = {}
        self._continuing = Continuing(
            self._is_known_to if can_continue is None else lambda _: bool(can_continue), is_sure=can_continue is not None
        )

    def continues(self, model: str) -> bool:
        return self._continuing.claims(model)

    def tested(self, model: str) -> bool:
        """Tell whether this model goes on, after a test where nobody has vouched for it yet."""
        return self._continuing.tested(model, lambda: goes_on(self, model))

    def _is_known_to(self, model: str) -> bool:
        if model not in self._owners:
            with suppress(EngineUnavailable):
                self.models()
        return self._owners.get(model) in CONTINUERS

    def models(self) -> list[Model]:
        """List what the server offers. Raises EngineUnavailable."""
        listed = named(self._http.json("/models", _Listed).data, "id")
        self._lengths = {entry["id"]: _context_length(entry) for entry in listed}
        self._owners = {entry["id"]: owner if isinstance(owner := entry.get("owned_by"), str) else None for entry in listed}
        return [
            Model(
                name=name,
                context_length=length,
                capabilities=(EMBEDDING,) if embeds(name) else (),
                efforts=by_name(name, templated=self._is_templated(name)),
            )
            for name, length in self._lengths.items()
        ]

    def _is_templated(self, model: str) -> bool:
        """Tell whether its server hands `chat_template_kwargs` to the model's template; OpenAI itself would refuse them."""
        return self._owners.get(model) in TEMPLATED

    def window(self, model: str) -> int | None:
        return self._lengths.get(model)

    def count(self, model: str, messages: Sequence[Message]) -> int | None:
        """Return the thread's tokens, None where the server can't say. Raises EngineUnavailable."""
        return self._counter.count(model, messages)

    def waiting(self) -> int | None:
        """Return how many requests wait in vLLM or llama.cpp, None where the server doesn't say. Raises EngineUnavailable."""
        answer = self._root.maybe("/metrics") if self._reports else None
        found = WAITING.findall(answer.decode("utf-8", "replace")) if answer is not None else []
        self._reports = bool(found)
        return round(min(sum(float(number) for number in found), MOST_WAITING)) if found else None

    def embed(self, asked: ToEmbed) -> Embedded:
        """Return a vector for each text; one that is too long is refused by the server. Raises EngineError."""
        sized = {"dimensions": asked.dimensions} if asked.dimensions else {}
        told = self._http.ask("/embeddings", _Vectors, {"model": asked.model, "input": list(asked.texts), **sized})
        vectors = [entry.embedding for entry in sorted(told.data, key=lambda entry: entry.index)]
        return Embedded(vectors=vectors, tokens=counted(told.usage.prompt_tokens) if told.usage else None)

    def chat(self, request: ChatRequest) -> EngineCall:
        """Return the answer, piece by piece; closing it makes the server stop."""
        return EngineCall(lambda call: self._pieces(call, request))

    def _pieces(self, call: EngineCall, request: ChatRequest) -> Iterator[Piece]:
        body, deadline = _encode(_body(request, templated=self._is_templated(request.model))), time.monotonic() + SILENCE_S
        response = self._http.open("/chat/completions", body, call)
        while response.status_code == 503 and time.monotonic() < deadline:
            error = refusal(response, pictured=request.pictured)
            if not (isinstance(error, EngineUnavailable) and "loading" in str(error).lower()):
                raise error
            yield Loading()
            call.pause(LOADING_POLL_S)
            response = self._http.open("/chat/completions", body, call)
        if not is_success(response.status_code):
            raise refusal(response, pictured=request.pictured)
        answer = HeardAnswer(request.continued)
        try:
            yield from hear(call, response, answer, openai_chunks.read, openai_chunks.take)
        finally:
            if answer.spoken.began_again:
                self._continuing.note(request.model, works=False)


def _context_length(entry: dict[str, Any]) -> int | None:
    meta = entry.get("meta")  # llama.cpp: what it gives a request comes before what the model was made for
    meta = meta if isinstance(meta, dict) else {}
    told = (entry.get("max_model_len"), meta.get("n_ctx"), meta.get("n_ctx_train"), entry.get("context_length"))
    return next((length for length in map(counted, told) if length), None)


def _content(message: Message) -> str | list[dict[str, Any]]:
    """Return the text, or with images the parts (https://platform.openai.com/docs/guides/images-vision)."""
    urls = [f"data:{image.media_type};base64,{b64encode(image.data).decode()}" for image in message.images]
    text = [{"type": "text", "text": message.content}] if message.content else []
    return [*text, *({"type": "image_url", "image_url": {"url": url}} for url in urls)] if urls else message.content


def _message(message: Message) -> dict[str, Any]:
    calls = [{"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}} for call in message.calls]
    called = {"tool_calls": calls} if calls else {}
    answers = {"tool_call_id": message.answers.id} if message.answers else {}
    return {"role": message.role, "content": _content(message), **called, **answers}


def _thought(effort: Effort | None, *, templated: bool) -> dict[str, Any]:
    """Return how much to think: templates call it by two names, and gpt-oss's by OpenAI's (https://docs.vllm.ai/en/stable/features/reasoning_outputs.html)."""
    graded = {"reasoning_effort": effort} if effort not in {None, "on"} else {}
    if effort is None or not templated:
        return graded
    if effort in SWITCHED:
        return {"chat_template_kwargs": {"enable_thinking": effort != "none", "thinking": effort != "none"}}
    return graded | {"chat_template_kwargs": graded}


def _body(request: ChatRequest, *, templated: bool) -> dict[str, Any]:
    options = request.options
    named = {
        "temperature": options.temperature,
        "top_p": options.top_p,
        "max_tokens": options.max_tokens,
        "seed": options.seed,
        "stop": list(options.stop) or None,
        "frequency_penalty": options.frequency_penalty,
        "presence_penalty": options.presence_penalty,
    }
    return {
        "model": request.model,
        "messages": [_message(message) for message in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        **{name: value for name, value in named.items() if value is not None},
        **_thought(options.effort, templated=templated),
        **request.demands.given,
        **({"continue_final_message": True, "add_generation_prompt": False} if request.continues else {}),
    }
