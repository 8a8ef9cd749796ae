"""What a person thinks of an answer."""

from typing import Any, Literal
from uuid import UUID

from olamchat.db import messages
from olamchat.db.pool import connected, database
from olamchat.errors import Conflict, NotFound
from olamchat.services import publish, serialize

Thumb = Literal["up", "down"]


def rate(*, user_id: UUID, conversation_id: UUID, message_id: UUID, thumb: Thumb | None) -> dict[str, Any]:
    """Keep the thumb, None takes it back; tell the conversation's open pages, return the answer. Raises NotFound, Conflict."""
    with connected(), database.atomic():
        if messages.find_mine(conversation_id, message_id, user_id) is None:
            raise NotFound
        changed = messages.rate(message_id, thumb)
    if changed is None:
        raise Conflict("Only a finished answer can be rated.")
    publish.message_changed(changed)
    return serialize.message(changed)
