"""OpenAI's client for Node against the whole of it: models, chat, stream, tools, abort."""

import json
import os
import subprocess

import openai
import pytest

from tests.functions.server.serving import Served
from tests.scripted_engine.script import make
from tests.scripted_engine.server import Server
from tests.security.inputs.test_tools import CITIES, client, protocol, variables_of_workers
from tests.security.oidc import NODE, node_binary
from tests.security.working import PATIENCE_S, count, until
from tests.worker.engines.conftest import server

__all__ = ["client", "protocol", "server", "variables_of_workers"]


def test_the_official_node_client_lists_asks_streams_calls_tools_and_aborts(
    served: Served, client: openai.OpenAI, server: Server, database_url: str
) -> None:
    if not (NODE / "node_modules" / "openai").exists():
        pytest.fail("the client is not installed: run `make tests/security/node/node_modules/.made`")
    server.book.set("slow", make({"length": 10_000, "rate": 20}), None)
    until(lambda: "slow" in {model.id for model in client.models.list().data})
    given = {**os.environ, "OPENAI_BASE_URL": f"{served.url}/v1", "OPENAI_API_KEY": client.api_key}

    command = [str(node_binary()), "client.mjs"]
    ran = subprocess.run(command, cwd=NODE, env=given, capture_output=True, text=True, timeout=2 * PATIENCE_S, check=False)

    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert set(told["listed"]) == {"counter", "slow"}
    assert (told["whole"], told["streamed"], told["usage"]["completion_tokens"]) == (" w0 w1 w2", " w0 w1 w2", 3)
    assert (told["finish"], told["calls"], told["refused"]) == ("tool_calls", CITIES, [422, "invalid"])
    tools = [message for asked in server.book.asked() for message in asked["messages"] if message["role"] == "tool"]
    assert {message["content"] for message in tools} == {f"Rain in {city['city']}." for city in CITIES}
    assert told["heard"] == 2
    until(lambda: count(database_url, "turns") == 0)
    assert server.book.asked()[-1]["how"] == "cancelled"
