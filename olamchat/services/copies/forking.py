"""A branch as a conversation of its own: what was said up to an answer is copied, and goes on by itself."""

from typing import Any
from uuid import UUID

from olamchat.clock import now, uuid7
from olamchat.db import conversations, importing, messages
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row
from olamchat.errors import Conflict, NotFound
from olamchat.services import publish, serialize
from olamchat.tokenlog.events import ConversationChanged


def fork(*, user_id: UUID, conversation_id: UUID, message_id: UUID) -> dict[str, Any]:
    """Copy the branch that ends with this answer into a new conversation and return that. Raises NotFound, Conflict."""
    with connected(), database.atomic():
        conversation = conversations.lock(conversation_id, user_id)
        path = messages.path(conversation_id, message_id) if conversation else []
        if conversation is None or not path:
            raise NotFound
        if path[-1]["role"] != "assistant" or path[-1]["status"] in conversations.IN_FLIGHT:
            raise Conflict("Only an answer that has ended can begin a new conversation.")
        copy = _copied(conversation, path)
    shape = serialize.conversation(copy, answering=False)
    publish.tell_user(user_id, ConversationChanged(conversation=shape))
    return shape


def _copied(conversation: Row, path: list[Row]) -> Row:
    """Keep the copy; messages keep their times, and lose what a request or a person said of the originals."""
    same = ("user_id", "title", "title_by_user", "model", "settings")
    copy = conversations.add({name: conversation[name] for name in same})
    names = {row["id"]: uuid7() for row in path}
    importing.add_messages([_message(row, copy["id"], names) for row in path])
    importing.copy_with(names)
    at = now()
    importing.show(copy["id"], names[path[-1]["id"]], at)
    return {**copy, "active_leaf_id": names[path[-1]["id"]], "updated_at": at}


def _message(row: Row, conversation_id: UUID, names: dict[UUID, UUID]) -> Row:
    own = {"id": names[row["id"]], "conversation_id": conversation_id, "parent_id": names.get(row["parent_id"])}
    return {**row, **own, "feedback": None, "idempotency_key": None, "idempotency_digest": None}
