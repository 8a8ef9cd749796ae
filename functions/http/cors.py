"""Other sites' pages: none may read an answer, unless OLAMCHAT_CORS_ORIGINS names their site. Then they call with tokens, never with cookies.

Source: https://fetch.spec.whatwg.org/#http-cors-protocol. Without Access-Control-Allow-Credentials browsers give away no cookie and no answer to one.
"""

import re

from flask import Flask, Response, request

from olamchat.environment import BadSetting, environment

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?")
METHODS = "GET, POST, PUT, PATCH, DELETE"
SENT = "Authorization, Content-Type, Idempotency-Key, Last-Event-ID"
READ = "Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"


def set_up(app: Flask) -> None:
    """Let the pages of the sites named read what they are answered. Raises BadSetting for what is no origin."""
    origins = frozenset(name.strip() for name in environment().cors_origins.split(",") if name.strip())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise BadSetting(f"OLAMCHAT_CORS_ORIGINS: {origin!r} is not an origin such as https://chat.example.org")

    def let(response: Response) -> Response:
        response.vary.add("Origin")
        if request.headers.get("Origin") in origins:
            _let(response)
        return response

    if origins:
        app.after_request(let)


def _let(response: Response) -> None:
    response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
    response.headers["Access-Control-Expose-Headers"] = READ
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = METHODS
        response.headers["Access-Control-Allow-Headers"] = SENT
        response.headers["Access-Control-Max-Age"] = "600"
