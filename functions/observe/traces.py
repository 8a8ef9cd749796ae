"""A span for each request, which what it asks for belongs to: the turn, the answer, its delivery. Without a receiver nothing of this is there."""

from flask import Flask, Response, g, request

from olamchat import tracing


def set_up(app: Flask) -> None:
    """Trace every request of the app but those of probes, where traces are sent."""
    if tracing.is_on():
        app.before_request(_begin)
        app.after_request(_end)


def _begin() -> None:
    route = request.url_rule.rule if request.url_rule else ""
    if route.startswith(("/health", "/metrics")):
        return
    ids = {name: str(value) for name, value in (request.view_args or {}).items() if name == "conversation_id"}
    g.span = tracing.begin(
        f"{request.method} {route}".strip(), kind="server", parent=request.headers.get(tracing.TRACEPARENT, ""),
        http_request_method=request.method, http_route=route, request_id=g.request_id, **ids,
    )  # fmt: skip
    tracing.carry(g.span)


def _end(response: Response) -> Response:
    if span := g.pop("span", None):
        span.note(http_response_status__code=response.status_code)
        span.end(failed=response.status if response.status_code >= 500 else "")
        tracing.carry(tracing.NOTHING)
    return response
