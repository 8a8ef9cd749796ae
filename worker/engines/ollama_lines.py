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
    reasoning_content: str | None = None
    reasoning: str | None = None
    tool_calls: list[CallPiece] | None = None


class Line(msgspec.Struct):
    message: Message | None = None
    done: bool = False
    done_reason: str | None = None
    response: str | None = None  # of /api/generate, which some gateways answer as
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
    return line if line.message or line.done or line.error or line.response else _picked(parse.anything(data))


def take(line: Line, answer: HeardAnswer) -> None:
    """Put down what the line tells. Raises EngineError where it is a complaint."""
    if line.error:
        raise complaint(line.error)
    if line.message is not None:
        message = line.message
        answer.say(message.content, message.thinking or message.reasoning_content or message.reasoning)
        if line.message.tool_calls:
            answer.calls.hear(line.message.tool_calls)
    elif line.response:
        answer.say(line.response)
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
        told.get("done") in (True, "true"),
        reason if isinstance(reason, str) else None,
        text(told.get("response")),
        told.get("prompt_eval_count"),
        told.get("eval_count"),
        told.get("error") or (told if is_error(told) else None),
    )


def _message(entry: dict[str, Any]) -> Message:
    said, thought = texts(entry.get("content"))
    apart = next((thoughts for name in ("thinking", "reasoning_content", "reasoning") if (thoughts := text(entry.get(name)))), "")
    return Message(said, apart + thought, tool_calls=picked(entry.get("tool_calls")))
