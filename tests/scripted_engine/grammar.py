"""What servers send, as a grammar: an answer, and every way of putting it that was seen in the wild, made by chance.

`answers()` draws what is said, and `put()` how: each in both protocols. Sources of the forms are named in docs/engines.md.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from hypothesis import strategies as st

from tests.scripted_engine.verbatim import Verbatim

Protocol = Literal["openai", "ollama"]
T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[T]], T]
# Nothing that a tag begins with, no back quotes and newlines: what these mean to thoughts and code is tested apart (and chance takes
# words from the code itself). No lone surrogates: JSON has none.
LETTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<[◁`")
WORDS = st.text(LETTERS, min_size=1, max_size=12).filter(str.strip)
ENDS = {
    "stop": ("stop", "eos", "eos_token", "end_turn", "STOP", "FINISH_REASON_STOP", "", "null", None),
    "length": ("length", "max_tokens", "FINISH_REASON_MAX_TOKENS", "model_length", "model_context_window_exceeded", "error_limit"),
    "content_filter": ("content_filter", "SAFETY", "sensitive", "contentFilter", "PROHIBITED_CONTENT", "error_toxic"),
}
# Reasons that say nothing.
NO_REASON = ("", "null")
TAGS = [
    ("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<THINK>", "</Think>"), ("<think id='1'>", "</think >"), ("<think>", "</thinking>"), ("<seed:think>", "</seed:think>"),
    ("<thought>", "</thought>"), ("<reasoning>", "</reasoning>"), ("[THINK]", "[/THINK]"), ("◁think▷", "◁/think▷"), ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"), ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
]  # fmt: skip
FIELDS = ("reasoning_content", "reasoning", "reasoning_text", "thinking", "reasoning_details", "thinking_blocks")
LAST_TOKENS = ("<|im_end|>", "</s>", "<|eot_id|>\n", "<end_of_turn>", "<|endoftext|>")
NOISE = (b": ping", b":", b"id: 7", b"retry: 3000", b"event: message")
ODD_EVENTS = (
    b"data: ping",
    b"data:",
    b'data: {"choices": []}',
    b'data: {"type": "ping"}',
    b'data: {"choices": [], "prompt_filter_results": [{}]}',
    b'data: {"choices": [{"index": 1, "delta": {"content": "the other answer"}, "finish_reason": null}]}',
)
ODD_MEMBERS: dict[str, Any] = {
    "usage": "none", "logprobs": [], "system_fingerprint": 7, "created": "now", "object": 3, "error": None, "timings": {"a": [1]}, "model": None,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer in pieces, and why it ended."""

    text: tuple[str, ...]
    reasoning: tuple[str, ...] = ()
    finish: str = "stop"
    call: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Put:
    """How a server puts an answer."""

    content: Literal["string", "parts", "strings", "part"]
    thoughts: Literal["field", "parts", "tags", "unopened", "field and closing", "field and tags", "nested"]
    tags: tuple[str, str]
    field: str  # of thoughts, in OpenAI's protocol
    data: bytes  # the name of that field of an event
    together: Literal["", "documents", "array"]  # without a line end between them
    last: str  # a token that ends the answer and should not have been sent
    finish: str | None
    end: Literal["finish and done", "finish", "done", "event", "again", "whole", "whole, spread"]
    space: bytes
    line_end: bytes
    gap: bool  # an empty line after each event
    spread: bool  # one document over several lines
    noise: tuple[bytes, ...]
    odd: tuple[str, ...]
    response: Verbatim


def answers() -> st.SearchStrategy[Said]:
    """What is said."""
    pieces = st.lists(WORDS, min_size=1, max_size=5).map(tuple)
    call = st.fixed_dictionaries(
        {"name": st.sampled_from(["look", "f"]), "arguments": st.dictionaries(WORDS, WORDS | st.integers(), max_size=2)}
    )
    return st.builds(
        Said,
        text=pieces,
        reasoning=st.just(()) | pieces,
        finish=st.sampled_from(sorted(ENDS)),
        call=st.none() | call,
    ).map(lambda said: replace(said, finish="tool_calls") if said.call and said.finish == "stop" else said)


