"""The stream function: everything that happens in one conversation, or in one user's list of them, as it happens."""

import re
from ipaddress import ip_address
from uuid import UUID

from flask import Blueprint, Response, request

from functions.http.auth import signed_in, signed_in_by_statement, who
from functions.http.messages import json_response, peer
from functions.observe import health
from functions.stream.drain import drain, drain_on_sigterm
from functions.stream.sse import respond
from olamchat.environment import environment
from olamchat.errors import Forbidden, Malformed, TooMany
from olamchat.fanout import sessions
from olamchat.fanout.hub import fanout
from olamchat.fanout.topics import Reader
from olamchat.redis import Lost
from olamchat.services import conversations
from olamchat.tokenlog import conv_topic, user_topic

bp = Blueprint("stream", __name__)
# How long a subscription may hear nothing before this process says that it is not ready.
STALE_S = 10.0
BUSY_S = 15
# What a proxy or a browser's page adds to a request: neither is the hook, though both may be on the same machine.
FROM_AFAR = {"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via", "Origin", "Sec-Fetch-Site"}
_POSITION = re.compile(r"[0-9]{1,19}-[0-9]{1,19}")


@bp.get("/api/conversations/<uuid:conversation_id>/stream")
@signed_in_by_statement
def conversation(user_id: UUID, session_id: UUID | None, conversation_id: UUID) -> Response:
    """Follow one conversation from `Last-Event-ID` or `?after=` on, or from a snapshot."""
    conversations.check(user_id=user_id, session_id=session_id, conversation_id=conversation_id)
    return _follow(conv_topic(conversation_id), user_id)


@bp.get("/api/events")
@signed_in
def events(user_id: UUID) -> Response:
    """Follow what happens to one's conversations: made, changed, deleted, answering; and the end of the session."""
    return _follow(user_topic(user_id), user_id)


@bp.post("/health/drain")
def drain_now() -> Response:
    """Send this process's readers elsewhere, for a hook that runs before the pod ends. Only from the same machine, by nothing between."""
    if not _comes_from_here():
        raise Forbidden
    drain()
    return json_response({"status": "drained"})


def _comes_from_here() -> bool:
    passed_on = any(request.headers.get(name) is not None for name in FROM_AFAR)
    return ip_address(peer() or "0.0.0.0").is_loopback and not passed_on


def _follow(topic: str, user_id: UUID) -> Response:
    position, asks = _position(), who()
    if fanout().readers_of(user_topic(user_id)) >= environment().max_streams_per_user:
        raise TooMany("Too many open streams. Close some of them.", retry_after_s=BUSY_S)
    if "gunicorn.socket" in request.environ:
        drain_on_sigterm()
    sessions.watch(fanout())
    return respond(
        request,
        fanout(),
        lambda wire: Reader(
            wire,
            topic,
            position,
            control=user_topic(user_id),
            session_id=str(asks.session_id),
            ends_at=asks.expires_at.timestamp(),
        ),
    )


def _position() -> str | None:
    """The id the reader has, by header before parameter. Raises Malformed for anything that is no id."""
    given = request.headers.get("Last-Event-ID") or request.args.get("after")
    if not given:
        return None
    if not _POSITION.fullmatch(given):
        raise Malformed("The position is not a valid event id.")
    return given


def _fresh() -> None:
    """This process is ready while its subscription hears, and while it does not drain. Raises Lost."""
    if fanout().draining:
        raise Lost("the streams are drained")
    if fanout().deaf_s > STALE_S:
        raise Lost("the subscription hears nothing")


health.NEEDS["streams"] = _fresh
