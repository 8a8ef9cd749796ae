"""What an engine says when it doesn't answer, and which of our errors that is.

The same words come with a status of their own, as an error object under status 200, and in the middle of a stream.
"""

import re
import time
from contextlib import suppress
from typing import Any

import requests
import urllib3

from worker.engines.base import (
    AccessDenied,
    ContentRejected,
    ContextTooLong,
    EngineError,
    EngineFailed,
    EngineUnavailable,
    ImageRejected,
    ModelNotFound,
    OutOfMemory,
    QuotaSpent,
    RequestRejected,
    ToolsRejected,
)
from worker.engines.wire import parse
from worker.engines.wire.unpack import unpacked

ERROR_BYTES, ERROR_S, WORDS = 65_536, 5.0, 1_000
# Of models and servers that take no images, or not this one; asked only of requests with images.
NO_IMAGE = re.compile(r"\bimages?\b|image_url|multi-?modal|\bvision\b|mmproj", re.IGNORECASE)
# By what the engine says or how it calls the error (type, code), the first that fits. Asking again helps against none of them.
_BY_WORDS: tuple[tuple[type[EngineError], re.Pattern[str]], ...] = (
    (
        ContextTooLong,
        re.compile(
            r"context_length_exceeded|context (length|window|size)|maximum context|n_ctx|too many tokens|prompt is too long|must have less than \d+ tokens",
            re.IGNORECASE,
        ),
    ),
    (
        QuotaSpent,
        re.compile(
            r"insufficient_(quota|balance|credit)|credit balance|billing|exceeded your current quota|payment required", re.IGNORECASE
        ),
    ),
    (OutOfMemory, re.compile(r"out of memory|\boom\b|requires more (system )?memory|failed to allocate|not enough memory", re.IGNORECASE)),
    (
        ContentRejected,
        re.compile(r"content_filter|content_policy|content management policy|\bmoderation\b|safety_violation", re.IGNORECASE),
    ),
    (AccessDenied, re.compile(r"invalid_api_key|incorrect api key|authentication_error|permission_error|unauthorized", re.IGNORECASE)),
    (
        ModelNotFound,
        re.compile(r"model_not_found|model '[^']{1,300}' not found|model [`'\"][^`'\"]{1,300}[`'\"] does not exist", re.IGNORECASE),
    ),
    (EngineUnavailable, re.compile(r"rate_limit|overloaded|server is busy|too many requests|loading model", re.IGNORECASE)),
    (  # Ollama, vLLM without a parser of calls, llama.cpp without --jinja
        ToolsRejected,
        re.compile(
            r"does not support tools|tool[_ -]choice.{0,20} requires|tool-call-parser|tools? param requires|tools? (?:is|are) not supported",
            re.IGNORECASE,
        ),
    ),
    (RequestRejected, re.compile(r"invalid_request|bad_?request|validation_?error|unsupported_parameter", re.IGNORECASE)),
)
_BY_STATUS = {401: AccessDenied, 402: QuotaSpent, 403: AccessDenied, 404: ModelNotFound, 408: EngineUnavailable, 409: EngineUnavailable,
              425: EngineUnavailable, 429: EngineUnavailable, 502: EngineUnavailable, 503: EngineUnavailable, 504: EngineUnavailable}  # fmt: skip


def refusal(response: requests.Response, *, pictured: bool = False) -> EngineError:
    """Return what a response that is no answer means, with the engine's own words for the log; `pictured`: the request had images."""
    body = _first(response)
    response.close()
    try:
        told = parse.anything(body)
    except parse.NotJson:
        told = body[:500].decode("utf-8", "replace")
    if pictured and NO_IMAGE.search(words(told)) and response.status_code != 404:
        return ImageRejected(words(told))
    return complaint(told, response.status_code)


def complaint(told: Any, status: int | None = None) -> EngineError:
    """Return the error that an engine tells of: by its words, else by the status of its response or in it, else EngineFailed."""
    said, marks = words(told), _marks(told)
    if status == 404:
        return ModelNotFound(said)
    searched = " ".join([said, *marks])
    if found := next((error for error, pattern in _BY_WORDS if pattern.search(searched)), None):
        return found(said)
    if status is not None and status >= 400:
        return _BY_STATUS.get(status, RequestRejected if status < 500 else EngineUnavailable)(f"{status}: {said}")
    inner = next((number for number in map(_number, marks) if number), 500)
    return _BY_STATUS.get(inner, RequestRejected if inner < 500 else EngineFailed)(said)


def is_error(told: dict[str, Any]) -> bool:
    """Know the errors that have no `error`: vLLM's older ones, and those of the frameworks that servers are made with."""
    bare = bool(told.keys() & {"detail", "message", "msg"}) and told.keys() <= {
        "detail",
        "message",
        "msg",
        "code",
        "status",
        "type",
        "title",
    }
    return told.get("object") == "error" or (bare and not isinstance(told.get("message"), dict))


def words(told: Any) -> str:
    """Return the sentence in an error: a string, an object with a message, or one of these within `error` or a list."""
    for _ in range(4):
        if isinstance(told, list) and told:
            told = told[0]
        elif isinstance(told, dict) and (
            inner := next((told[key] for key in ("error", "message", "detail", "msg") if told.get(key)), None)
        ):
            told = inner
    return (told if isinstance(told, str) else str(told))[:WORDS]


def _marks(told: Any) -> list[str]:
    """Return what an error calls itself: its type, code and status."""
    for _ in range(3):
        if isinstance(told, list) and told:
            told = told[0]
        elif isinstance(told, dict) and isinstance(told.get("error"), dict):
            told = told["error"]
    named = [told.get(key) for key in ("type", "code", "status", "status_code")] if isinstance(told, dict) else []
    return [str(mark)[:100] for mark in named if isinstance(mark, str | int) and not isinstance(mark, bool)]


def _number(mark: str) -> int | None:
    return int(mark) if re.fullmatch(r"[45]\d\d", mark) else None


def _first(response: requests.Response) -> bytes:
    """Return the beginning of a body, as much as comes soon."""
    said, until = b"", time.monotonic() + ERROR_S
    with suppress(urllib3.exceptions.HTTPError, OSError, ValueError, AttributeError):
        read = unpacked(lambda size: response.raw.read1(size, decode_content=False), response.headers.get("Content-Encoding", ""))
        while len(said) < ERROR_BYTES and time.monotonic() < until and (piece := read(ERROR_BYTES)):
            said += piece
    return said