@st.composite
def put(draw: Draw[Any], said: Said, protocol: Protocol) -> Put:
    """How it is put, in a way that this protocol's servers do."""
    chosen = st.sampled_from
    end = draw(
        chosen(
            ["finish and done", "finish", "done", "event", "again", "whole", "whole, spread"]
            if said.finish in {"stop", "tool_calls"}
            else ["finish and done", "finish", "event", "again", "whole"]
        )
    )
    told = draw(chosen(ENDS.get(said.finish, ("tool_calls", "stop", "function_call"))))
    thoughts = ["field", "parts", "tags", "tags", "unopened", "field and closing", "field and tags", "nested"]
    gap = draw(st.booleans())
    together = draw(chosen(["", "", "documents", "array"]))
    noise: tuple[bytes, ...] = NOISE + (ODD_EVENTS if protocol == "openai" else ())
    return Put(
        content=draw(chosen(["string", "parts", "strings", "part"])),
        thoughts=draw(chosen(thoughts)),
        tags=draw(chosen(TAGS)),
        field=draw(chosen(FIELDS)),
        data=draw(chosen([b"data:", b"data:", b"DATA:", b" data:", b"data :", b"data: data:"])) if not together else b"data:",
        together=together,
        last=draw(chosen(["", *LAST_TOKENS])) if not said.call else "",
        finish=told if end != "done" or protocol == "ollama" else None,
        end=end if (told or "") not in NO_REASON or end != "finish" else "finish and done",
        space=draw(chosen([b" ", b"", b"  "])),
        line_end=draw(chosen([b"\n", b"\r\n", b"\r"])),
        gap=gap,
        spread=gap and not together and protocol == "openai" and draw(st.booleans()),
        noise=tuple(draw(st.lists(chosen(noise), max_size=3))) if protocol == "openai" else (),
        odd=tuple(draw(st.lists(chosen(sorted(ODD_MEMBERS)), unique=True, max_size=3))),
        response=Verbatim(
            body=b"",
            content_type=draw(
                chosen(["text/event-stream", "text/event-stream; charset=utf-8", "application/json", "application/x-ndjson", "text/plain"])
            ),
            framing=draw(chosen(["chunked", "length", "close"])),
            packed=draw(st.booleans()),
            sizes=tuple(draw(st.lists(st.integers(1, 60), max_size=4))),
        ),
    )


def response(said: Said, how: Put, protocol: Protocol) -> Verbatim:
    """Return the bytes of it."""
    body = _whole(said, how, protocol) if how.end.startswith("whole") else _stream(said, how, protocol)
    return replace(how.response, body=body)


def _stream(said: Said, how: Put, protocol: Protocol) -> bytes:
    messages = [{"role": "assistant", **message} for message in _messages(said, how, protocol)]
    documents = [_document(message, None, how, protocol) for message in messages]
    if protocol == "ollama":
        documents.append({"message": {"content": ""}, "done": True, "done_reason": how.finish, "eval_count": 5})
        return _together(documents, how) or b"".join(_json(document) + how.line_end for document in documents)
    if how.finish is not None:
        documents.append(_document({}, how.finish, how, protocol))
    if how.end == "again":
        documents.append(json.loads(_whole(said, replace(how, end="whole"), protocol)))
    events = [_event(document, how) for document in documents]
    noise = b"".join(line + how.line_end * 2 for line in how.noise)
    if together := _together(documents, how):
        return (how.data + how.space + together if how.together == "documents" else together) + how.line_end * 2 + _done(how)
    return events[0] + noise + b"".join(events[1:]) + _done(how)


def _together(documents: list[dict[str, Any]], how: Put) -> bytes:
    """The documents without a line end between them, or as the array that gateways to Google's models send."""
    if how.together == "documents":
        return b"".join(map(_json, documents))
    array = b",\n".join(_json(document, spread=how.gap) for document in documents)
    return b"[" + array.replace(b"\n", how.line_end) + how.line_end + b"]" if how.together else b""


def _done(how: Put) -> bytes:
    if how.end in {"finish", "again"}:
        return b""
    if how.end == "event":
        return b"event: done" + how.line_end + b"data: {}" + how.line_end * 2
    return how.data + how.space + b"[DONE]" + how.line_end * 2


def _event(document: dict[str, Any], how: Put) -> bytes:
    lines = _json(document, spread=how.spread).split(b"\n")
    return b"".join(how.data + how.space + line + how.line_end for line in lines) + (how.line_end if how.gap else b"")


