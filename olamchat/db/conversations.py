"""The queries about conversations. Each names the owner: nobody else's row can come out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from peewee import Alias, fn

from olamchat.db.rows import Row, first, locked, rows
from olamchat.db.tables import Conversation, Message, User

IN_FLIGHT = ("queued", "running")
_answer = Message.alias()
_answering = fn.EXISTS(_answer.select(1).where((_answer.conversation_id == Conversation.id) & _answer.status.in_(IN_FLIGHT)))


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which of a person's conversations to list: `before` is (updated_at, id) of the last one seen."""

    archived: bool = False
    words: str = ""
    before: tuple[datetime, UUID] | None = None
    limit: int = 30


def add(values: Row) -> Row:
    [row] = rows(Conversation.insert(values).returning(Conversation))
    return row


def find(conversation_id: UUID, user_id: UUID) -> Row | None:
    """Return the conversation with `answering`, None where it isn't this person's or was deleted."""
    return first(Conversation.select(Conversation, _answering.alias("answering")).where(_mine(conversation_id, user_id)))


def page(user_id: UUID, wanted: Wanted) -> list[Row]:
    """Return a person's conversations with `answering`, the latest used first."""
    query = Conversation.select(Conversation, _answering.alias("answering")).where(
        (Conversation.user_id == user_id) & Conversation.deleted_at.is_null() & Conversation.archived_at.is_null(not wanted.archived)
    )
    if wanted.words:
        query = query.where(_says(wanted.words))
    if wanted.before:
        query = query.where(_key() < fn.ROW(*wanted.before))
    return rows(query.order_by(Conversation.updated_at.desc(), Conversation.id.desc()).limit(wanted.limit))


def change(conversation_id: UUID, user_id: UUID, values: dict[str, Any]) -> Row | None:
    """Change columns of a conversation that is there, and return it with `answering`."""
    if not values:
        return find(conversation_id, user_id)
    return _answered(Conversation.update(values).where(_mine(conversation_id, user_id)).returning(Conversation))


def delete(conversation_id: UUID, user_id: UUID, at: datetime) -> bool:
    """Put a conversation away; nothing of it is erased."""
    return bool(Conversation.update(deleted_at=at).where(_mine(conversation_id, user_id)).execute())


def restore(conversation_id: UUID, user_id: UUID) -> Row | None:
    """Undo delete(); a conversation that wasn't deleted is returned as it is."""
    mine = (Conversation.id == conversation_id) & (Conversation.user_id == user_id)
    return _answered(Conversation.update(deleted_at=None).where(mine).returning(Conversation))


def lock(conversation_id: UUID, user_id: UUID) -> Row | None:
    """Return a conversation, and let nobody else change it before the transaction ends."""
    return first(locked(Conversation.select().where(_mine(conversation_id, user_id))))


def with_habits(conversation_id: UUID, user_id: UUID) -> Row | None:
    """Return a conversation with `user_settings` and `last_pool`, the pool of its latest answer."""
    last_pool = (
        _answer.select(_answer.pool)
        .where((_answer.conversation_id == Conversation.id) & _answer.pool.is_null(False))
        .order_by(_answer.created_at.desc(), _answer.id.desc())
        .limit(1)
    )
    return first(
        Conversation.select(Conversation, Alias(User.settings, "user_settings"), last_pool.alias("last_pool"))
        .join(User, on=User.id == Conversation.user_id)
        .where(_mine(conversation_id, user_id))
    )


def _mine(conversation_id: UUID, user_id: UUID) -> Any:
    return (Conversation.id == conversation_id) & (Conversation.user_id == user_id) & Conversation.deleted_at.is_null()


def _key() -> Any:
    return fn.ROW(Conversation.updated_at, Conversation.id)


def _says(words: str) -> Any:
    """The words stand in the title or in one of the messages, whatever their case."""
    like = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    said = Message.select(1).where((Message.conversation_id == Conversation.id) & (Message.content**like))
    return (Conversation.title**like) | fn.EXISTS(said)


def _answered(query: Any) -> Row | None:
    row = first(query)
    if row is None:
        return None
    in_flight = Message.select(Message.id).where((Message.conversation_id == row["id"]) & Message.status.in_(IN_FLIGHT))
    return {**row, "answering": first(in_flight) is not None}
