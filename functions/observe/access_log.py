"""What a request's log lines are about, and one line for each request."""

import logging
import os
import re
import time
from functools import cache, lru_cache, partial

import gevent
import msgspec
from flask import Flask, Response, g, request
from gevent import monkey

from olamchat import logs
from olamchat.lines import Lines

HEADER = "X-Request-Id"
_FIT = re.compile(r"[\w.-]{1,64}", re.ASCII)
_STDERR = 2
# A write for each line would take longer than making it.
TOGETHER_S = 0.02
_log = logging.getLogger("olamchat.requests")


def set_up(app: Flask) -> None:
    """Give every request an id (the router's, where it has one), and log how it was answered."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.environ.get("HTTP_X_REQUEST_ID", "")
    g.request_id = name = given if given and _FIT.fullmatch(given) else os.urandom(16).hex()
    conversation = (request.view_args or {}).get("conversation_id")
    if conversation:
        logs.begin(request=name, conversation=str(conversation))
    else:
        logs.begin(request=name)


def _end(response: Response) -> Response:
    response.headers.add(HEADER, g.request_id)
    rule = request.url_rule
    if rule and _log.isEnabledFor(logging.INFO) and not rule.rule.startswith(("/health", "/metrics")):
        ms = round((time.perf_counter() - g.begun_at) * 1e3, 1)
        method, route, status = request.method, rule.rule, response.status_code
        if logs.are_json(_log):
            _lines().add(_constant(method, route, status), logs.ids(), f',"ms":{ms}')
        else:
            fields = {"method": method, "route": route, "status": status, "ms": ms}
            _log.info("%s %s %s", method, route, status, extra={"fields": fields})
    return response


@lru_cache(1024)
def _constant(method: str, route: str, status: int) -> str:
    """Return what is the same in all lines of such requests."""
    fields = {
        "level": "info", "logger": _log.name, "message": f"{method} {route} {status}", "method": method, "route": route, "status": status
    }  # fmt: skip
    return "," + msgspec.json.encode(fields)[1:-1].decode()


@cache
def _lines() -> Lines:
    """This process's lines; under gevent those of some milliseconds leave together."""
    patched = monkey.is_module_patched("threading")
    return Lines(_STDERR, partial(gevent.spawn_later, TOGETHER_S) if patched else None)
