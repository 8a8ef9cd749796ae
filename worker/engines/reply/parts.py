"""Texts that come in odd forms: as a list of parts, with thoughts among them, or as an object. What is no text is passed over."""

from collections.abc import Iterator
from typing import Any

THOUGHTS = {"thinking", "reasoning", "thought", "reasoning_text", "summary_text", "redacted_thinking"}


def texts(content: Any) -> tuple[str, str]:
    """Return (text, reasoning) of a message's content."""
    every = list(_parts(content, is_thought=False))
    return "".join(text for text, thought in every if not thought), "".join(text for text, thought in every if thought)


def text(content: Any) -> str:
    """Return all that is text in it."""
    return "".join(texts(content))


def _parts(content: Any, *, is_thought: bool) -> Iterator[tuple[str, bool]]:
    if isinstance(content, str):
        yield content, is_thought
    elif isinstance(content, int | float) and not isinstance(content, bool):  # of gateways that read each word as JSON
        yield str(content), is_thought
    elif isinstance(content, list):
        for part in content:
            yield from _parts(part, is_thought=is_thought)
    elif isinstance(content, dict):
        is_thought = is_thought or content.get("type") in THOUGHTS
        for name in ("thinking", "reasoning", "summary", "text", "content", "value", "refusal"):
            if content.get(name):
                yield from _parts(content[name], is_thought=is_thought or name in THOUGHTS)
