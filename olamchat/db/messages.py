"""The queries about the tree of messages, and about the turns that are made for its answers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from peewee import fn

from olamchat.db.conversations import IN_FLIGHT
from olamchat.db.pool import database
from olamchat.db.rows import Row, first, rows
from olamchat.db.tables import Conversation, Message, Turn

_SUBTREE = """
WITH RECURSIVE subtree AS (
    SELECT id, status FROM messages WHERE conversation_id = %(conversation_id)s AND id = %(root)s
    UNION ALL
    SELECT m.id, m.status FROM messages m JOIN subtree ON m.parent_id = subtree.id WHERE m.conversation_id = %(conversation_id)s
)
SELECT id, status FROM subtree
"""


def add(*values: Row) -> list[Row]:
    """Keep new messages and return their rows in the same order. Rows may differ in which columns they name."""
    return [row for one in values for row in rows(Message.insert(one).returning(Message))]


def add_turn(values: Row) -> None:
    """Keep a turn; what is left of one that ended is forgotten."""
    Turn.delete().where((Turn.id == values["id"]) & (Turn.state == "closed")).execute()
    Turn.insert(values).execute()


def find(conversation_id: UUID, message_id: UUID) -> Row | None:
    return first(Message.select().where(_is(conversation_id, message_id)))


def find_mine(conversation_id: UUID, message_id: UUID, user_id: UUID) -> Row | None:
    """Return a message of a conversation that this person owns and has not deleted."""
    return first(
        Message.select()
        .join(Conversation, on=Conversation.id == Message.conversation_id)
        .where(_is(conversation_id, message_id) & (Conversation.user_id == user_id) & Conversation.deleted_at.is_null())
    )


def asked_with(conversation_id: UUID, key: str) -> list[Row]:
    """Return the question that came with the key and its first answer; [] where none came."""
    asked = first(Message.select().where((Message.conversation_id == conversation_id) & (Message.idempotency_key == key)))
    if asked is None:
        return []
    answers = Message.select().where((Message.conversation_id == conversation_id) & (Message.parent_id == asked["id"]))
    return [asked, *rows(answers.order_by(Message.created_at, Message.id).limit(1))]


def in_flight(conversation_id: UUID) -> UUID | None:
    """Return the id of the answer that waits or is being written."""
    row = first(Message.select(Message.id).where((Message.conversation_id == conversation_id) & Message.status.in_(IN_FLIGHT)))
    return row["id"] if row else None


def all_in_flight(user_id: UUID) -> list[UUID]:
    """Return the ids of all answers of a person that wait or are being written."""
    mine = Message.select(Message.id).join(Conversation, on=Conversation.id == Message.conversation_id)
    return [row["id"] for row in rows(mine.where((Conversation.user_id == user_id) & Message.status.in_(IN_FLIGHT)))]


def page(conversation_id: UUID, *, limit: int, before: tuple[datetime, UUID] | None = None) -> list[Row]:
    """Return messages, the newest first."""
    query = Message.select().where(Message.conversation_id == conversation_id)
    if before:
        query = query.where(fn.ROW(Message.created_at, Message.id) < fn.ROW(*before))
    return rows(query.order_by(Message.created_at.desc(), Message.id.desc()).limit(limit))


def path(conversation_id: UUID, leaf: UUID | None) -> list[Row]:
    """Return the messages from the first one down to the leaf."""
    by_id = {row["id"]: row for row in every(conversation_id)}
    found: list[Row] = []
    while leaf is not None and leaf in by_id:
        found.append(by_id[leaf])
        leaf = found[-1]["parent_id"]
    return found[::-1]


def every(conversation_id: UUID) -> list[Row]:
    """Return all messages of a conversation, the oldest first."""
    query = Message.select().where(Message.conversation_id == conversation_id)
    return rows(query.order_by(Message.created_at, Message.id))


def change(message_id: UUID, values: dict[str, Any]) -> Row:
    [row] = rows(Message.update(values).where(Message.id == message_id).returning(Message))
    return row


def rate(message_id: UUID, thumb: str | None) -> Row | None:
    """Keep a thumb and return the answer; None where it is no answer, is not finished, or is gone."""
    finished = (Message.id == message_id) & (Message.role == "assistant") & Message.status.not_in(IN_FLIGHT)
    return first(Message.update(feedback=thumb).where(finished).returning(Message))


def subtree(conversation_id: UUID, root: UUID) -> dict[UUID, str]:
    """Return the ids of a message and of all that follows from it, with their status."""
    cursor = database.execute_sql(_SUBTREE, {"conversation_id": conversation_id, "root": root})
    return dict(cursor.fetchall())


def erase(ids: Iterable[UUID]) -> None:
    Message.delete().where(Message.id.in_(list(ids))).execute()


def newest_leaf(conversation_id: UUID, parent_id: UUID | None) -> UUID | None:
    """Follow the newest child of each message down from the parent; the parent itself where it has none."""
    tree = Message.select(Message.id, Message.parent_id).where(Message.conversation_id == conversation_id)
    children: dict[UUID | None, UUID] = {row["parent_id"]: row["id"] for row in rows(tree.order_by(Message.created_at, Message.id))}
    while parent_id in children:
        parent_id = children[parent_id]
    return parent_id


def load(user_id: UUID, pool: str) -> tuple[int, int]:
    """Return how many answers of this person wait for a worker or have one, and how many turns wait in the pool."""
    mine = Turn.select().where((Turn.user_id == user_id) & (Turn.kind != "title") & Turn.state.in_(("queued", "running"))).count()
    waiting = Turn.select().where((Turn.pool == pool) & (Turn.state == "queued")).count()
    return mine, waiting


def positions(ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return where these answers stand in their pools' queues; 1 is the next. Those that don't wait are left out."""
    wanted = list(ids)
    if not wanted:
        return {}
    sql = """SELECT t.id, count(*) FROM turns t JOIN turns ahead ON ahead.pool = t.pool AND ahead.state = 'queued' AND ahead.kind = t.kind
             AND (ahead.rank, ahead.created_at, ahead.id) <= (t.rank, t.created_at, t.id)
             WHERE t.id = ANY(%s) AND t.state = 'queued' GROUP BY t.id"""
    return dict(database.execute_sql(sql, [wanted]).fetchall())


def _is(conversation_id: UUID, message_id: UUID) -> Any:
    return (Message.conversation_id == conversation_id) & (Message.id == message_id)
