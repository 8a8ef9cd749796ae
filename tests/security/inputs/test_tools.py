"""Tools, forms and images by OpenAI's own client: gunicorn, workers, and an engine that calls what it is told to."""

import base64
import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import openai
import psycopg
import pytest

from functions.openai.request import Complete
from tests import samples
from tests.functions.server.serving import Served
from tests.scripted_engine.script import make
from tests.scripted_engine.server import Server
from tests.security.working import ADDRESSES, PATIENCE_S, asking, count, until, working
from tests.worker.engines.conftest import server

__all__ = ["server"]
ASK: Any = [{"role": "user", "content": "What is the weather?"}]
TOOLS: Any = [
    {"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}
]
CITIES = [{"city": "Bern im Regen"}, {"city": "Wien"}]
CALLS = json.dumps([{"name": "weather", "arguments": city} for city in CITIES])
SCHEMA: Any = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object", "properties": {}}}}
PICTURE = f"data:image/png;base64,{base64.b64encode(samples.png()).decode()}"


@pytest.fixture
def protocol(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "openai"))


@pytest.fixture
def variables_of_workers(database_url: str, redis_url: str, server: Server, protocol: str) -> dict[str, str]:
    name, path = ADDRESSES[protocol]
    server.book.forget()
    server.book.set("counter", make({"length": 3, "calls": CALLS, "vision": True}), None)
    return {"DATABASE_URL": database_url, "REDIS_URL": redis_url, name: server.url + path}


@pytest.fixture
def client(served: Served, variables_of_workers: dict[str, str], tmp_path: Path) -> Iterator[openai.OpenAI]:
    with working(tmp_path, **variables_of_workers), asking(served) as found:
        yield found


def called(chunks: list[Any]) -> list[Any]:
    """Put the calls of a stream together as OpenAI's documentation says."""
    calls: dict[int, list[str]] = {}
    for piece in (piece for chunk in chunks for choice in chunk.choices for piece in choice.delta.tool_calls or ()):
        calls.setdefault(piece.index, []).append(piece.function.arguments)
    return [json.loads("".join(pieces)) for _, pieces in sorted(calls.items())]


@pytest.mark.parametrize("protocol", ["openai", "ollama"], indirect=True)
def test_tools_are_called_and_answered_whole_and_in_a_stream(client: openai.OpenAI, server: Server) -> None:
    whole = client.chat.completions.create(model="counter", messages=ASK, tools=TOOLS).choices[0]
    chunks = list(client.chat.completions.create(model="counter", messages=ASK, tools=TOOLS, stream=True))
    made: Any = whole.message.tool_calls
    results: Any = [{"role": "tool", "tool_call_id": call.id, "content": "Rain."} for call in made]
    server.book.set("counter", make({"text": "It rains."}), None)
    said = client.chat.completions.create(model="counter", messages=[*ASK, whole.message, *results], tools=TOOLS)  # type: ignore[list-item]

    assert (whole.finish_reason, whole.message.content) == ("tool_calls", " w0 w1 w2")
    assert [json.loads(call.function.arguments) for call in made] == CITIES == called(chunks)
    assert chunks[-1].choices[0].finish_reason == "tool_calls"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == " w0 w1 w2"
    assert (said.choices[0].message.content, said.choices[0].finish_reason) == ("It rains.", "stop")
    assert [message["role"] for message in server.book.asked()[-1]["messages"]] == ["user", "assistant", "tool", "tool"]


@pytest.mark.parametrize("protocol", ["openai", "ollama"], indirect=True)
def test_forms_images_and_options_reach_the_engine(client: openai.OpenAI, server: Server, protocol: str) -> None:
    asked: Any = [{"role": "user", "content": [{"type": "text", "text": "What?"}, {"type": "image_url", "image_url": {"url": PICTURE}}]}]
    if protocol == "ollama":
        client.chat.completions.create(
            model="counter", messages=asked, response_format=SCHEMA, presence_penalty=0.5, max_completion_tokens=2, stop=["w9"]
        )
        sent = server.book.asked()[-1]
        assert sent["messages"][0]["images"] == [PICTURE.partition(",")[2]]
        assert (sent["options"]["format"], sent["options"]["num_predict"]) == (SCHEMA["json_schema"]["schema"], 2)
    else:
        with pytest.raises(openai.UnprocessableEntityError, match="can't read images"):
            client.chat.completions.create(model="counter", messages=asked)
        client.chat.completions.create(
            model="counter", messages=ASK, response_format=SCHEMA, presence_penalty=0.5, max_completion_tokens=2, stop=["w9"]
        )
        sent = server.book.asked()[-1]
        assert (sent["options"]["response_format"], sent["options"]["max_tokens"]) == (SCHEMA, 2)
    assert (sent["options"]["presence_penalty"], sent["options"]["stop"]) == (0.5, ["w9"])


