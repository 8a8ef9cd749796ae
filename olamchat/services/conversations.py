"""Conversations: list, make, read, change, put away, take back out. Somebody else's is not there (NotFound)."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from olamchat.clock import now
from olamchat.db import conversations as rows
from olamchat.db import messages
from olamchat.db.conversations import Wanted
from olamchat.db.pool import connected, database
from olamchat.errors import Invalid, NotFound, NotSignedIn
from olamchat.services import publish, serialize
from olamchat.services.pagination import cursor, place
from olamchat.services.turns import lifecycle
from olamchat.tokenlog.events import ConversationChanged, ConversationDeleted, Title


class Rendered(NamedTuple):
    """JSON as it is sent and the name of this very content; None where that is known already."""

    body: bytes | None
    etag: str


def page(
    *,
    user_id: UUID,
    session_id: UUID | None = None,
    limit: int = 30,
    after: str | None = None,
    words: str = "",
    archived: bool | None = False,
    known: str | None = None,
) -> Rendered:
    """Return {items, next_cursor} as JSON, the latest used first; no body where its etag is the one that is known.

    `archived` of None is both: those in the archive and those that aren't.

    With a session_id that session is looked up in the same trip to Postgres. Raises NotSignedIn, Invalid for a cursor that isn't ours.
    """
    wanted = Wanted(archived=archived, words=words.strip(), before=place(after), limit=limit)
    with connected():
        found = rows.page(user_id, wanted, session_id=session_id, known=known)
    if found is None:
        raise NotSignedIn
    if found["items"] is None:
        return Rendered(None, found["etag"])
    following = f'"{cursor((found["updated_at"], UUID(found["id"])))}"' if found["more"] else "null"
    return Rendered(f'{{"items":[{found["items"]}],"next_cursor":{following}}}'.encode(), found["etag"])


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
    return serialize.conversation(row, answering=row["answering"])


def check(*, user_id: UUID, conversation_id: UUID, session_id: UUID | None = None) -> None:
    """Let pass only who has the conversation; with a session_id that session is looked up in the same trip. Raises NotSignedIn, NotFound."""
    with connected():
        good, there = rows.there(conversation_id, user_id, session_id)
    if not good:
        raise NotSignedIn
    if not there:
        raise NotFound


def among(*, user_id: UUID, ids: list[UUID]) -> set[UUID]:
    """Return which of the conversations are there for this person."""
    with connected():
        return rows.among(ids, user_id)


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
        publish.tell_readers(conversation_id, Title(conversation_id=str(conversation_id), title=row["title"]))
    return _told(row)


def delete(*, user_id: UUID, conversation_id: UUID) -> None:
    """Put a conversation away until restore(); an answer that is being written is stopped. Raises NotFound."""
    with connected():
        if not rows.delete(conversation_id, user_id, now()):
            raise NotFound
        answer_id = messages.in_flight(conversation_id)
    if answer_id:
        lifecycle.stop(answer_id)
    publish.tell_user(user_id, ConversationDeleted(conversation_id=str(conversation_id)))


def delete_many(*, user_id: UUID, ids: list[UUID]) -> list[UUID]:
    """Put many away as delete() does, and return those that were there."""
    with connected():
        gone = rows.delete_all(ids, user_id, now())
        answering = [answer_id for each in gone if (answer_id := messages.in_flight(each))]
    for answer_id in answering:
        lifecycle.stop(answer_id)
    if gone:
        publish.tell_user(user_id, *(ConversationDeleted(conversation_id=str(each)) for each in gone))
    return gone


def restore_many(*, user_id: UUID, ids: list[UUID]) -> list[UUID]:
    """Undo delete_many(), and return those that are there now."""
    with connected():
        back = [row for each in ids if (row := rows.restore(each, user_id))]
    changed = [ConversationChanged(conversation=serialize.conversation(row, answering=row["answering"])) for row in back]
    if changed:
        publish.tell_user(user_id, *changed)
    return [row["id"] for row in back]


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
    shape = serialize.conversation(row, answering=row["answering"])
    publish.tell_user(row["user_id"], ConversationChanged(conversation=shape))
    return shape


def _found(row: dict[str, Any] | None) -> dict[str, Any]:
    if row is None:
        raise NotFound
    return row
