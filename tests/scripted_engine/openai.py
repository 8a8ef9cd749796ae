"""OpenAI's side of the scripted engine (https://platform.openai.com/docs/api-reference/chat), with vLLM's two fields for continuing."""

import json
from collections.abc import Iterator
from secrets import token_hex
from typing import Any

from tests.scripted_engine.book import Book
from tests.scripted_engine.script import Script, split
from tests.scripted_engine.speech import Speech, calls, speech, text


def models(book: Book) -> dict[str, Any]:
    listed = [
        {"id": name, "object": "model", "owned_by": script.owned_by, "max_model_len": script.context_length}
        for name, script in book.models().items()
    ]
    return {"object": "list", "data": listed}


def count(messages: list[dict[str, Any]]) -> int:
    """Return how many words the messages have, as many as this engine's tokens."""
    return sum(len(text(message["content"]).split()) for message in messages)


class Chat:
    """One request to /v1/chat/completions, and the events that answer it."""

    protocol = "openai"
    content_type = "text/event-stream"
    refuses_while_loading = True
    malformed = b"data: {this is not json\n\n"

    def __init__(self, body: dict[str, Any]) -> None:
        self.model: str = body["model"]
        self.messages: list[dict[str, Any]] = body["messages"]
        self.options: dict[str, Any] = {name: value for name, value in body.items() if name not in {"model", "messages"}}
        self.streams: bool = body.get("stream", False)
        self.continues: bool = body.get("continue_final_message", False) and not body.get("add_generation_prompt", True)
        self._counts: bool = (body.get("stream_options") or {}).get("include_usage", False)

    def _speech(self, script: Script) -> Speech:
        prefix = self.messages[-1]["content"] if self.continues else None
        stop = self.options.get("stop") or []
        return speech(script, prefix, limit=self.options.get("max_tokens"), stop=[stop] if isinstance(stop, str) else stop)

    def lines(self, script: Script) -> Iterator[bytes]:
        said = self._speech(script)
        for token in said.reasoning:
            yield self._chunk([{"index": 0, "delta": {"reasoning_content": token}, "finish_reason": None}])
        for token in said.tokens:
            yield self.piece(token)
        for index, call in enumerate(calls(script, self.options, self.messages)):
            yield from self._call(index, call)

    def _call(self, index: int, call: dict[str, Any]) -> Iterator[bytes]:
        """Say the call's name with its id, then its arguments piece by piece."""
        named: dict[str, Any] = {"id": f"call_{token_hex(4)}", "type": "function", "function": {"name": call["name"], "arguments": ""}}
        for more in [named, *({"function": {"arguments": piece}} for piece in split(json.dumps(call["arguments"])))]:
            yield self._chunk([{"index": 0, "delta": {"tool_calls": [{"index": index, **more}]}, "finish_reason": None}])

    def piece(self, token: str) -> bytes:
        return self._chunk([{"index": 0, "delta": {"content": token}, "finish_reason": None}])

    def last(self, script: Script) -> bytes:
        said = self._speech(script)
        finish = "tool_calls" if calls(script, self.options, self.messages) else said.finish
        events = self._chunk([{"index": 0, "delta": {}, "finish_reason": finish}])
        if self._counts and script.usage:
            events += self._chunk([], usage=self._usage(said))
        return events + b"data: [DONE]\n\n"

    def whole(self, script: Script) -> dict[str, Any]:
        said = self._speech(script)
        message = {"role": "assistant", "content": "".join(said.tokens), "reasoning_content": "".join(said.reasoning) or None}
        return {"id": "scripted", "choices": [{"index": 0, "message": message, "finish_reason": said.finish}], "usage": self._usage(said)}

    def _usage(self, said: Speech) -> dict[str, int]:
        prompt = said.prompt_tokens(self.messages)
        return {"prompt_tokens": prompt, "completion_tokens": len(said.tokens), "total_tokens": prompt + len(said.tokens)}

    def _chunk(self, choices: list[dict[str, Any]], **more: Any) -> bytes:
        data = {"id": "scripted", "object": "chat.completion.chunk", "model": self.model, "choices": choices, **more}
        return b"data: " + json.dumps(data, ensure_ascii="\x00" in str(data)).encode() + b"\n\n"

    def error(self, text: str) -> dict[str, Any]:
        return {"error": {"message": text, "type": "server_error", "code": None}}

    def error_line(self, text: str) -> bytes:
        return b"data: " + json.dumps(self.error(text)).encode() + b"\n\n"

    def no_model(self) -> dict[str, Any]:
        return {"error": {"message": f"The model `{self.model}` does not exist.", "type": "NotFoundError", "code": 404}}

    def images(self) -> int:
        parts = [part for message in self.messages if isinstance(message["content"], list) for part in message["content"]]
        return sum(part["type"] == "image_url" for part in parts)

    def no_image(self) -> tuple[int, dict[str, Any]]:
        return 400, {"error": {"message": f"{self.model} is not a multimodal model", "type": "BadRequestError", "code": 400}}

    def too_long(self, script: Script) -> dict[str, Any]:
        text = f"This model's maximum context length is {script.context_length} tokens. Please reduce the length of the messages."
        return {"error": {"message": text, "type": "BadRequestError", "code": "context_length_exceeded"}}
