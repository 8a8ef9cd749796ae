"""Conversations: list, make, read, change, put away, take back out. Somebody else's is not there (NotFound)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from olamchat.clock import now
from olamchat.db import conversations as rows
from olamchat.db import messages
from olamchat.db.conversations import Wanted
from olamchat.db.pool import connected, database
from olamchat.errors import Invalid, NotFound
from olamchat.services import news, shapes, turns
from olamchat.services.cursors import cursor, place
from olamchat.tokenlog.events import ConversationChanged, ConversationDeleted, Title


def page(*, user_id: UUID, limit: int = 30, after: str | None = None, words: str = "", archived: bool = False) -> dict[str, Any]:
    """Return {items, next_cursor}, the latest used first. Raises Invalid for a cursor that isn't ours."""
    wanted = Wanted(archived=archived, words=words.strip(), before=place(after), limit=limit + 1)
    with connected():
        found = rows.page(user_id, wanted)
    more, items = found[limit:], found[:limit]
    return {
        "items": [shapes.conversation(row, answering=row["answering"]) for row in items],
        "next_cursor": cursor((items[-1]["updated_at"], items[-1]["id"])) if more else None,
    }


def create(
    *, user_id: UUID, title: str | None = None, model: str | None = None, settings: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Begin a conversation."""
    values = {"user_id": user_id, "title": title, "title_by_user": title is not None, "model": model, "settings": settings or {}}
    with connected():
        row = rows.add(values)
    return _told({**row, "answering": False})


def get(*, user_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """Return a conversation. Raises NotFound."""
    with connected():
        row = _found(rows.find(conversation_id, user_id))
    return shapes.conversation(row, answering=row["answering"])


def change(*, user_id: UUID, conversation_id: UUID, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change any of title, model, settings (as a whole), pinned, archived, active_leaf_id; a title of None lets one be made again.

    Raises NotFound; Invalid where active_leaf_id is no message of the conversation.
    """
    with connected(), database.atomic():
        _found(rows.lock(conversation_id, user_id))
        if "active_leaf_id" in changes and messages.find(conversation_id, changes["active_leaf_id"]) is None:
            message = "There is no such message in this conversation."
            raise Invalid(message, errors=[{"field": "active_leaf_id", "message": message}])
        row = _found(rows.change(conversation_id, user_id, _columns(changes)))
    if changes.get("title"):
        news.tell_readers(conversation_id, Title(conversation_id=str(conversation_id), title=row["title"]))
    return _told(row)


def delete(*, user_id: UUID, conversation_id: UUID) -> None:
    """Put a conversation away until restore(); an answer that is being written is stopped. Raises NotFound."""
    with connected():
        if not rows.delete(conversation_id, user_id, now()):
            raise NotFound
        answer_id = messages.in_flight(conversation_id)
    if answer_id:
        turns.stop(answer_id)
    news.tell_user(user_id, ConversationDeleted(conversation_id=str(conversation_id)))


def restore(*, user_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """Undo delete(). Raises NotFound."""
    with connected():
        row = _found(rows.restore(conversation_id, user_id))
    return _told(row)


def _columns(changes: Mapping[str, Any]) -> dict[str, Any]:
    at = now()
    columns = {name: changes[name] for name in ("title", "model", "settings", "active_leaf_id") if name in changes}
    if "title" in changes:
        columns["title_by_user"] = changes["title"] is not None
    return columns | {f"{name}_at": at if changes[name] else None for name in ("pinned", "archived") if name in changes}


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    shape = shapes.conversation(row, answering=row["answering"])
    news.tell_user(row["user_id"], ConversationChanged(conversation=shape))
    return shape


def _found(row: dict[str, Any] | None) -> dict[str, Any]:
    if row is None:
        raise NotFound
    return row
