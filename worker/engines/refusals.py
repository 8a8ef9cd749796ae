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
    AnswerUnreadable,
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
            r"context_length_exceeded|context (length|window|size)|maximum context|n_ctx|too many tokens|too large to process|prompt is too long|must have less than \d+ tokens",
            re.IGNORECASE,
        ),
    ),
    (
        QuotaSpent,
        re.compile(
            r"insufficient[_ ](quota|balance|credit|funds)|credit balance|billing|exceeded your current quota|payment required|usage limit|arrears",
            re.IGNORECASE,
        ),
    ),
    (OutOfMemory, re.compile(r"out of memory|\boom\b|requires more (system )?memory|failed to allocate|not enough memory", re.IGNORECASE)),
    (
        ContentRejected,
        re.compile(r"content_filter|content_policy|content management policy|\bmoderation\b|safety_violation", re.IGNORECASE),
    ),
    (
        AccessDenied,
        re.compile(
            r"invalid_api_key|(incorrect|invalid) api[ _-]key|api key not valid|authentication|permission_(error|denied)|unauthorized|login fail",
            re.IGNORECASE,
        ),
    ),
    (
        ModelNotFound,
        re.compile(r"model_not_found|model '[^']{1,300}' not found|model [`'\"][^`'\"]{1,300}[`'\"] does not exist", re.IGNORECASE),
    ),
    (
        EngineUnavailable,
        re.compile(
            r"rate.?(limit|exceeded)|throttl|overloaded|quota violation|(server|model|engine) is (busy|at capacity)|too many requests|loading model",
            re.IGNORECASE,
        ),
    ),
    (  # Ollama, vLLM without a parser of calls, llama.cpp without --jinja
        ToolsRejected,
        re.compile(
            r"does not support tools|tool[_ -]choice.{0,20} requires|tool-call-parser|tools? param requires|tools? (?:is|are) not supported",
            re.IGNORECASE,
        ),
    ),
    (RequestRejected, re.compile(r"invalid_request|bad_?request|validation_?error|unsupported_parameter", re.IGNORECASE)),
)
# Where errors have their sentence, what they call themselves, what else stands beside these, and what an error is wrapped in.
_SENTENCES = ("message", "detail", "msg", "error_msg", "error_message", "errorMessage", "errmsg", "Message", "status_msg", "faultstring")
_MARKS = ("type", "code", "status", "status_code", "statusCode", "StatusCode", "error_code", "errcode", "__type", "errorType")
_BESIDE = ("title", "data", "path", "timestamp", "request_id", "requestId", "trace_id", "traceId", "id", "param")
_WITHIN = ("error", "errors", "fault", "base_resp")
# No answer has one of these.
_ERRORS = {"error_code", "errcode", "__type", "errors", "fault", "error_message", "errorMessage"}
# Codes that say that all is well.
_FINE = (0, 200, "0", "200", "success", "Success", "ok", "OK")
_BY_STATUS = {401: AccessDenied, 402: QuotaSpent, 403: AccessDenied, 404: ModelNotFound, 408: EngineUnavailable, 409: EngineUnavailable,
              425: EngineUnavailable, 429: EngineUnavailable, 502: EngineUnavailable, 503: EngineUnavailable, 504: EngineUnavailable}  # fmt: skip


def is_success(status: int) -> bool:
    """Tell whether an answer comes with this status; some gateways give 201 to whatever was posted."""
    return 200 <= status < 300


def refusal(response: requests.Response, *, pictured: bool = False) -> EngineError:
    """Return what a response that is no answer means, with the engine's own words for the log; `pictured`: the request had images."""
    if response.is_redirect:
        response.close()
        return AnswerUnreadable(f"{response.status_code}: the engine's address leads to {response.headers['Location'][:WORDS]!r}")
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
    """Know the errors that have no `error`: vLLM's older ones, and those of gateways and of the frameworks that servers are made with."""
    if told.get("object") == "error" or told.get("type") == "error" or told.get("success") is False or any(map(told.get, _ERRORS)):
        return True
    status = told.get("base_resp")  # MiniMax
    if isinstance(status, dict):
        return status.get("status_code") not in _FINE
    said = next((told[name] for name in _SENTENCES if told.get(name)), None)
    known = told.keys() <= {*_SENTENCES, *_MARKS, *_BESIDE} and not told.get("data")
    return isinstance(said, str | list) and known and told.get("code") not in _FINE


def words(told: Any) -> str:
    """Return the sentence in an error: a string, an object with a message, or one of these within `error` or a list."""
    for _ in range(5):
        if isinstance(told, list) and told:
            told = told[0]
        elif isinstance(told, dict) and (inner := next((told[name] for name in (*_WITHIN, *_SENTENCES) if told.get(name)), None)):
            told = inner
    return (told if isinstance(told, str) else str(told))[:WORDS]


def _marks(told: Any) -> list[str]:
    """Return what an error calls itself: its type, code and status."""
    named: list[Any] = []
    for _ in range(4):
        if isinstance(told, dict):
            named += [told.get(name) for name in _MARKS]
            told = next((told[name] for name in _WITHIN if isinstance(told.get(name), dict | list)), None)
        elif isinstance(told, list) and told:
            told = told[0]
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
