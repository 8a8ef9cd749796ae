"""Counts and times of requests, by route and not by path."""

import time
from functools import lru_cache

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

REQUESTS = Counter("olamchat_http_requests_total", "Requests answered.", ["function", "method", "route", "status"])
SECONDS = Histogram(
    "olamchat_http_request_seconds",
    "Seconds until an answer's head was made; a stream's body takes as long as its reader stays.",
    ["function", "method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
# Whatever else somebody calls a method is one of its own kind: each would be kept for ever.
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def exposition() -> bytes:
    """Return what this process counted; where gunicorn runs several (PROMETHEUS_MULTIPROC_DIR), what all of them did."""
    registry = CollectorRegistry()
    try:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    except ValueError:  # there is no such folder: this process is the only one
        return generate_latest()
    return generate_latest(registry)


def set_up(app: Flask) -> None:
    """Count and time every request of the app."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.begun_at = time.perf_counter()


def _end(response: Response) -> Response:
    asked = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001, each look by the proxy looks it up anew
    rule, method = asked.url_rule, asked.method if asked.method in METHODS else "other"
    requests, seconds = _of(asked.endpoint or "", method, rule.rule if rule else "", response.status_code)
    requests.inc()
    seconds.observe(time.perf_counter() - g.begun_at)
    return response


@lru_cache(1024)
def _of(endpoint: str, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Return what counts and times such requests; looking it up by its labels costs more than counting."""
    function = endpoint.rpartition(".")[0]
    return REQUESTS.labels(function, method, route, status), SECONDS.labels(function, method, route)
