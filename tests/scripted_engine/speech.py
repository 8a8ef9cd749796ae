"""The tokens that one request is answered with, whatever the protocol."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.scripted_engine.script import Script, split


@dataclass(frozen=True)
class Speech:
    """Reasoning and text, token by token, and why it ends."""

    reasoning: list[str]
    tokens: list[str]
    finish: str

    def prompt_tokens(self, messages: Sequence[dict[str, Any]]) -> int:
        return sum(len(text(message["content"]).split()) for message in messages)


def calls(script: Script, options: dict[str, Any], messages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what tools the script calls, none where the request has no tools or wants none called."""
    wanted = options.get("tools") and options.get("tool_choice") != "none"
    asked = next((place for place, message in enumerate(reversed(messages)) if message["role"] == "user"), 0)
    if script.calls_once and any(message["role"] == "tool" for message in messages[len(messages) - asked :]):
        return []
    return json.loads(script.calls) if script.calls and wanted else []


def text(content: str | list[dict[str, Any]] | None) -> str:
    """Return a message's words: its content, or the parts of it that are text."""
    if content is None:
        return ""
    return content if isinstance(content, str) else " ".join(part["text"] for part in content if part["type"] == "text")


def speech(script: Script, prefix: str | None, *, limit: int | None, stop: Sequence[str]) -> Speech:
    """Return what to say after `prefix` (None: a new answer), within the request's limit and up to its first stop string."""
    prefix = None if script.begins_again else prefix
    reasoning = [f" r{number}" for number in range(script.think)] if prefix is None else []
    tokens, finish = _stopped(script.tokens(prefix or ""), stop), "stop"
    if limit is not None and 0 <= limit < len(tokens):
        tokens, finish = tokens[:limit], "length"
    if script.think_tags and reasoning:
        tokens, reasoning = ["<think>", *reasoning, "</think>", *tokens], []
    return Speech(reasoning, tokens, finish)


def _stopped(tokens: list[str], stop: Sequence[str]) -> list[str]:
    text = "".join(tokens)
    ends = [at for mark in stop if (at := text.find(mark)) >= 0]
    return split(text[: min(ends)]) if ends else tokens