@pytest.mark.parametrize("stream", [True, False])
def test_a_call_half_written_when_its_worker_dies_is_made_once(
    served: Served, variables_of_workers: dict[str, str], server: Server, tmp_path: Path, database_url: str, stream: bool
) -> None:
    arguments = {"text": " ".join(f"word{number}" for number in range(60))}
    slow = {"length": 0, "calls": json.dumps([{"name": "weather", "arguments": arguments}]), "rate": 20}
    server.book.set("counter", make(slow), None)
    with ExitStack() as ends:
        for _ in range(2):
            ends.enter_context(working(tmp_path, **variables_of_workers))
        client = ends.enter_context(asking(served))
        asking_ = ends.enter_context(ThreadPoolExecutor(1))
        answer = asking_.submit(client.chat.completions.with_raw_response.create, model="counter", messages=ASK, tools=TOOLS, stream=stream)
        until(lambda: any(asked["sent"] > 5 for asked in server.book.asked()))

        os.kill(worker_of(database_url), signal.SIGKILL)
        server.book.set("counter", make({**slow, "rate": 0}), None)
        told = answer.result(PATIENCE_S).http_response.read().decode()

    lines = [json.loads(line[6:]) for line in told.splitlines() if line.startswith("data: {")] if stream else [json.loads(told)]
    assert not any("error" in line for line in lines), told
    messages = [choice["delta" if stream else "message"] for line in lines for choice in line["choices"]]
    calls = [call for message in messages for call in message.get("tool_calls") or ()]
    assert [json.loads(call["function"]["arguments"]) for call in calls] == [arguments]
    assert len(server.book.asked()) == 2
    until(lambda: count(database_url, "turns") == 0)


def worker_of(database_url: str) -> int:
    """Return the process that has the turn."""
    with psycopg.connect(database_url) as connection:
        [(worker,)] = connection.execute("SELECT worker FROM turns WHERE state = 'running'").fetchall()
    return int(str(worker).split("-")[-2])


def part(url: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}]}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"n": 2}, "one answer is made"),
        ({"n": 0}, "greater than or equal to 1"),
        ({"logprobs": True}, "no probabilities"),
        ({"logit_bias": {"1": 2}}, "not weighed"),
        ({"functions": [{"name": "f"}]}, "tools"),
        ({"modalities": ["text", "audio"]}, "modalities"),
        ({"audio": {"voice": "x"}}, "only text"),
        ({"tool_choice": "required"}, "there are no tools"),
        ({"tools": TOOLS, "tool_choice": {"type": "function", "function": {"name": "other"}}}, "names none"),
        ({"tools": [{"type": "function", "function": {"name": "a b"}}]}, "match pattern"),
        ({"tools": TOOLS * 129}, "at most 128"),
        ({"response_format": {"type": "json_schema"}}, "json_schema belongs"),
        ({"response_format": {"type": "grammar"}}, "response_format"),
        ({"stop": ["a"] * 9}, "at most 8"),
        ({"messages": [{"role": "tool", "tool_call_id": "x", "content": "y"}]}, "answers a tool call that no message"),
        ({"messages": [{"role": "function", "name": "x", "content": "y"}]}, "role"),
        ({"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}]}, "input_audio"),
        (part("http://169.254.169.254/latest/meta-data"), "addresses are not fetched"),
        (part("https://example.org/cat.png"), "addresses are not fetched"),
        (part("file:///etc/passwd"), "addresses are not fetched"),
        (part("data:image/svg+xml;base64,PHN2Zy8+"), "only PNG, JPEG"),
        (part("data:image/png;base64,%%%"), "no base64"),
        (part(f"data:image/png;base64,{base64.b64encode(samples.png()[:20]).decode()}"), "broken"),
        ({"messages": part(PICTURE)["messages"] * 17}, "at most 16 images"),
    ],
)
def test_what_is_not_done_here_is_refused_by_name(app: Any, given: dict[str, Any], why: str) -> None:
    from functions.http.messages import _validated
    from olamchat.errors import Invalid

    with app.test_request_context("/v1/chat/completions", method="POST"), pytest.raises(Invalid) as refused:
        _validated(Complete, {"model": "m", "messages": ASK, **given})

    assert why in refused.value.detail


def test_what_nobody_knows_and_what_asks_for_nothing_is_overlooked() -> None:
    given = {
        "user": "u", "metadata": {"a": "b"}, "store": False, "reasoning_effort": "much", "service_tier": "auto", "brand_new": {"x": 1},
        "logprobs": False, "logit_bias": {}, "functions": [], "n": 1, "tools": [], "tool_choice": "auto", "response_format": {"type": "text"},
    }  # fmt: skip

    said = Complete.model_validate({"model": "m", "messages": ASK, **given})

    assert (said.options(), said.demands()) == ({}, {})


def test_tools_go_on_as_they_came() -> None:
    tool = {
        "type": "function",
        "function": {"strict": True, "parameters": {"b": 1, "a": {"$ref": "#"}}, "description": "d", "name": "f"},
        "cache": 1,
    }
    form = {"type": "json_schema", "json_schema": {"strict": True, "schema": {"zz": 1, "a": 2}, "name": "n"}}

    said = Complete.model_validate({"model": "m", "messages": ASK, "tools": [tool], "parallel_tool_calls": False, "response_format": form})

    assert said.demands() == {"tools": [tool], "parallel_tool_calls": False, "response_format": form}


@pytest.mark.parametrize("protocol", ["openai"], indirect=True)
def test_how_much_to_think_reaches_a_model_that_can_be_told(client: openai.OpenAI, server: Server) -> None:
    server.book.set("gpt-5.1", make({"length": 1}), None)
    while "gpt-5.1" not in {model.id for model in client.models.list()}:
        time.sleep(0.2)  # workers look for new models every few seconds

    for model in ("gpt-5.1", "counter"):
        client.chat.completions.create(model=model, messages=ASK, reasoning_effort="minimal")

    assert [sent["options"].get("reasoning_effort") for sent in server.book.asked()[-2:]] == ["low", None]
