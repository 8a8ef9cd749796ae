"""A call whose server asks something in the middle, and then refuses the answer: what was begun is not begun again."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from uuid import UUID

import pytest

from olamchat.services.steps.moves import Step
from worker.steps.calls import Call, Outcome

ONE = UUID(int=1)
STEP = Step(
    message_id=ONE, number=1, attempt=1, user_id=ONE, conversation_id=ONE, server="asks", tool="pay", arguments="{}", effect="write",
    idempotency_key=ONE, row={},
)  # fmt: skip
FORM = {"message": "Sure?", "requestedSchema": {"type": "object", "properties": {"yes": {"type": "boolean"}}}}


class Server(ThreadingHTTPServer):
    """An MCP server of the earlier protocol: its first call is done at once, the next asks, and the answer is met with `status`."""

    daemon_threads = True

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), Speaks)
        self.status, self.calls, self.answered = status, 0, Event()


class Speaks(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.say(405)

    def do_DELETE(self) -> None:
        self.say(405)

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        match said.get("method"):
            case "initialize":
                about = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "asks", "version": "1"}}
                self.say(200, {"jsonrpc": "2.0", "id": said["id"], "result": about})
            case "notifications/initialized":
                self.say(202)
            case "tools/call":
                self.call(said["id"])
            case None:
                self.say(self.server.status)
                self.server.answered.set()
            case _:
                self.say(400)

    def call(self, number: Any) -> None:
        self.server.calls += 1
        if self.server.calls == 1:
            self.say(200, {"jsonrpc": "2.0", "id": number, "result": {"content": [{"type": "text", "text": "paid"}]}})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        question = {"jsonrpc": "2.0", "id": "q", "method": "elicitation/create", "params": FORM}
        self.wfile.write(f"event: message\ndata: {json.dumps(question)}\n\n".encode())
        self.wfile.flush()
        self.server.answered.wait(30)

    def say(self, status: int, body: Any = None) -> None:
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Mcp-Session-Id", "one")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(status: int) -> Iterator[Server]:
    server = Server(status)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


async def yes(params: Any) -> dict[str, Any]:
    return {"action": "accept", "content": {"yes": True}}


async def two_calls(server: Server) -> list[Outcome]:
    """Make a call, and on the session that it leaves one whose answer is refused."""
    row = {
        "id": ONE,
        "name": "asks",
        "kind": "http",
        "url": f"http://127.0.0.1:{server.server_port}/mcp",
        "auth": "oauth",
        "token_variable": "",
    }
    return [await Call(step=STEP, server=row, on_progress=lambda *_: None, timeout_s=20, token="t", ask=yes).run() for _ in range(2)]


@pytest.mark.parametrize("status", [400, 401, 404])
def test_a_call_that_was_taken_is_not_made_again_when_its_answer_is_refused(status: int) -> None:
    with serving(status) as server:
        first, second = asyncio.run(two_calls(server))

    assert first.how == "ended"
    assert server.calls == 2, "the write may have happened"
    assert second.how == "broken", "of which nobody knows, so that a person decides"
