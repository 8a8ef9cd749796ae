"""Refusals and failures as RFC 9457 problem documents. What is not a Problem is logged once, with an id, and shown by that id alone."""

import logging
from typing import Any
from uuid import uuid4

from flask import Flask, Response, request
from gunicorn.http.errors import NoMoreData, ParseException
from werkzeug.exceptions import HTTPException

from functions.http import rate_limits
from functions.http.messages import json_response
from olamchat.db.pool import DatabaseLost
from olamchat.errors import Malformed, NotFound, Problem, QuotaExceeded, TooLarge, Unavailable, WrongMethod, WrongType
from olamchat.redis import Lost

MEDIA = "application/problem+json"
RETRY_S = 2
# Ollama's clients read what went wrong in `error`.
_AS_OLLAMA = {"/api/embed", "/api/embeddings"}
_KINDS: dict[int, type[Problem]] = {400: Malformed, 404: NotFound, 405: WrongMethod, 413: TooLarge, 415: WrongType}
_log = logging.getLogger(__name__)


def set_up(app: Flask) -> None:
    """Answer every error of the app with a problem document."""
    app.register_error_handler(Problem, refusal)
    app.register_error_handler(DatabaseLost, _outage)
    app.register_error_handler(Lost, _outage)
    app.register_error_handler(HTTPException, _http_error)
    for broken in (ParseException, NoMoreData):  # a body whose chunks are not chunks, or that ends in the middle of one
        app.register_error_handler(broken, _malformed)
    app.register_error_handler(Exception, _bug)


def refusal(problem: Problem) -> Response:
    if request.path.startswith("/v1/"):
        response = json_response(_for_openai(problem), problem.status)
    elif request.path in _AS_OLLAMA:
        response = json_response({**problem.as_json(), "error": problem.detail}, problem.status, media=MEDIA)
    else:
        response = json_response(problem.as_json(), problem.status, media=MEDIA)
    if isinstance(problem, QuotaExceeded):
        rate_limits.used_up(problem.allowed, problem.retry_after_s or 1)
    if problem.retry_after_s is not None:
        response.headers["Retry-After"] = str(problem.retry_after_s)
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _for_openai(problem: Problem) -> dict[str, Any]:
    """Return the refusal as clients of OpenAI's API read it."""
    kind = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}.get(problem.status, "invalid_request_error")
    return {
        "error": {"message": problem.detail, "type": kind if problem.status < 500 else "server_error", "code": problem.code, "param": None}
    }


def _outage(error: Exception) -> Response:
    _log.warning("503: %s: %s", type(error).__name__, str(error).splitlines()[0] if str(error) else "")
    return refusal(Unavailable(retry_after_s=RETRY_S))


def _malformed(_error: Exception) -> Response:
    return refusal(Malformed())


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.response is not None or error.code < 400:
        return Response(error.get_body(), error.code, error.get_headers())
    kind = _KINDS.get(error.code)
    if kind is None:
        title = f"{error.name}."
        body = {"type": "about:blank", "title": title, "status": error.code, "detail": title, "code": "http"}
        return json_response(body, error.code, media=MEDIA)
    response = refusal(kind())
    response.headers.extend({name: value for name, value in error.get_headers() if name == "Allow"})
    return response


def _bug(error: Exception) -> Response:
    error_id = uuid4().hex[:12]
    _log.error("500, error %s", error_id, exc_info=error)
    title = "Something went wrong on the server."
    body = {"type": "urn:olamchat:problem:internal", "title": title, "status": 500, "code": "internal", "id": error_id}
    return json_response({**body, "detail": f"{title} The administrator can find it in the log as {error_id}."}, 500, media=MEDIA)
