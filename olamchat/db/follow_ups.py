"""The statements of follow-ups: messages that were sent while an answer is written, and wait until it has ended."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.clock import now, uuid7
from olamchat.db.rows import Row, run

# Those that somebody wants to go at once, then the oldest.
_ORDER = "ORDER BY f.urgent_at NULLS LAST, f.created_at, f.id"
_THERE = "f.conversation_id = %(conversation_id)s AND f.dropped_at IS NULL"
_MINE = (
    f"{_THERE} AND EXISTS (SELECT FROM conversations c WHERE c.id = f.conversation_id AND c.user_id = %(user_id)s AND c.deleted_at IS NULL)"
)
_SELECT = "SELECT f.*, m.status AS follows_status FROM follow_ups f LEFT JOIN messages m ON m.id = f.follows_id"
# Only the first of a conversation may go. Where the person stopped the answer, or deleted it, it waits for their word; one that failed
# had all the tries it gets.
_DUE = f"""
SELECT first.* FROM (
    SELECT DISTINCT ON (f.conversation_id) f.*, m.status AS follows_status
    FROM follow_ups f LEFT JOIN messages m ON m.id = f.follows_id
    WHERE f.dropped_at IS NULL AND (%(conversation_id)s::uuid IS NULL OR f.conversation_id = %(conversation_id)s)
    {_ORDER.replace("ORDER BY ", "ORDER BY f.conversation_id, ")}
) first JOIN conversations c ON c.id = first.conversation_id JOIN users u ON u.id = first.user_id
WHERE first.error IS NULL AND (first.urgent_at IS NOT NULL OR first.follows_status IN ('done', 'failed'))
    AND c.deleted_at IS NULL AND u.disabled_at IS NULL
    AND NOT EXISTS (SELECT FROM messages a WHERE a.conversation_id = c.id AND a.status IN ('queued', 'running', 'waiting'))
LIMIT %(limit)s
"""  # noqa: S608, the conditions above
_ADD = """
WITH added AS (
    INSERT INTO follow_ups (id, created_at, conversation_id, user_id, follows_id, content, attachments, model, options, key_id,
        idempotency_key, idempotency_digest, urgent_at)
    VALUES (%(id)s, %(created_at)s, %(conversation_id)s, %(user_id)s, %(follows_id)s, %(content)s, %(attachments)s, %(model)s, %(options)s,
        %(key_id)s, %(idempotency_key)s, %(idempotency_digest)s, %(urgent_at)s)
    RETURNING *
), kept AS (INSERT INTO follow_up_files (follow_up_id, file_id) SELECT %(id)s, unnest(%(files)s::uuid[]))
SELECT * FROM added
"""


def add(values: Row, files: Sequence[UUID]) -> Row:
    """Keep a follow-up with its files and return its row."""
    json = {name: Jsonb(values[name]) for name in ("attachments", "options")}
    [row] = run(_ADD, {**values, **json, "id": uuid7(), "created_at": now(), "files": list(files)})
    return row


def of(conversation_id: UUID) -> list[Row]:
    """Return the follow-ups of a conversation in the order in which they go, each with the `follows_status` of the answer it waits for."""
    return run(f"{_SELECT} WHERE {_THERE} {_ORDER}", {"conversation_id": conversation_id})


def count(conversation_id: UUID, user_id: UUID) -> int | None:
    """Return how many messages wait in a person's conversation; None where there is no such conversation."""
    sql = f"""SELECT (SELECT count(*) FROM follow_ups f WHERE {_THERE}) AS n
              FROM conversations WHERE id = %(conversation_id)s AND user_id = %(user_id)s AND deleted_at IS NULL"""  # noqa: S608, the condition above
    found = _first(sql, conversation_id=conversation_id, user_id=user_id)
    return int(found["n"]) if found else None


def sent_with(conversation_id: UUID, key: str) -> Row | None:
    """Return the follow-up that came with an idempotency key, dropped ones included."""
    return _first(
        f"{_SELECT} WHERE f.conversation_id = %(conversation_id)s AND f.idempotency_key = %(key)s", conversation_id=conversation_id, key=key
    )


def hurry(follow_up_id: UUID, conversation_id: UUID, user_id: UUID) -> bool:
    """Let a person's follow-up go first, whatever stood against it; False where it isn't there."""
    sql = f"UPDATE follow_ups f SET urgent_at = coalesce(urgent_at, %(at)s), error = NULL WHERE f.id = %(id)s AND {_MINE} RETURNING f.id"  # noqa: S608, the conditions above
    return _first(sql, id=follow_up_id, conversation_id=conversation_id, user_id=user_id, at=now()) is not None


def drop(follow_up_id: UUID, conversation_id: UUID, user_id: UUID) -> Row | None:
    """Take a person's follow-up off the line and return it; None where it isn't there."""
    sql = f"UPDATE follow_ups f SET dropped_at = %(at)s WHERE f.id = %(id)s AND {_MINE} RETURNING f.*, NULL AS follows_status"  # noqa: S608, the conditions above
    return _first(sql, id=follow_up_id, conversation_id=conversation_id, user_id=user_id, at=now())


def due(conversation_id: UUID | None = None, limit: int = 100) -> list[Row]:
    """Return the follow-ups whose time has come, at most one of each conversation."""
    return run(_DUE, {"conversation_id": conversation_id, "limit": limit})


def take(follow_up_id: UUID) -> Row | None:
    """Remove one that is asked in this transaction, and return it; None where somebody was faster."""
    return _first("DELETE FROM follow_ups WHERE id = %(id)s AND dropped_at IS NULL RETURNING *", id=follow_up_id)


def follow(conversation_id: UUID, answer_id: UUID) -> None:
    """Let all that wait in a conversation wait for this answer."""
    run("UPDATE follow_ups SET follows_id = %s WHERE conversation_id = %s", [answer_id, conversation_id])


def refuse(follow_up_id: UUID, error: Row) -> None:
    """Note why one could not be asked."""
    run("UPDATE follow_ups SET error = %s, urgent_at = NULL WHERE id = %s", [Jsonb(error), follow_up_id])


def forget_dropped() -> None:
    run("DELETE FROM follow_ups WHERE dropped_at < now() - interval '1 day'")


def _first(sql: str, **values: Any) -> Row | None:
    found = run(sql, values)
    return found[0] if found else None
