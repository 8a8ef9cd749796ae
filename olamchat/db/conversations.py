"""The queries about conversations. Each names the owner: nobody else's row can come out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.clock import now, uuid7
from olamchat.db import searching
from olamchat.db.people.sessions import GOOD
from olamchat.db.people.users import TERMS
from olamchat.db.rows import Row, first, locked, rows, run
from olamchat.db.tables import Conversation, Message

IN_FLIGHT = ("queued", "running", "waiting")
# The pool of the latest answer of the conversation `c`.
LAST_POOL = """(SELECT m.pool FROM messages m WHERE m.conversation_id = c.id AND m.pool IS NOT NULL
    ORDER BY m.created_at DESC, m.id DESC LIMIT 1) AS last_pool"""
_ANSWERING = "EXISTS (SELECT FROM messages a WHERE a.conversation_id = c.id AND a.status IN ('queued', 'running', 'waiting'))"
_MINE = "c.user_id = %(user_id)s AND c.deleted_at IS NULL"
_OLDER = " AND (c.updated_at, c.id) < (%(before)s, %(before_id)s)"
_SELECT = f"""
SELECT c.id, c.created_at, c.user_id, c.title, c.title_by_user, c.model, c.settings, c.active_leaf_id, c.pinned_at, c.archived_at,
    c.deleted_at, c.updated_at, {_ANSWERING} AS answering
FROM conversations c WHERE {_MINE}"""  # noqa: S608, the conditions above
_TIME = """'YYYY-MM-DD"T"HH24:MI:SS.US+00:00'"""
# A page is written by Postgres as it is sent: reading sixty rows into Python, shaping and writing them takes longer than all the rest of a request.
# tests/functions/conversations/test_conversations.py holds it to services/shapes.py.
_PAGE = f"""
WITH listed AS ({{rows}}), numbered AS (SELECT *, row_number() OVER () AS n FROM listed), page AS (
    SELECT coalesce(string_agg(row_to_json(shape)::text, ',') FILTER (WHERE n <= %(limit)s), '') AS items,
        count(*) > %(limit)s AS more,
        max(numbered.updated_at) FILTER (WHERE n = %(limit)s) AS updated_at,
        max(numbered.id::text) FILTER (WHERE n = %(limit)s) AS id
    FROM numbered, LATERAL (
        SELECT numbered.id, title, model, settings, pinned_at IS NOT NULL AS pinned, archived_at IS NOT NULL AS archived, active_leaf_id,
            answering, to_char(created_at, {_TIME}) AS created_at, to_char(numbered.updated_at, {_TIME}) AS updated_at{{snippet}}
    ) shape
), marked AS (SELECT *, md5(items || more) AS etag FROM page)
SELECT {GOOD} AS good, CASE WHEN etag = %(known)s THEN NULL ELSE items END AS items, etag, more, updated_at, id
FROM marked
"""  # noqa: S608, the condition above
_ADD = """
INSERT INTO conversations (id, created_at, user_id, title, title_by_user, model, settings, updated_at)
VALUES (%(id)s, %(created_at)s, %(user_id)s, %(title)s, %(title_by_user)s, %(model)s, %(settings)s, %(updated_at)s)"""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which of a person's conversations to list: `before` is (updated_at, id) of the last one seen, `archived` None those in the archive and those that aren't."""

    archived: bool | None = False
    words: str = ""
    before: tuple[datetime, UUID] | None = None
    limit: int = 30


def add(values: Row) -> Row:
    """Keep a new conversation and return its row."""
    at = now()
    row = {
        "title": None,
        "title_by_user": False,
        "model": None,
        "settings": {},
        **values,
        "id": uuid7(),
        "created_at": at,
        "updated_at": at,
    }
    run(_ADD, {**row, "settings": Jsonb(row["settings"])})
    return {"active_leaf_id": None, "pinned_at": None, "archived_at": None, "deleted_at": None, **row}


def find(conversation_id: UUID, user_id: UUID) -> Row | None:
    """Return the conversation with `answering`, None where it isn't this person's or was deleted."""
    found = run(f"{_SELECT} AND c.id = %(id)s", {"user_id": user_id, "id": conversation_id})
    return found[0] if found else None


