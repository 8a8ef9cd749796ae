"""The lines of Ollama's /api/chat (https://github.com/ollama/ollama/blob/main/docs/api.md), as Ollama and what stands in for it send them.

A line in the form of the reference is read as fast as can be. Any other is taken member by member: what has an odd type is passed over.
"""

from typing import Any

import msgspec

from worker.engines.refusals import complaint, is_error
from worker.engines.reply.calls import CallPiece, picked
from worker.engines.reply.hear import HeardAnswer
from worker.engines.reply.parts import text, texts
from worker.engines.wire import parse


class Message(msgspec.Struct):
    content: str | None = None
    thinking: str | None = None
    tool_calls: list[CallPiece] | None = None


class Line(msgspec.Struct):
    message: Message | None = None
    done: bool = False
    done_reason: str | None = None
    prompt_eval_count: Any = None
    eval_count: Any = None
    error: Any = None


_decoder = msgspec.json.Decoder(Line)


def read(data: bytes) -> Line:
    """Return the line. Raises NotJson."""
    try:
        line = parse.read(data, _decoder)
    except parse.NotJson:
        return _picked(parse.anything(data))
    return line if line.message or line.done or line.error else _picked(parse.anything(data))


def take(line: Line, answer: HeardAnswer) -> None:
    """Put down what the line tells. Raises EngineError where it is a complaint."""
    if line.error:
        raise complaint(line.error)
    if line.message is not None:
        answer.spoken.add(line.message.content, line.message.thinking)
        if line.message.tool_calls:
            answer.calls.hear(line.message.tool_calls)
    if line.done:
        answer.is_whole, answer.finish = True, line.done_reason
        answer.prompt_tokens, answer.completion_tokens = line.prompt_eval_count, line.eval_count


def _picked(told: Any) -> Line:
    """Return what can be understood of any JSON."""
    if not isinstance(told, dict):
        raise parse.NotJson("no object")
    message, reason = told.get("message"), told.get("done_reason")
    return Line(
        _message(message) if isinstance(message, dict) else None,
        told.get("done") is True,
        reason if isinstance(reason, str) else None,
        told.get("prompt_eval_count"),
        told.get("eval_count"),
        told.get("error") or (told if is_error(told) else None),
    )


def _message(entry: dict[str, Any]) -> Message:
    said, thought = texts(entry.get("content"))
    return Message(said, text(entry.get("thinking")) + thought, picked(entry.get("tool_calls")))
