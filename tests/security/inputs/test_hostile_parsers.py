"""A hostile engine: whatever it says ends as an answer or as an error with a name, in bounded time and memory."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.security.hostile_engine import CHATS, LISTS, Hostile, attacking
from tests.worker.engines.conftest import KINDS
from worker.engines import ollama, ollama_lines, openai, openai_chunks
from worker.engines.base import ChatRequest, Delta, EngineError, EngineUnavailable, Message, ToEmbed, Usage
from worker.engines.reply.documents import Documents
from worker.engines.reply.hear import HeardAnswer
from worker.engines.wire import http, stream
from worker.engines.wire.lines import LINE_BYTES, blocks

# What an answer may have here; the worker ends one itself by OLAMCHAT_MAX_ANSWER_CHARS.
ENOUGH = 2_000_000
ENDS_WELL = {"no-utf8", "half-characters", "huge-numbers", "negative-numbers", "float-numbers", "after-the-end"}


@pytest.fixture(scope="module")
def hostile() -> Iterator[Hostile]:
    with attacking() as server:
        yield server


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def chat(hostile: Hostile, kind: str, model: str) -> http.EngineCall:
    call = KINDS[kind](hostile.url).chat(ChatRequest(model=model, messages=[Message(role="user", content="Hi.")]))
    assert isinstance(call, http.EngineCall)
    return call


@pytest.mark.parametrize("attack", [name for name in CHATS if name != "drip"])
def test_an_answer_ends_or_has_an_error_with_a_name(hostile: Hostile, kind: str, attack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "RESPONSE_BYTES", 8 << 20)
    hostile.visited.clear()
    call = chat(hostile, kind, attack)

    usage, error = hear(call)

    assert (usage is None) == (attack not in ENDS_WELL), (usage, error)
    assert usage is None or usage.completion_tokens in {3, None}
    assert len(str(error)) < 4_000
    assert "/trap" not in hostile.visited


def hear(call: http.EngineCall) -> tuple[Usage | None, EngineError | None]:
    """Listen to the end, or until it is enough."""
    heard, usage = 0, None
    try:
        for piece in call:
            heard += len(piece.text) + len(piece.reasoning) if isinstance(piece, Delta) else 0
            usage = piece if isinstance(piece, Usage) else usage
            if heard > ENOUGH:
                break
    except EngineError as error:
        return usage, error
    finally:
        call.close()
    return usage, None


@pytest.mark.parametrize("attack", LISTS)
def test_lists_are_bounded_in_size_time_and_form(hostile: Hostile, kind: str, attack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http.Http._fetch, "__kwdefaults__", {"most": http.LIST_BYTES, "within_s": 1.0, "checked": None})
    monkeypatch.setattr(http, "SILENCE_S", 1.0)
    monkeypatch.setattr(ollama, "SHOW_S", 0.5)
    monkeypatch.setattr(hostile, "lists", attack)
    engine: Any = KINDS[kind](hostile.url)
    begin = time.monotonic()

    with suppress(EngineUnavailable):
        models = engine.models()
        assert len(models) <= stream.MOST_MODELS
        assert all(isinstance(model.name, str) and "\x00" not in model.name for model in models)
    if kind == "openai":
        with suppress(EngineUnavailable):
            assert engine.count("m", [Message(role="user", content="Hi.")]) in {None, *range(1_000_000)}
        with suppress(EngineUnavailable):
            assert engine.waiting() in {None, openai.MOST_WAITING}
    with suppress(EngineError):
        engine.embed(ToEmbed(model="m", texts=["text"]))

    assert time.monotonic() - begin < 60
    assert "/trap" not in hostile.visited


def test_what_drips_can_be_stopped(hostile: Hostile, kind: str) -> None:
    hostile.visit.clear()
    call = chat(hostile, kind, "drip")
    reader = threading.Thread(target=lambda: list(call))
    reader.start()
    assert hostile.visit.wait(20)

    call.close()
    reader.join(20)

    assert not reader.is_alive()


KEYS = (
    "message", "content", "thinking", "done", "done_reason", "eval_count", "prompt_eval_count", "error", "choices", "delta", "finish_reason",
    "usage", "tool_calls", "function", "name", "arguments", "index", "id", "reasoning", "prompt_tokens",
)  # fmt: skip
json_ = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(line=st.binary(max_size=200) | json_.map(lambda value: json.dumps(value).encode()))
def test_any_line_is_understood_or_refused(line: bytes) -> None:
    for protocol in (ollama_lines, openai_chunks):
        answer = HeardAnswer()
        documents = Documents(protocol.read)
        with suppress(EngineError):
            for each in line.splitlines():
                for told in documents.hear(each):
                    protocol.take(told, answer)
        answer.spoken.end()
        for piece in answer.spoken.take():
            assert isinstance(piece, Delta)
            piece.text.encode()
            assert "\x00" not in piece.text + piece.reasoning
        assert all("\x00" not in call.name + call.arguments + call.id for call in answer.calls.whole())


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"data:", b"data: ", b"[", b'{"a":', b"event:"])
def test_a_beginning_that_is_repeated_for_ever_is_read_without_depth(mark: bytes) -> None:
    with suppress(EngineError):
        Documents(openai_chunks.read).hear(mark * 100_000)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=400), sizes=st.lists(st.integers(1, 40), min_size=1))
def test_lines_are_the_same_however_they_are_cut(data: bytes, sizes: list[int]) -> None:
    pieces: list[bytes] = []
    at = 0
    while at < len(data):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(data[at : at + size])
        at += size
    waiting = iter([*pieces, b""])

    lines = [line for block in blocks(lambda _: next(waiting)) for line in block]

    assert [line for line in lines if line.strip()] == [line for line in data.splitlines() if line.strip()]


def test_a_line_that_comes_byte_by_byte_costs_no_more_than_its_length() -> None:
    waiting = iter([b"x"] * (LINE_BYTES - 1) + [b"\n", b""])
    begin = time.process_time()

    [[line]] = blocks(lambda _: next(waiting))

    assert len(line) == LINE_BYTES - 1
    assert time.process_time() - begin < 20, "copied again with every byte it takes minutes"
