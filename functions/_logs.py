"""What a request's log lines are about, and one line for each request."""

import logging
import re
import time
from uuid import uuid4

from flask import Flask, Response, g, request

from olamchat import logs

HEADER = "X-Request-Id"
_FIT = re.compile(r"[\w.-]{1,64}", re.ASCII)
_log = logging.getLogger("olamchat.requests")


def set_up(app: Flask) -> None:
    """Give every request an id (the router's, where it has one), and log how it was answered."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if _FIT.fullmatch(given) else uuid4().hex
    conversation = (request.view_args or {}).get("conversation_id")
    logs.begin(request=g.request_id, **({"conversation": str(conversation)} if conversation else {}))


def _end(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    if _log.isEnabledFor(logging.INFO) and request.url_rule and not request.url_rule.rule.startswith(("/health", "/metrics")):
        ms = round((time.perf_counter() - g.begun_at) * 1e3, 1)
        fields = {"method": request.method, "route": request.url_rule.rule, "status": response.status_code, "ms": ms}
        said = "%s %s %s", (request.method, request.url_rule.rule, response.status_code)
        # Made by hand: the caller, which is always this, need not be looked for.
        record = logging.LogRecord(_log.name, logging.INFO, __file__, 0, *said, exc_info=None)
        record.fields = fields
        _log.handle(record)
    return response
