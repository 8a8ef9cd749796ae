"""One oddity of a server's after another, in the form that public reports show, and what comes of it. The grammar mixes them; here each has its name."""

import gzip
import json
import zlib
from typing import Any

import pytest

from tests.scripted_engine.verbatim import Verbatim
from tests.worker.engines.conftest import Bench, Heard
from worker.engines.base import (
    AccessDenied,
    AnswerUnreadable,
    ContextTooLong,
    EngineError,
    EngineFailed,
    EngineUnavailable,
    QuotaSpent,
    StreamInterrupted,
)
from worker.engines.reply.finish import meaning
from worker.engines.wire.unpack import unpacked

openai = pytest.mark.parametrize("bench", ["openai"], indirect=True)
ollama = pytest.mark.parametrize("bench", ["ollama"], indirect=True)


def chunk(content: Any = None, *, finish: str | None = None, index: int = 0, **delta: Any) -> dict[str, Any]:
    said = delta if content is None else {"content": content, **delta}
    return {"choices": [{"index": index, "delta": said, "finish_reason": finish}]}


def line(content: str = "", *, done: bool = False, **members: Any) -> dict[str, Any]:
    return {"message": {"role": "assistant", "content": content}, "done": done, **members}


def sse(*documents: Any, done: bool = True) -> bytes:
    events = [b"data: " + (each if isinstance(each, bytes) else json.dumps(each).encode()) + b"\n\n" for each in documents]
    return b"".join(events) + (b"data: [DONE]\n\n" if done else b"")


def lines(*documents: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in documents)


def heard(bench: Bench, body: bytes, **how: Any) -> Heard:
    """Ask an engine that answers with this body; it is asked once."""
    bench.book.forget()
    bench.book.say("counter", Verbatim(**{"body": body, "framing": "length", **how}))
    answer = bench.ask()
    assert len(bench.book.asked()) == 1
    return answer


STOP = chunk(finish="stop")
ANSWER = sse(chunk("Hi "), chunk("you"), STOP)
FORMS = {
    "a byte order mark": b"\xef\xbb\xbf" + ANSWER,
    "fields in capitals": ANSWER.replace(b"data:", b"DATA:"),
    "indented fields": ANSWER.replace(b"data:", b"  data:"),
    "a blank before the colon": ANSWER.replace(b"data:", b"data :"),
    "events in events": ANSWER.replace(b"data:", b"data: data:"),
    "several documents on a line": sse(json.dumps(chunk("Hi ")).encode() + json.dumps(chunk("you", finish="stop")).encode()),
    "events on one line": ANSWER.replace(b"\n\n", b""),
    "an array": json.dumps([chunk("Hi "), chunk("you", finish="stop")]).encode(),
    "an array over lines": json.dumps([chunk("Hi "), chunk("you", finish="stop")], indent=2).encode(),
    "an array of whole lines": b"[" + b",\n".join(json.dumps(each).encode() for each in (chunk("Hi "), chunk("you"), STOP)) + b"\n]\n",
    "an end in a document": sse(chunk("Hi "), chunk("you"), {"done": True}, done=False),
    "an end in an event's name": sse(chunk("Hi "), chunk("you"), done=False) + b"event: done\ndata: {}\n\n",
    "an end in an event's name alone": sse(chunk("Hi "), chunk("you"), done=False) + b"event: end\n\n",
    "a reason that is a word for none": sse(chunk("Hi ", finish="null"), chunk("you", finish="None"), STOP),
    "a reason in each document": sse(chunk("Hi ", finish="stop"), chunk("you", finish="stop")),
    "several answers": sse(chunk("Hi "), chunk("Ho ", index=1), chunk("you"), chunk(index=1, finish="length"), STOP),
    "the whole answer again": sse(
        chunk("Hi "), chunk("you"), {"object": "chat.completion", "choices": [{"message": {"content": "Hi you"}, "finish_reason": "stop"}]}
    ),
    "the whole answer beside its pieces": sse(
        {"choices": [{"delta": {"content": "Hi "}, "message": {"content": "Hi "}}]},
        {"choices": [{"delta": {"content": "you"}, "message": {"content": "Hi you"}, "finish_reason": "stop"}]},
    ),
    "one choice without a list": sse({"choices": {"index": 0, "delta": {"content": "Hi you"}, "finish_reason": "stop"}}),
    "older completions": sse({"choices": [{"text": "Hi ", "index": 0, "finish_reason": None}]}, {"choices": [{"text": "you", "finish_reason": "stop"}]}),
    "numbers that JSON has none of": sse(b'{"choices": [{"delta": {"content": "Hi you"}, "logprobs": {"content": [{"logprob": -Infinity}]}}]}', STOP),
    "a text object": sse(chunk({"value": "Hi "}), chunk([{"type": "text", "text": {"value": "you"}}]), STOP),
    "a token that ends the answer": sse(chunk("Hi you"), chunk("<|im_"), chunk("end|>\n"), STOP),
    "several tokens that end it": sse(chunk("Hi you</s></s>"), STOP),
}  # fmt: skip


