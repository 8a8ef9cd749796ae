"""Ollama's side of the scripted engine (https://github.com/ollama/ollama/blob/main/docs/api.md)."""

import json
from collections.abc import Iterator
from typing import Any

from tests.scripted_engine.book import Book, Refused
from tests.scripted_engine.script import Script
from tests.scripted_engine.speech import Speech, calls, speech


def tags(book: Book) -> dict[str, Any]:
    return {"models": [{"name": name, "model": name, "size": 1, "details": {"family": "scripted"}} for name in book.models()]}


def running(book: Book) -> dict[str, Any]:
    return {"models": [{"name": name, "model": name, "context_length": book.models()[name].context_length} for name in book.loaded()]}


def show(book: Book, body: dict[str, Any]) -> dict[str, Any]:
    script = book.models().get(body.get("model", ""))
    if script is None:
        raise Refused(404, {"error": f"model '{body.get('model')}' not found"})
    return {
        "details": {"family": script.family},
        "model_info": {"general.architecture": "scripted", "scripted.context_length": script.context_length},
        "capabilities": ["embedding"]
        if script.embeds
        else [
            "completion",
            *(["thinking"] if script.think else []),
            *(name for name in ("vision", "tools") if getattr(script, name)),
        ],
    }


class Chat:
    """One request to /api/chat, and the lines that answer it."""

    protocol = "ollama"
    content_type = "application/x-ndjson"
    refuses_while_loading = False
    malformed = b"{this is not json\n"

    def __init__(self, body: dict[str, Any]) -> None:
        self.model: str = body["model"]
        self.messages: list[dict[str, Any]] = body["messages"]
        self.options: dict[str, Any] = body.get("options", {}) | {name: body[name] for name in ("tools", "format", "think") if name in body}
        self.streams: bool = body.get("stream", True)
        self.continues = bool(self.messages) and self.messages[-1]["role"] == "assistant"

    def _speech(self, script: Script) -> Speech:
        prefix = self.messages[-1]["content"] if self.continues else None
        return speech(script, prefix, limit=self.options.get("num_predict"), stop=self.options.get("stop") or [])

    def lines(self, script: Script) -> Iterator[bytes]:
        said = self._speech(script)
        for token in said.reasoning:
            yield self._line({"message": {"role": "assistant", "content": "", "thinking": token}, "done": False})
        for token in said.tokens:
            yield self.piece(token)
        for call in calls(script, self.options, self.messages):
            yield self._line({"message": {"role": "assistant", "content": "", "tool_calls": [{"function": call}]}, "done": False})

    def piece(self, token: str) -> bytes:
        return self._line({"message": {"role": "assistant", "content": token}, "done": False})

    def last(self, script: Script) -> bytes:
        return self._line(self._end(script))

    def whole(self, script: Script) -> dict[str, Any]:
        said = self._speech(script)
        message = {"role": "assistant", "content": "".join(said.tokens), "thinking": "".join(said.reasoning)}
        return {"model": self.model, "message": message, **self._end(script)}

    def _end(self, script: Script) -> dict[str, Any]:
        said = self._speech(script)
        counts = {"prompt_eval_count": said.prompt_tokens(self.messages), "eval_count": len(said.tokens)} if script.usage else {}
        return {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": said.finish, **counts}

    def _line(self, data: dict[str, Any]) -> bytes:
        return (
            json.dumps({"model": self.model, "created_at": "2024-01-01T00:00:00Z", **data}, ensure_ascii="\x00" in str(data)).encode()
            + b"\n"
        )

    def error(self, text: str) -> dict[str, Any]:
        return {"error": text}

    def error_line(self, text: str) -> bytes:
        return json.dumps(self.error(text)).encode() + b"\n"

    def no_model(self) -> dict[str, Any]:
        return {"error": f"model '{self.model}' not found"}

    def images(self) -> int:
        return sum(len(message.get("images") or []) for message in self.messages)

    def no_image(self) -> tuple[int, dict[str, Any]]:
        return 500, {"error": f"Failed to process inputs: model {self.model} is missing data required for image input"}

    def too_long(self, script: Script) -> dict[str, Any]:
        return {"error": f"the input length exceeds the context length ({script.context_length})"}
