"""What the servers that speak OpenAI's protocol tell of themselves."""

import pytest

from tests.scripted_engine.script import make
from tests.scripted_engine.server import Server
from worker.engines.openai import OpenAI, _context_length


@pytest.mark.parametrize(("owner", "goes_on"), [("vllm", True), ("llamacpp", True), ("sglang", True), ("me", False)])
def test_whether_answers_go_on_is_known_by_whose_the_models_are(server: Server, owner: str, goes_on: bool) -> None:
    server.book.set("counter", make({"owned_by": owner}), None)
    assert OpenAI(f"{server.url}/v1").continues("counter") is goes_on
    assert OpenAI(f"{server.url}/v1", can_continue=not goes_on).continues("counter") is not goes_on


def test_a_server_that_does_not_answer_is_asked_again() -> None:
    assert not OpenAI("http://127.0.0.1:9/v1").continues("counter")


def test_the_context_is_what_the_server_gives_a_request() -> None:
    assert _context_length({"max_model_len": 4096}) == 4096
    assert _context_length({"meta": {"n_ctx": 512, "n_ctx_train": 8192}}) == 512
    assert _context_length({"meta": {"n_ctx_train": 8192}}) == 8192
    assert _context_length({"id": "m"}) is None