@openai
@pytest.mark.parametrize("form", FORMS)
def test_an_answer_is_understood_in_the_form_of(bench: Bench, form: str) -> None:
    answer = heard(bench, FORMS[form])
    assert (answer.text, answer.reasoning, answer.usage.finish_reason) == ("Hi you", "", "stop")


@openai
def test_characters_and_words_that_are_not_as_json_has_them_are_text(bench: Bench) -> None:
    assert heard(bench, sse(b'{"choices": [{"delta": {"content": "a\tb"}}]}', STOP)).text == "a\tb"
    assert heard(bench, sse(chunk(7), chunk(True), chunk(" of 7"), STOP)).text == "7 of 7"
    assert heard(bench, sse(chunk("<s>old</s>"), STOP)).text == "<s>old</s>"
    assert heard(bench, sse(chunk("Hi</s> you"), STOP)).text == "Hi</s> you"


@openai
@pytest.mark.parametrize("status", [200, 201, 202])
def test_an_answer_comes_with_any_status_of_success(bench: Bench, status: int) -> None:
    assert heard(bench, ANSWER, status=status).text == "Hi you"


def _deflated(body: bytes, bits: int = -15) -> bytes:
    packing = zlib.compressobj(wbits=bits)
    return packing.compress(body) + packing.flush()


PACKED = {
    "gzip": gzip.compress(ANSWER),
    "GZip, identity": gzip.compress(ANSWER),
    "x-gzip": gzip.compress(ANSWER[:90]) + gzip.compress(ANSWER[90:]),
    "deflate": _deflated(ANSWER, 15),
    "identity, deflate": _deflated(ANSWER),
    "gzip ": ANSWER,
    "none": ANSWER,
    "utf-8": ANSWER,
}


@openai
@pytest.mark.parametrize("encoding", PACKED)
def test_an_answer_is_unpacked(bench: Bench, encoding: str) -> None:
    assert heard(bench, PACKED[encoding], headers=(("Content-Encoding", encoding),)).text == "Hi you"


@pytest.mark.parametrize("encoding", PACKED)
@pytest.mark.parametrize("size", [1, 2, 3, 1_000])
def test_a_body_is_unpacked_wherever_it_is_cut(encoding: str, size: int) -> None:
    pieces = iter([PACKED[encoding][at : at + size] for at in range(0, len(PACKED[encoding]), size)])
    read = unpacked(lambda _: next(pieces, b""), encoding)
    assert b"".join(iter(lambda: read(100) or b"", b"")) == ANSWER


@openai
@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"headers": (("Content-Encoding", "br"),)}, "packed as 'br'"),
        (
            {"status": 308, "headers": (("Location", "https://gpu/v1/chat/completions"),)},
            "308: the engine's address leads to 'https://gpu/v1",
        ),
    ],
)
def test_what_will_not_get_better_is_not_asked_again(bench: Bench, how: dict[str, Any], words: str) -> None:
    with pytest.raises(AnswerUnreadable, match=words) as caught:
        heard(bench, ANSWER, **how)
    assert not caught.value.retry


