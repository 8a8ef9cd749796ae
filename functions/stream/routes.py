"""The stream function: everything that happens in one conversation, or in one user's list of them, as it happens."""

import re
from collections.abc import Sequence
from ipaddress import ip_address
from uuid import UUID

from flask import Blueprint, Response, request

from functions.http.auth import signed_in, signed_in_by_statement, who
from functions.http.messages import json_response, peer, read
from functions.http.operation import operation
from functions.observe import health
from functions.schemas.requests import Steer
from functions.stream.drain import drain, drain_on_sigterm
from functions.stream.sse import respond
from olamchat.environment import environment
from olamchat.errors import Forbidden, Malformed, NotFound, TooMany, Unavailable
from olamchat.fanout import sessions, strands
from olamchat.fanout.hub import fanout
from olamchat.fanout.topics import Reader, Wire
from olamchat.redis import Lost
from olamchat.services import conversations
from olamchat.tokenlog import conv_topic, token_log, user_topic
from olamchat.tokenlog.events import Followed, Steered, frame

bp = Blueprint("stream", __name__)
# How long a subscription may hear nothing before this process says that it is not ready.
STALE_S = 10.0
BUSY_S = 15
# What a proxy or a browser's page adds to a request: neither is the hook, though both may be on the same machine.
FROM_AFAR = {"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via", "Origin", "Sec-Fetch-Site"}
_POSITION = re.compile(r"[0-9]{1,19}-[0-9]{1,19}")
_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
_STRAND = re.compile(rf"({_NAME.pattern})\.([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})(?:\.({_POSITION.pattern}))?")


@bp.get("/api/conversations/<uuid:conversation_id>/stream")
@signed_in_by_statement
def conversation(user_id: UUID, session_id: UUID | None, conversation_id: UUID) -> Response:
    """Follow one conversation from `Last-Event-ID` or `?after=` on, or from a snapshot."""
    conversations.check(user_id=user_id, session_id=session_id, conversation_id=conversation_id)
    return _follow(conv_topic(conversation_id), user_id)


@bp.get("/api/events")
@signed_in
def events(user_id: UUID) -> Response:
    """Follow what happens to one's conversations: made, changed, deleted, answering; and the end of the session.

    With a name (`?stream=`) it carries conversations too, each as `&strand=<name>.<conversation>` or `&strand=<name>.<conversation>.<position>`,
    and can be steered. Conversations that aren't there are left out.
    """
    stream = request.args.get("stream", "")
    asked = [_strand(given) for given in request.args.getlist("strand")]
    if (asked and not stream) or len(asked) > strands.MOST or (stream and not _NAME.fullmatch(stream)):
        raise Malformed("A stream that carries several logs has a name of 1 to 64 letters, digits and hyphens.")
    there = conversations.among(user_id=user_id, ids=[UUID(one.conversation_id) for one in asked]) if asked else set()
    return _follow(user_topic(user_id), user_id, stream, [one for one in asked if UUID(one.conversation_id) in there])


@bp.post("/api/events/<stream>")
@operation(status=204, body=Steer)
@signed_in
def steer(user_id: UUID, stream: str) -> None:
    """Let an open stream with this name carry other conversations too, or no more: no new connection is needed."""
    said = read(Steer)
    ids = [one.conversation_id for one in said.follow]
    if ids and not set(ids) <= conversations.among(user_id=user_id, ids=ids):
        raise NotFound
    follow = [Followed(strand=one.strand, conversation_id=str(one.conversation_id), after=one.after) for one in said.follow]
    try:
        token_log().tell(user_topic(user_id), [frame(Steered(stream=stream, follow=follow, leave=said.leave))])
    except Lost:
        raise Unavailable("The stream can't be told right now. Try again in a moment.", retry_after_s=2) from None


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


def _follow(topic: str, user_id: UUID, name: str = "", follow: Sequence[Followed] = ()) -> Response:
    position, asks = _position(), who()
    if fanout().readers_of(user_topic(user_id)) >= environment().max_streams_per_user:
        raise TooMany("Too many open streams. Close some of them.", retry_after_s=BUSY_S)
    if "gunicorn.socket" in request.environ:
        drain_on_sigterm()
    sessions.watch(fanout())

    def reader(wire: Wire) -> Reader:
        made = Reader(
            strands.shared(wire) if name else wire,
            topic,
            position,
            control=user_topic(user_id),
            session_id=str(asks.session_id),
            ends_at=asks.expires_at.timestamp(),
            name=name,
        )
        if name:
            strands.add(made, follow)
        return made

    return respond(request, fanout(), reader)


def _strand(given: str) -> Followed:
    """Read `name.conversation` or `name.conversation.position`. Raises Malformed."""
    found = _STRAND.fullmatch(given)
    if found is None:
        raise Malformed("A strand is a name, a conversation's id and perhaps a position, with dots between them.")
    return Followed(strand=found[1], conversation_id=found[2], after=found[3])


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