def there(conversation_id: UUID, user_id: UUID, session_id: UUID | None) -> tuple[bool, bool]:
    """Tell whether the session is good (a session_id of None is not asked for), and whether the conversation is this person's."""
    sql = f"""SELECT {GOOD} AS good, EXISTS (
        SELECT FROM conversations WHERE id = %(id)s AND user_id = %(user_id)s AND deleted_at IS NULL) AS there"""  # noqa: S608, the condition above
    [row] = run(sql, {"id": conversation_id, "user_id": user_id, "session_id": session_id, "at": now()})
    return row["good"], row["there"]


def among(ids: list[UUID], user_id: UUID) -> set[UUID]:
    """Return which of the conversations are this person's and not deleted."""
    sql = "SELECT id FROM conversations WHERE id = ANY(%(ids)s) AND user_id = %(user_id)s AND deleted_at IS NULL"
    return {row["id"] for row in run(sql, {"ids": ids, "user_id": user_id})}


def page(user_id: UUID, wanted: Wanted, *, session_id: UUID | None = None, known: str | None = None) -> Row | None:
    """Return one page of a person's conversations, the latest used first; None where the session isn't good (a session_id of None is not asked for).

    {items, etag, more, updated_at, id}: `items` is JSON as it is sent, None where `etag` is the one `known`; the last two are of the last item.
    """
    before, before_id = wanted.before or (None, None)
    values: Row = {
        "user_id": user_id, "session_id": session_id, "at": now(), "known": known, "limit": wanted.limit, "before": before, "before_id": before_id
    }  # fmt: skip
    archived = {None: "", True: " AND c.archived_at IS NOT NULL", False: " AND c.archived_at IS NULL"}[wanted.archived]
    older = _OLDER if wanted.before else ""
    listed = f"{_SELECT}{archived}{older} ORDER BY c.updated_at DESC, c.id DESC LIMIT %(limit)s + 1"
    if wanted.words:
        listed, more = searching.listed(wanted.words, mine=_MINE + archived, older=older, answering=_ANSWERING)
        values |= more
    [row] = run(_PAGE.replace("{rows}", listed).replace("{snippet}", ", message_id, snippet" if wanted.words else ""), values)
    return row if row.pop("good") else None


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


def deleted(user_id: UUID, limit: int) -> list[Row]:
    """Return {id, title, deleted_at} of the person's deleted conversations, the latest deleted first."""
    sql = """SELECT id, title, deleted_at FROM conversations WHERE user_id = %s AND deleted_at IS NOT NULL
             ORDER BY deleted_at DESC, id DESC LIMIT %s"""
    return run(sql, [user_id, limit])


def lock(conversation_id: UUID, user_id: UUID) -> Row | None:
    """Return a conversation, and let nobody else change it before the transaction ends."""
    return first(locked(Conversation.select().where(_mine(conversation_id, user_id))))


def with_habits(conversation_id: UUID, user_id: UUID) -> Row | None:
    """Return a conversation with `user_settings`, TERMS and `last_pool`, the pool of its latest answer."""
    sql = f"""SELECT c.*, u.settings AS user_settings, {TERMS}, {LAST_POOL} FROM users u JOIN conversations c ON c.user_id = u.id
              WHERE c.id = %s AND u.id = %s AND c.deleted_at IS NULL"""  # noqa: S608, constants
    found = run(sql, [conversation_id, user_id])
    return found[0] if found else None


def all_ids(user_id: UUID) -> list[UUID]:
    """Return the ids of all conversations of a person that are not deleted, the oldest first."""
    mine = (Conversation.user_id == user_id) & Conversation.deleted_at.is_null()
    return [row["id"] for row in rows(Conversation.select(Conversation.id).where(mine).order_by(Conversation.created_at, Conversation.id))]


def delete_all(ids: list[UUID], user_id: UUID, at: datetime) -> list[UUID]:
    """Put many away; return those that were there."""
    chosen = Conversation.id.in_(ids) & (Conversation.user_id == user_id) & Conversation.deleted_at.is_null()
    return [row["id"] for row in rows(Conversation.update(deleted_at=at).where(chosen).returning(Conversation.id))]


def _mine(conversation_id: UUID, user_id: UUID) -> Any:
    return (Conversation.id == conversation_id) & (Conversation.user_id == user_id) & Conversation.deleted_at.is_null()


def _answered(query: Any) -> Row | None:
    row = first(query)
    if row is None:
        return None
    in_flight = Message.select(Message.id).where((Message.conversation_id == row["id"]) & Message.status.in_(IN_FLIGHT))
    return {**row, "answering": first(in_flight) is not None}