@openai
def test_a_reason_in_each_document_ends_no_slow_answer(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.engines.reply.hear.USAGE_S", 0.6)
    piece = sse(chunk("one ", finish="stop"), done=False)
    assert heard(bench, piece * 8, framing="chunked", sizes=(len(piece),), pause_s=0.15).text == "one " * 8


THOUGHTS = [
    ("<think>", "</thinking>"),
    ("<THINK>", "</Think>"),
    ('<think id="1">', "</think >"),
    ("<seed:think>", "</seed:think>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
]


@pytest.mark.parametrize(("opening", "closing"), THOUGHTS)
def test_thoughts_stand_between_the_tags_of(bench: Bench, opening: str, closing: str) -> None:
    said = [opening[:3], opening[3:], "Hm, a", " fox.", closing[:2], closing[2:], "\n\nA fox", "."]
    body = sse(*map(chunk, said), STOP) if bench.engine.kind == "openai" else lines(*map(line, said), line(done=True))
    answer = heard(bench, body)
    assert (answer.text, answer.reasoning) == ("A fox.", "Hm, a fox.")


@pytest.mark.parametrize(
    "said",
    [
        "Use <think> and </think> for thoughts.",
        "As data:\n<thought>x</thought>",
        "Hello<|end|> there",
        "[think] twice",
        "In code: `</think>`.",
    ],
)
def test_a_tag_in_a_sentence_is_a_word(bench: Bench, said: str) -> None:
    body = sse(chunk(said), STOP) if bench.engine.kind == "openai" else lines(line(said), line(done=True))
    assert (heard(bench, body).text, heard(bench, body).reasoning) == (said, "")


@openai
@pytest.mark.parametrize(
    "told",
    [
        {"reasoning": "hm"},
        {"reasoning_text": "hm"},
        {"thinking": "hm"},
        {"reasoning": {"content": "hm"}},
        {"reasoning_details": [{"type": "reasoning.text", "text": "hm"}]},
        {"thinking_blocks": [{"type": "thinking", "thinking": "hm", "signature": "x"}]},
        {"reasoning": "hm", "reasoning_content": "hm", "reasoning_details": [{"text": "hm"}]},
        {"reasoning_content": "<think>hm</think>"},
    ],
)
def test_thoughts_have_a_field_of_one_name_or_another(bench: Bench, told: dict[str, Any]) -> None:
    answer = heard(bench, sse(chunk(**told), chunk("Hi"), STOP))
    assert (answer.text, answer.reasoning) == ("Hi", "hm")


@openai
@pytest.mark.parametrize(
    "pieces",
    [
        [{"tool_calls": {"index": 0, "id": "a", "function": {"name": "f", "arguments": '{"x": 1}'}}}],
        [{"tool_calls": [{"index": "0", "id": "a", "function": {"name": "f", "arguments": {"x": 1}}}]}],
        [{"function_call": {"name": "f", "arguments": ""}}, {"function_call": {"arguments": '{"x": 1}'}}],
        [{"tool_calls": [{"id": "a", "function": {"name": "f", "arguments": '{"x"'}}]}, {"tool_calls": [{"id": "", "function": {"arguments": ": 1}"}}]}],
    ],
)  # fmt: skip
def test_a_call_is_understood_in_odd_forms(bench: Bench, pieces: list[dict[str, Any]]) -> None:
    answer = heard(bench, sse(*(chunk(**piece) for piece in pieces), chunk(finish="tool_calls")))
    assert [(call.name, call.arguments) for call in answer.usage.calls] == [("f", '{"x": 1}')]
    assert answer.usage.finish_reason == "tool_calls"


@openai
@pytest.mark.parametrize(
    "last",
    [
        {"choices": [], "usage": {"prompt_tokens": "12", "completion_tokens": 3.0}},
        {"choices": [{"delta": {}, "finish_reason": "stop", "usage": {"prompt_tokens": 12, "completion_tokens": 3}}]},
        {"choices": [{"delta": {}, "finish_reason": "stop"}], "x_groq": {"usage": {"prompt_tokens": 12, "completion_tokens": 3}}},
    ],
)
def test_tokens_are_counted_wherever_a_server_says_them(bench: Bench, last: dict[str, Any]) -> None:
    usage = heard(bench, sse(chunk("Hi", finish="stop"), last)).usage
    assert (usage.prompt_tokens, usage.completion_tokens) == (12, 3)


COMPLAINTS: dict[str, tuple[Any, type[EngineError]]] = {
    "of FastAPI": ({"detail": [{"loc": ["body"], "msg": "field required"}]}, EngineFailed),
    "of Baidu": ({"error_code": 336003, "error_msg": "messages are too odd"}, EngineFailed),
    "of MiniMax": ({"choices": None, "base_resp": {"status_code": 1004, "status_msg": "login fail"}}, AccessDenied),
    "of Cloudflare": ({"success": False, "errors": [{"code": 7003, "message": "no route"}], "result": None}, EngineFailed),
    "of Anthropic": ({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, EngineUnavailable),
    "of Google": ([{"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}}], AccessDenied),
    "of AWS": ({"__type": "ThrottlingException", "message": "Rate exceeded"}, EngineUnavailable),
    "of Apigee": ({"fault": {"faultstring": "Rate limit quota violation"}}, EngineUnavailable),
    "of Spring": ({"timestamp": "2026", "status": 402, "message": "Arrears", "path": "/v1"}, QuotaSpent),
    "with a code and no data": ({"code": 10013, "msg": "no such thing", "data": None}, EngineFailed),
    "in a choice": ({"choices": [{"delta": {"content": ""}, "finish_reason": "error", "error": {"code": 402, "message": "No credits"}}]}, QuotaSpent),
}  # fmt: skip


@openai
@pytest.mark.parametrize("whose", COMPLAINTS)
@pytest.mark.parametrize("streamed", [True, False])
def test_a_complaint_under_status_200_is_one(bench: Bench, whose: str, streamed: bool) -> None:
    told, error = COMPLAINTS[whose]
    body = sse(told, done=False) if streamed else json.dumps(told).encode()
    with pytest.raises(EngineError) as caught:
        heard(bench, body)
    assert type(caught.value) is error


@openai
@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (b'error: {"code": 500, "message": "context size exceeded"}\n\n', ContextTooLong, "context size exceeded"),
        (b"data: error: something broke\n\n", EngineFailed, "something broke"),
        (sse(chunk("Hi"), b"Internal Server Error", done=False), EngineFailed, "Internal Server Error"),
        (sse(chunk("Hi"), b"upstream closed", done=False), StreamInterrupted, "it said 'upstream closed'"),
        (b"upstream connect error", AnswerUnreadable, "upstream connect error"),
    ],
)
def test_a_sentence_instead_of_a_document_reaches_the_administrator(
    bench: Bench, body: bytes, error: type[EngineError], words: str
) -> None:
    with pytest.raises(error, match=words):
        heard(bench, body)


@openai
def test_what_is_well_is_no_complaint(bench: Bench) -> None:
    well = {**chunk("Hi"), "base_resp": {"status_code": 0, "status_msg": ""}, "error": None}
    assert heard(bench, sse({"code": 0, "msg": "success"}, well, STOP)).text == "Hi"


OLLAMA = {
    "events": sse(line("Hi "), line("you"), line(done=True), done=False),
    "documents on one line": b"".join(json.dumps(each).encode() for each in (line("Hi "), line("you"), line(done=True))),
    "an array": json.dumps([line("Hi "), line("you"), line(done=True)]).encode(),
    "completions": lines({"response": "Hi ", "done": False}, {"response": "you", "done": False}, {"response": "", "done": True}),
    "done as a word": lines(line("Hi "), line("you"), line(done=True) | {"done": "true"}),
    "no message": lines({"message": None, "done": False}, line("Hi you"), line(done=True)),
    "a token that ends it": lines(line("Hi you"), line("<end_of_turn>"), line(done=True)),
}


@ollama
@pytest.mark.parametrize("form", OLLAMA)
def test_ollamas_answer_is_understood_as(bench: Bench, form: str) -> None:
    assert heard(bench, OLLAMA[form]).text == "Hi you"


@ollama
def test_ollamas_thoughts_may_have_openais_names(bench: Bench) -> None:
    thought = {"message": {"role": "assistant", "content": "", "reasoning_content": "hm"}, "done": False}
    answer = heard(bench, lines(thought, line("Hi"), line(done=True)))
    assert (answer.text, answer.reasoning) == ("Hi", "hm")


@pytest.mark.parametrize(
    ("told", "finish"),
    [
        ("FINISH_REASON_MAX_TOKENS", "length"),
        ("model_context_window_exceeded", "length"),
        ("ERROR_LIMIT", "length"),
        ("IMAGE_SAFETY", "content_filter"),
        ("contentFilter", "content_filter"),
        ("error_toxic", "content_filter"),
        ("refused", "refusal"),
        ("FINISH_REASON_STOP", "stop"),
        ("end_turn", "stop"),
        ("anything else", "stop"),
    ],
)
def test_a_reason_means(told: str, finish: str) -> None:
    assert meaning(told) == finish


@pytest.mark.parametrize("told", ["error", "USER_CANCEL", "canceled", "timeout", "MALFORMED_FUNCTION_CALL", "rate_limit", "unload"])
def test_a_reason_that_is_a_failure_may_be_tried_again(told: str) -> None:
    with pytest.raises(EngineError) as caught:
        meaning(told)
    assert caught.value.retry
