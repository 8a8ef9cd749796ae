"""OpenAI's chat completions: the answer's shapes, whole and in chunks (https://platform.openai.com/docs/api-reference/chat)."""

from collections.abc import Mapping, Sequence
from typing import Any

from olamchat.services.completions import Begun, End


def chunk(begun: Begun, delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    """Return one chunk of a stream."""
    return {**_head(begun, "chat.completion.chunk"), "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]}


def last_chunk(begun: Begun, usage: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the chunk that tells what it took."""
    return {**_head(begun, "chat.completion.chunk"), "choices": [], "usage": counted(usage)}


def whole(begun: Begun, end: End) -> dict[str, Any]:
    """Return an answer in one piece."""
    thoughts = {"reasoning_content": end.reasoning} if end.reasoning else {}
    calls = {"tool_calls": called(end.calls)} if end.calls else {}
    message = {"role": "assistant", "content": end.text or (None if calls else ""), "refusal": None, **thoughts, **calls}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason(end.usage)}
    return {**_head(begun, "chat.completion"), "choices": [choice], "usage": counted(end.usage)}


def called(calls: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return what tools the model calls."""
    return [{"id": call["id"], "type": "function", "function": {"name": call["name"], "arguments": call["arguments"]}} for call in calls]


def finish_reason(usage: Mapping[str, Any] | None) -> str:
    """Return why it ended in OpenAI's words, which have none for a refusal."""
    told = str((usage or {}).get("finish_reason") or "stop")
    return "stop" if told == "refusal" else told


def counted(usage: Mapping[str, Any] | None) -> dict[str, int]:
    """Return the tokens; 0 where the engine doesn't count."""
    asked, said = ((usage or {}).get(name) or 0 for name in ("prompt_tokens", "completion_tokens"))
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def _head(begun: Begun, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{begun.id.hex}", "object": kind, "created": begun.created_s, "model": begun.model, "system_fingerprint": None}
