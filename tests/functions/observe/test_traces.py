"""A question's trace, from the browser's POST to the last token that is delivered, as a real receiver gets it over OTLP."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from bench import measure
from bench.client.browser import Browser, Reader
from bench.client.received import Received
from bench.client.script import Script
from bench.systems.engine import MODEL
from bench.systems.stack import Shape
from tests.in_a_thread import in_a_thread

SAID = Script(length=20, rate=200, delay_ms=50)
BROWSERS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
PATIENCE_S = 20.0


@dataclass
class Receiver:
    """An OpenTelemetry collector, as far as it takes spans: (service, span)."""

    url: str
    spans: list[tuple[str, Span]] = field(default_factory=list)

    def of(self, trace: str) -> dict[str, tuple[str, Span]]:
        return {span.name: (service, span) for service, span in self.spans if span.trace_id.hex() == trace}

    def wait_for(self, trace: str, names: set[str]) -> dict[str, tuple[str, Span]]:
        deadline = time.monotonic() + PATIENCE_S
        while not names <= self.of(trace).keys() and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.of(trace)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["Content-Length"])))
            for resource in body.resource_spans:
                service = {one.key: one.value.string_value for one in resource.resource.attributes}["service.name"]
                received.spans += [(service, span) for scope in resource.scope_spans for span in scope.spans]
            self.send_response(200 if self.path == "/v1/traces" else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    with in_a_thread(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        received = Receiver(f"http://127.0.0.1:{server.server_port}")
        yield received


def attributes(span: Span) -> dict[str, Any]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def test_a_proxy_does_not_stand_before_a_receiver_on_this_machine(receiver: Receiver) -> None:
    code = f"from olamchat import tracing; tracing.set_up('here'); tracing.begin('look', parent={BROWSERS!r}).end()"
    proxies = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY"), "http://127.0.0.1:9")
    subprocess.run([sys.executable, "-c", code], env={**os.environ, **proxies, "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url}, check=True)
    assert [service for service, _ in receiver.of(BROWSERS.split("-")[1]).values()] == ["olamchat-here"]


async def ask(folder: Path, endpoint: str, *, traceparent: str, each: bool = False) -> tuple[Received, str, list[bytes]]:
    """Ask one question of a whole house, its functions in a process `each` or in one; return what came, the conversation and the event `started`."""
    shape = Shape(each=each, settings={"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_BSP_SCHEDULE_DELAY": "100"})
    async with measure.Ground(folder, shape) as ground:
        assert ground.house is not None
        person = Browser(ground.house.port, MODEL)
        await person.sign_up()
        conversation, got, over, started = await person.new_conversation(), Received(SAID), asyncio.Event(), list[bytes]()
        reader = Reader(got, over)

        def take(event: bytes, data: bytes) -> None:
            if event == b"started":
                started.append(data)
            reader.take(event, data)

        watching = asyncio.ensure_future(person.watch(conversation, take))
        await person.ask(
            "POST",
            f"/api/conversations/{conversation}/messages",
            {"content": SAID.question()},
            Idempotency_Key="once",
            traceparent=traceparent,
        )
        await asyncio.wait_for(over.wait(), PATIENCE_S)
        await asyncio.sleep(1)  # the spans leave every 100 ms
        watching.cancel()
    return got, conversation, started


def test_a_questions_trace_reaches_from_its_post_to_its_last_token(tmp_path: Path, receiver: Receiver) -> None:
    got, conversation, _ = asyncio.run(ask(tmp_path, receiver.url, traceparent=BROWSERS, each=True))

    post = "POST /api/conversations/<uuid:conversation_id>/messages"
    found = receiver.wait_for(BROWSERS.split("-")[1], {post, "answer", "deliver"})

    (asking, asked), (working, answer), (streaming, delivery) = found[post], found["answer"], found["deliver"]
    assert (asking, working, streaming) == ("olamchat-messages", "olamchat-worker", "olamchat-stream")
    assert asked.parent_span_id.hex() == BROWSERS.split("-")[2]
    assert answer.parent_span_id == asked.span_id
    assert delivery.parent_span_id == answer.span_id
    assert attributes(asked)["http.response.status_code"] == 202
    assert attributes(asked)["conversation.id"] == attributes(answer)["conversation.id"] == conversation
    assert (attributes(answer)["pool"], attributes(answer)["model"], attributes(answer)["status"]) == ("ollama", MODEL, "done")
    assert [event.name for event in answer.events] == ["first token", "last token"]
    assert [event.name for event in delivery.events] == ["first token", "last token"]
    assert attributes(answer)["answer.id"] == attributes(delivery)["answer.id"]
    assert asked.start_time_unix_nano < answer.start_time_unix_nano < delivery.events[-1].time_unix_nano
    assert (got.count, got.lost, got.doubled) == (SAID.length, 0, 0)
    assert not [span for _, span in receiver.spans if "health" in span.name]


def test_a_receiver_that_is_away_stops_no_answer(tmp_path: Path) -> None:
    got, _, _ = asyncio.run(ask(tmp_path, "http://127.0.0.1:9", traceparent="no traceparent at all"))

    assert (got.count, got.lost, got.doubled, got.trouble) == (SAID.length, 0, 0, "")


def test_without_a_receiver_nothing_is_traced_nor_imported(tmp_path: Path) -> None:
    got, _, started = asyncio.run(ask(tmp_path, "", traceparent=BROWSERS))
    said = (
        "from functions.app import create_app; import worker.__main__, sys; create_app();"
        "print([m for m in sys.modules if m.startswith(('opentelemetry.exporter', 'opentelemetry.sdk.trace'))])"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)

    assert got.count == SAID.length
    assert b"traceparent" not in b"".join(started)
    assert done.stdout.strip() == "[]"
