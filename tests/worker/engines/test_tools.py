"""Tools and forms: each engine is asked in its own format, and what it calls comes out whole, with the answer's end."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.worker.engines.conftest import Bench, hear, request
from worker.engines.base import CallsTooLong, Demands, Message, StreamInterrupted, ToolCall, ToolsRejected
from worker.engines.ollama import Ollama
from worker.engines.reply import calls as collecting
from worker.engines.reply.calls import Calls

TOOL: dict[str, Any] = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}},
}
CALLED = json.dumps([{"name": "weather", "arguments": {"city": "Bern im Regen"}}, {"name": "weather", "arguments": {"city": "Wien"}}])
SCHEMA = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}


def demanding(**demands: Any) -> Any:
    return replace(request(), demands=Demands(**demands))


def test_calls_come_whole_after_the_text(bench: Bench) -> None:
    bench.script(length=3, calls=CALLED)

    heard = hear(bench.engine, demanding(tools=[TOOL]))

    assert (heard.text, heard.usage.finish_reason) == (" w0 w1 w2", "tool_calls")
    assert [(call.name, json.loads(call.arguments)["city"]) for call in heard.usage.calls] == [
        ("weather", "Bern im Regen"),
        ("weather", "Wien"),
    ]
    assert len({call.id for call in heard.usage.calls}) == 2
    assert bench.book.asked()[0]["options"]["tools"] == [TOOL]


def test_without_tools_or_where_none_may_be_called_none_is(bench: Bench) -> None:
    bench.script(length=1, calls=CALLED)

    assert bench.ask().usage.finish_reason == "stop"
    assert hear(bench.engine, demanding(tools=[TOOL], tool_choice="none")).usage.calls == ()


def test_an_answer_that_breaks_inside_a_call_tells_none(bench: Bench) -> None:
    bench.script(length=1, calls=CALLED, cut_at=2)

    with pytest.raises(StreamInterrupted):
        hear(bench.engine, demanding(tools=[TOOL]))


def test_what_a_tool_returned_is_sent_back_with_its_call(bench: Bench) -> None:
    call = ToolCall(id="call_1", name="weather", arguments='{"city": "Bern"}')
    messages = [
        *request().messages,
        Message(role="assistant", content="", calls=(call,)),
        Message(role="tool", content="Rain.", answers=call),
    ]

    hear(bench.engine, replace(request(), messages=messages, demands=Demands(tools=[TOOL])))

    _, _, calling, answering = bench.book.asked()[0]["messages"]
    given = calling["tool_calls"][0]["function"]
    if isinstance(bench.engine, Ollama):
        assert given == {"name": "weather", "arguments": {"city": "Bern"}}
        assert answering == {"role": "tool", "content": "Rain.", "tool_name": "weather", "tool_call_id": "call_1"}
    else:
        assert given == {"name": "weather", "arguments": '{"city": "Bern"}'}
        assert answering == {"role": "tool", "content": "Rain.", "tool_call_id": "call_1"}


def test_a_form_is_asked_for(bench: Bench) -> None:
    hear(bench.engine, demanding(response_format=SCHEMA))
    hear(bench.engine, demanding(response_format={"type": "json_object"}))

    schema, anything = (asked["options"] for asked in bench.book.asked())
    if isinstance(bench.engine, Ollama):
        assert (schema["format"], anything["format"]) == ({"type": "object"}, "json")
    else:
        assert (schema["response_format"], anything["response_format"]) == (SCHEMA, {"type": "json_object"})


def test_ollama_is_not_asked_to_call_a_tool_now_because_it_would_not_listen(bench: Bench) -> None:
    asked = demanding(tools=[TOOL], tool_choice="required")

    if isinstance(bench.engine, Ollama):
        with pytest.raises(ToolsRejected):
            hear(bench.engine, asked)
    else:
        hear(bench.engine, asked)
        assert bench.book.asked()[0]["options"]["tool_choice"] == "required"


@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        ([(0, "a", "f", '{"x":'), (0, None, None, "1}")], [("a", "f", '{"x":1}')]),
        ([(0, "a", "f", ""), (1, "b", "g", "{}"), (0, None, None, "{}")], [("a", "f", "{}"), ("b", "g", "{}")]),
        ([(0, "a", "f", "{}"), (0, "b", "g", "{}")], [("a", "f", "{}"), ("b", "g", "{}")]),
        ([(0, "a", "f", "{"), (0, "a", "f", "}")], [("a", "f", "{}")]),
        ([(None, None, "f", {"x": 1}), (None, None, "f", None)], [(None, "f", '{"x": 1}'), (None, "f", "{}")]),
        ([(-5, "a", "f", "\ud83d"), (-5, "", None, "\ude00\x00\udc00")], [("a", "f", "😀\ufffd\ufffd")]),
        ([(7, "a", None, "{}")], []),
    ],
)
def test_calls_are_put_together_as_each_engine_cuts_them(pieces: list[tuple[Any, ...]], told: list[tuple[Any, ...]]) -> None:
    calls = Calls()
    for piece in pieces:
        calls.add(*piece)

    assert [
        (call.id if expected[0] else None, call.name, call.arguments) for call, expected in zip(calls.whole(), told, strict=True)
    ] == told


def test_calls_are_bounded() -> None:
    many, long = Calls(), Calls()

    with pytest.raises(CallsTooLong):
        for place in range(collecting.MOST_CALLS + 1):
            many.add(place, None, "f", "")
    with pytest.raises(CallsTooLong):
        for _ in range(collecting.MOST_CHARS):
            long.add(0, None, "f", "x" * 1_000)
