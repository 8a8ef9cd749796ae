"""The chunks of OpenAI's chat completions (https://platform.openai.com/docs/api-reference/chat-streaming), as servers really send them.

A chunk in the form of the reference is read as fast as can be. Any other is taken member by member: what has an odd type is passed over.
"""

from typing import Any

import msgspec

from worker.engines.refusals import complaint, is_error
from worker.engines.reply.calls import CallPiece, ToldFunction, function, picked, place
from worker.engines.reply.hear import HeardAnswer
from worker.engines.reply.parts import text, texts
from worker.engines.wire import parse

# Other names of reasoning: of OpenRouter, LiteLLM and gateways to Anthropic's and Google's models.
_THOUGHTS = ("reasoning_content", "reasoning", "reasoning_text", "thinking", "thinking_blocks", "reasoning_details")


class Delta(msgspec.Struct):
    tool_calls: list[CallPiece] | None = None
    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    reasoning_text: str | None = None
    thinking: str | None = None
    thinking_blocks: Any = None
    reasoning_details: Any = None
    refusal: str | None = None
    function_call: ToldFunction | None = None  # of before there were several
    finish_reason: str | None = None


class Usage(msgspec.Struct):
    prompt_tokens: Any = None
    completion_tokens: Any = None


class Choice(msgspec.Struct):
    index: int | None = None
    delta: Delta | None = None
    # Where the server ignores that a stream was asked for, the whole answer.
    message: Delta | None = None
    text: str | None = None  # of the older completions
    finish_reason: str | None = None
    usage: Usage | None = None  # Moonshot
    error: Any = None  # OpenRouter


class Groq(msgspec.Struct):
    usage: Usage | None = None


class Chunk(msgspec.Struct):
    choices: list[Choice] = []
    usage: Usage | None = None
    error: Any = None
    object: str | None = None
    done: bool = False
    x_groq: Groq | None = None


_decoder = msgspec.json.Decoder(Chunk)


def read(data: bytes) -> Chunk:
    """Return the chunk. Raises NotJson."""
    try:
        chunk = parse.read(data, _decoder)
    except parse.NotJson:
        return _picked(parse.anything(data))
    return chunk if chunk.choices or chunk.usage or chunk.error or chunk.done else _picked(parse.anything(data))


def take(chunk: Chunk, answer: HeardAnswer) -> None:
    """Put down what the chunk tells. Raises EngineError where it is a complaint."""
    if chunk.error:
        raise complaint(chunk.error)
    for choice in chunk.choices:
        if choice.error:
            raise complaint(choice.error)
        if answer.is_chosen(choice.index):
            _choose(choice, answer, is_all=chunk.object == "chat.completion")
    answer.is_whole = answer.is_whole or chunk.done or chunk.object == "chat.completion"
    if (
        usage := chunk.usage
        or next((choice.usage for choice in chunk.choices if choice.usage), None)
        or (chunk.x_groq and chunk.x_groq.usage)
    ):
        answer.prompt_tokens, answer.completion_tokens = usage.prompt_tokens, usage.completion_tokens


def _choose(choice: Choice, answer: HeardAnswer, *, is_all: bool) -> None:
    whole = choice.message if choice.delta is None else None
    if whole is not None and answer.has_said(whole.content or "", is_all=is_all):
        whole = None
    if delta := choice.delta or whole:
        _say(delta, answer)
        answer.end(delta.finish_reason)
    elif choice.text:
        answer.say(choice.text)
    answer.end(choice.finish_reason)


def _say(delta: Delta, answer: HeardAnswer) -> None:
    thoughts = delta.reasoning_content or delta.reasoning or delta.reasoning_text or delta.thinking
    if not thoughts and (others := delta.thinking_blocks or delta.reasoning_details):
        thoughts = text(others)
    answer.say(delta.content, thoughts)
    if delta.refusal:
        answer.refused = True
        answer.say(delta.refusal)
    if delta.tool_calls:
        answer.calls.hear(delta.tool_calls)
    if delta.function_call:
        answer.calls.add(0, None, delta.function_call.name, delta.function_call.arguments)


def _picked(told: Any) -> Chunk:
    """Return what can be understood of any JSON."""
    if isinstance(told, list) and told:
        told = told[0]
    if not isinstance(told, dict):
        raise parse.NotJson("no object")
    choices = told.get("choices")
    choices = [choices] if isinstance(choices, dict) else choices
    entries = [choice for choice in choices if isinstance(choice, dict)] if isinstance(choices, list) else []
    error = told.get("error") or (told if not entries and is_error(told) else None)
    return Chunk([_choice(entry) for entry in entries], _usage(told), error, told.get("object"), told.get("done") is True)


def _usage(told: dict[str, Any]) -> Usage | None:
    usage = told.get("usage")
    return Usage(usage.get("prompt_tokens"), usage.get("completion_tokens")) if isinstance(usage, dict) else None


def _choice(entry: dict[str, Any]) -> Choice:
    delta, message = entry.get("delta"), entry.get("message")
    return Choice(
        place(entry.get("index")),
        _delta(delta) if isinstance(delta, dict) else None,
        _delta(message) if isinstance(message, dict) else None,
        text(entry.get("text")),
        _string(entry.get("finish_reason")),
        _usage(entry),
        entry.get("error"),
    )


def _delta(entry: dict[str, Any]) -> Delta:
    said, thought = texts(entry.get("content"))
    apart = next((thoughts for name in _THOUGHTS if (thoughts := text(entry.get(name)))), "")
    return Delta(
        tool_calls=picked(entry.get("tool_calls")),
        content=said,
        reasoning=apart + thought,
        refusal=text(entry.get("refusal")),
        function_call=function(entry.get("function_call")),
        finish_reason=_string(entry.get("finish_reason")),
    )


def _string(told: Any) -> str | None:
    return told if isinstance(told, str) else None