def _whole(said: Said, how: Put, protocol: Protocol) -> bytes:
    """One JSON object, though a stream was asked for."""
    text, reasoning = "".join(said.text), "".join(said.reasoning)
    own = "reasoning_content" if protocol == "openai" else "thinking"
    message = {"role": "assistant", "content": text, own: reasoning, **_calls(said, protocol)}
    document: dict[str, Any] = {"message": message, "done": True, "done_reason": how.finish}
    if protocol == "openai":
        document = {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": how.finish}]}
    return _json(document, spread=how.end != "whole").replace(b"\n", how.line_end)


def _messages(said: Said, how: Put, protocol: Protocol) -> list[dict[str, Any]]:
    own = how.field if protocol == "openai" else "thinking"
    thoughts, text = list(said.reasoning), list(said.text)
    opening, closing = how.tags
    before: list[dict[str, Any]] = []
    match how.thoughts if thoughts else "":
        case "parts":
            before = [{"content": [{"type": "thinking", "thinking": [{"type": "text", "text": piece}]}]} for piece in thoughts]
        case "field":
            before = [{"content": None, own: _blocks(own, piece)} for piece in thoughts]
        case "field and closing":
            before = [*({own: _blocks(own, piece)} for piece in thoughts), {"content": "\n</think>\n\n"}]
        case "field and tags":
            before = [{own: _blocks(own, piece)} for piece in [f"<think>{thoughts[0]}", *thoughts[1:], "</think>"]]
        case "unopened":
            before = [{"content": piece} for piece in [*thoughts, "\n</th", "ink>\n", "\n"]]
        case "tags":
            before = [{"content": piece} for piece in [opening, *thoughts, f"\n{closing}\n\n"]]
        case "nested":
            before = [{"content": piece} for piece in ["<think><think>", *thoughts, "</think></think>\n\n"]]
    said_so = [{"content": _content(piece, how)} for piece in text]
    said_so += [{"content": how.last}] if how.last else []
    return before + said_so + ([_calls(said, protocol)] if said.call else [])


def _blocks(field: str, piece: str) -> Any:
    if field == "reasoning_details":
        return [{"type": "reasoning.text", "text": piece}]
    return [{"type": "thinking", "thinking": piece}] if field == "thinking_blocks" else piece


def _content(piece: str, how: Put) -> Any:
    part = {"type": "text", "text": piece}
    return {"string": piece, "parts": [part], "strings": [piece], "part": part}[how.content]


def _calls(said: Said, protocol: Protocol) -> dict[str, Any]:
    if said.call is None:
        return {}
    arguments = said.call["arguments"] if protocol == "ollama" else json.dumps(said.call["arguments"])
    function = {"name": said.call["name"], "arguments": arguments}
    return {"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": function}]}


def _document(message: dict[str, Any], finish: str | None, how: Put, protocol: Protocol) -> dict[str, Any]:
    odd = {name: ODD_MEMBERS[name] for name in how.odd}
    if protocol == "ollama":
        return {**odd, "message": message, "done": False}
    return {**odd, "choices": [{"index": 0, "delta": message, "finish_reason": finish}]}


def _json(document: dict[str, Any], *, spread: bool = False) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1 if spread else None).encode()


# What engines complain of, under which names, and the class of our errors that each is.
COMPLAINTS = {
    "CUDA out of memory. Tried to allocate 2.00 GiB.": ("server_error", None, "engine_out_of_memory"),
    "Your credit balance is too low.": ("insufficient_quota", 402, "engine_quota_spent"),
    "Rate limit reached for requests.": ("rate_limit_error", 429, "engine_unavailable"),
    "This model's maximum context length is 8 tokens.": (None, "context_length_exceeded", "context_too_long"),
    "Incorrect API key provided.": ("invalid_request_error", "invalid_api_key", "engine_access_denied"),
    "temperature is too high": ("invalid_request_error", 400, "request_rejected"),
    "The response was filtered.": (None, "content_filter", "content_rejected"),
    "The engine has crashed.": ("server_error", 500, "engine_failed"),
}


def complaint(draw: Draw[Any], protocol: Protocol) -> tuple[Verbatim, str, str]:
    """Draw a response that is a complaint; return it with the engine's words and the code of our error."""
    words = draw(st.sampled_from(sorted(COMPLAINTS)))
    type_, code, ours = COMPLAINTS[words]
    members = {"message": words, "type": type_, "code": code}
    forms: list[dict[str, Any]] = [{"error": members}, {"object": "error", **members}]
    if type_ is None or "out of memory" in words:  # a sentence alone is enough to know these
        forms.append({"error": f"{words} ({code})"})
    document = _json(draw(st.sampled_from(forms)), spread=draw(st.booleans()))
    line_end = draw(st.sampled_from([b"\n", b"\r\n"]))
    body = document.replace(b"\n", line_end)
    if protocol == "openai" and draw(st.booleans()):
        name = draw(st.sampled_from([b"", b"event: error" + line_end]))
        said = b'data: {"choices": [{"delta": {"content": "The"}}]}' + line_end * 2 if draw(st.booleans()) else b""
        body = said + name + b"data: " + document.replace(b"\n", b"") + line_end * 2
    status = draw(st.sampled_from([200, 400 if ours != "engine_failed" else 200]))
    return Verbatim(body=body, status=status, content_type="application/json", framing="length"), words, ours
