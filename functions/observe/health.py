"""Is this process well: for the kubelet and for Prometheus, on every process, never on a public route."""

import logging
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST

from functions.http.messages import json_response
from functions.observe.metrics import exposition
from olamchat import redis
from olamchat.db.pool import DatabaseLost, connected, database
from olamchat.redis import Lost

bp = Blueprint("health", __name__)
_log = logging.getLogger(__name__)

Need = Callable[[], Any]


def _database() -> None:
    with connected():
        database.execute_sql("SELECT 1")


def _redis() -> None:
    with redis.guard():
        redis.client().ping()


# What this process can't do without, by name. A function that needs more adds to it; a need that isn't met raises Lost or DatabaseLost.
NEEDS: dict[str, Need] = {"database": _database, "redis": _redis}


@bp.get("/health/live")
def live() -> Response:
    """Say that the process answers."""
    return json_response({"status": "ok"})


@bp.get("/health/ready")
def ready() -> Response:
    """Say whether all that this process needs is there: 200, or 503."""
    states = {name: _state(name, need) for name, need in NEEDS.items()}
    well = all(state == "ok" for state in states.values())
    return json_response({"status": "ok" if well else "unavailable", "needs": states}, 200 if well else 503)


@bp.get("/metrics")
def metrics() -> Response:
    """Return the counters in Prometheus's text format."""
    return Response(exposition(), content_type=CONTENT_TYPE_LATEST)


def _state(name: str, need: Need) -> str:
    try:
        need()
    except (Lost, DatabaseLost):
        _log.warning("not ready: %s can't be reached", name)
        return "lost"
    return "ok"
