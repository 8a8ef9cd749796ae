"""The chunks of OpenAI's chat completions (https://platform.openai.com/docs/api-reference/chat-streaming), as servers really send them.

A chunk in the form of the reference is read as fast as can be. Any other is taken member by member: what has an odd type is passed over.
"""

from typing import Any

import msgspec

from worker.engines.refusals import complaint, is_error
from worker.engines.reply.calls import CallPiece, picked
from worker.engines.reply.hear import HeardAnswer
from worker.engines.reply.parts import text, texts
from worker.engines.wire import parse


class Delta(msgspec.Struct):
    tool_calls: list[CallPiece] | None = None
    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    refusal: str | None = None


class Choice(msgspec.Struct):
    delta: Delta | None = None
    # Where the server ignores that a stream was asked for, the whole answer.
    message: Delta | None = None
    finish_reason: str | None = None


class Usage(msgspec.Struct):
    prompt_tokens: Any = None
    completion_tokens: Any = None


class Chunk(msgspec.Struct):
    choices: list[Choice] = []
    usage: Usage | None = None
    error: Any = None
    object: str | None = None


_decoder = msgspec.json.Decoder(Chunk)


def read(data: bytes) -> Chunk:
    """Return the chunk. Raises NotJson."""
    try:
        chunk = parse.read(data, _decoder)
    except parse.NotJson:
        return _picked(parse.anything(data))
    return chunk if chunk.choices or chunk.usage or chunk.error else _picked(parse.anything(data))


def take(chunk: Chunk, answer: HeardAnswer) -> None:
    """Put down what the chunk tells. Raises EngineError where it is a complaint."""
    if chunk.error:
        raise complaint(chunk.error)
    for choice in chunk.choices:
        _say(choice.delta or choice.message, answer)
        answer.finish = choice.finish_reason or answer.finish
    answer.is_whole = answer.is_whole or chunk.object == "chat.completion"
    if chunk.usage is not None:
        answer.prompt_tokens, answer.completion_tokens = chunk.usage.prompt_tokens, chunk.usage.completion_tokens


def _say(delta: Delta | None, answer: HeardAnswer) -> None:
    if delta is None:
        return
    answer.spoken.add(delta.content, delta.reasoning_content or delta.reasoning)
    if delta.refusal:
        answer.refused = True
        answer.spoken.add(delta.refusal)
    if delta.tool_calls:
        answer.calls.hear(delta.tool_calls)


def _picked(told: Any) -> Chunk:
    """Return what can be understood of any JSON."""
    if isinstance(told, list) and told:
        told = told[0]
    if not isinstance(told, dict):
        raise parse.NotJson("no object")
    choices = told.get("choices")
    entries = [choice for choice in choices if isinstance(choice, dict)] if isinstance(choices, list) else []
    usage = told.get("usage")
    error = told.get("error") or (told if not entries and is_error(told) else None)
    counts = Usage(usage.get("prompt_tokens"), usage.get("completion_tokens")) if isinstance(usage, dict) else None
    return Chunk([_choice(entry) for entry in entries], counts, error, told.get("object"))


def _choice(entry: dict[str, Any]) -> Choice:
    delta, message, finish = entry.get("delta"), entry.get("message"), entry.get("finish_reason")
    said = entry.get("text")  # of the older completions
    if not isinstance(delta, dict) and isinstance(said, str):
        delta = {"content": said}
    return Choice(
        _delta(delta) if isinstance(delta, dict) else None,
        _delta(message) if isinstance(message, dict) else None,
        finish if isinstance(finish, str) and finish else None,
    )


def _delta(entry: dict[str, Any]) -> Delta:
    said, thought = texts(entry.get("content"))
    apart = text(entry.get("reasoning_content") or entry.get("reasoning"))
    return Delta(picked(entry.get("tool_calls")), said, apart + thought, None, text(entry.get("refusal")))
