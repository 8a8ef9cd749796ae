"""The stream function: everything that happens in one conversation, or in one user's list of them, as it happens."""

import time
from uuid import UUID

from flask import Blueprint, Response, request

from functions._auth import session_end, session_id, signed_in
from functions._sse import respond
from olamchat.errors import Malformed, Unavailable
from olamchat.redis import Lost
from olamchat.services import conversations
from olamchat.services.fanout import Reader, fanout
from olamchat.tokenlog import conv_topic, user_topic

bp = Blueprint("stream", __name__)


@bp.get("/api/conversations/<uuid:conversation_id>/stream")
@signed_in
def conversation(user_id: UUID, conversation_id: UUID) -> Response:
    """Follow one conversation from `Last-Event-ID` or `?after=` on, or from a snapshot."""
    conversations.get(user_id=user_id, conversation_id=conversation_id)
    return _follow(Reader(conv_topic(conversation_id), control=user_topic(user_id), session_id=session_id()))


@bp.get("/api/events")
@signed_in
def events(user_id: UUID) -> Response:
    """Follow what happens to one's conversations: made, changed, deleted, answering; and the end of the session."""
    topic = user_topic(user_id)
    return _follow(Reader(topic, control=topic, session_id=session_id()))


def _follow(reader: Reader) -> Response:
    hub = fanout()
    if hub.draining:
        raise Unavailable("This process is going away; connect again.", retry_after_s=1)
    try:
        hub.open(reader, _position())
    except Lost:
        raise Unavailable("What is being written can't be read just now.", retry_after_s=2) from None
    return respond(hub, reader, until=session_end() or time.time() + 3600)


def _position() -> str | None:
    """The id the reader has, by header before parameter. Raises Malformed for anything that is no id."""
    given = request.headers.get("Last-Event-ID") or request.args.get("after")
    if not given:
        return None
    milliseconds, _, count = given.partition("-")
    if len(given) > 41 or not (milliseconds.isascii() and milliseconds.isdigit() and (count or "0").isascii() and (count or "0").isdigit()):
        raise Malformed("The position is not an event's id.")
    return given
