"""Links that show a conversation: the owner's routes, and the one that whoever has a link may ask. They belong to the function conversations."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from functions.http import rate_limits
from functions.http.auth import signed_in
from functions.http.messages import json_response, read
from functions.http.operation import operation
from functions.schemas.shares import Link, Share, Shared, ShareThis
from olamchat.errors import Conflict, TooMany, Unavailable
from olamchat.services.copies import sharing

bp = Blueprint("sharing", __name__)


@bp.post("/conversations/<uuid:conversation_id>/share")
@operation(body=ShareThis, response=Share, refuses=(Conflict,))
@signed_in
def share(user_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """Make a link that shows the conversation as it is now; where there is one already it shows that from now on."""
    return sharing.share(user_id=user_id, conversation_id=conversation_id, named=read(ShareThis).named)


@bp.get("/conversations/<uuid:conversation_id>/share")
@operation(response=Link)
@signed_in
def get(user_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """Return the conversation's link, null where it has none."""
    return {"link": sharing.get(user_id=user_id, conversation_id=conversation_id)}


@bp.delete("/conversations/<uuid:conversation_id>/share")
@operation(status=204)
@signed_in
def revoke(user_id: UUID, conversation_id: UUID) -> None:
    """Revoke the link: it leads nowhere from now on."""
    sharing.revoke(user_id=user_id, conversation_id=conversation_id)


@bp.get("/shares/<token>")
@operation(response=Shared, refuses=(TooMany, Unavailable))
def shared(token: str) -> Response:
    """Read what a link shows. It needs no session, and says nothing of its owner but, where they wish, the name."""
    rate_limits.visiting()
    response = json_response(sharing.seen(token=token))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
