"""How long a thread is, as the servers that speak OpenAI's protocol say it: each in its own way, found out at the first question.

vLLM: https://docs.vllm.ai/en/stable/serving/openai_compatible_server.html (tokenizer API). llama.cpp:
https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md (/apply-template, /tokenize). llama-cpp-python: /extras/tokenize/count.
"""

from collections.abc import Callable, Sequence
from typing import Any

from worker.engines.base import Message, counted
from worker.engines.wire import parse
from worker.engines.wire.http import Http

# What a chat template puts around each message, where only the texts are counted.
AROUND = 8
Ask = Callable[[str, dict[str, Any]], dict[str, Any]]


class Counter:
    """Counts by the first way that this server understands; None where it understands none."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._way: Callable[[Ask, str, Sequence[Message]], int | None] | None = None
        self._found = False

    def count(self, model: str, messages: Sequence[Message]) -> int | None:
        """Return the thread's tokens, None where the server can't say. Raises EngineUnavailable."""
        if not self._found:
            self._way = next((way for way in _WAYS if way(self._ask, model, messages) is not None), None)
            self._found = True
        return self._way(self._ask, model, messages) if self._way else None

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            told = parse.anything(self._http.maybe(path, body) or b"{}")
        except parse.NotJson:
            return {}
        return told if isinstance(told, dict) else {}


def _messages(messages: Sequence[Message]) -> list[dict[str, str]]:
    return [{"role": message.role, "content": message.content} for message in messages]


def _vllm(ask: Ask, model: str, messages: Sequence[Message]) -> int | None:
    return counted(ask("/tokenize", {"model": model, "messages": _messages(messages)}).get("count"))


def _llama_cpp(ask: Ask, model: str, messages: Sequence[Message]) -> int | None:
    prompt = ask("/apply-template", {"model": model, "messages": _messages(messages)}).get("prompt")
    tokens = ask("/tokenize", {"content": prompt}).get("tokens") if isinstance(prompt, str) and prompt else None
    return len(tokens) if isinstance(tokens, list) else None


def _llama_cpp_python(ask: Ask, model: str, messages: Sequence[Message]) -> int | None:
    texts = "\n".join(message.content for message in messages)
    count = counted(ask("/extras/tokenize/count", {"model": model, "input": texts}).get("count"))
    return None if count is None else count + AROUND * (len(messages) + 1)


_WAYS = (_vllm, _llama_cpp, _llama_cpp_python)
