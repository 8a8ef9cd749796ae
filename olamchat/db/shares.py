"""The queries about links that show a conversation to whoever has them."""

from uuid import UUID

from olamchat.clock import now, uuid7
from olamchat.db.rows import Row, run

_PUT = """
INSERT INTO shares (id, created_at, conversation_id, token, leaf_id, shared_at, named)
VALUES (%(id)s, %(at)s, %(conversation_id)s, %(token)s, %(leaf_id)s, %(at)s, %(named)s)
ON CONFLICT (conversation_id) DO UPDATE SET leaf_id = excluded.leaf_id, shared_at = excluded.shared_at, named = excluded.named
RETURNING *"""
# A link goes with its conversation, and with its owner's leave to be here.
_SEEN = """
SELECT s.conversation_id, s.leaf_id, c.user_id, s.shared_at, c.title, CASE WHEN s.named AND u.name <> '' THEN u.name END AS by
FROM shares s JOIN conversations c ON c.id = s.conversation_id JOIN users u ON u.id = c.user_id
WHERE s.token = %(token)s AND c.deleted_at IS NULL AND u.disabled_at IS NULL"""

# What decides what is shown of a branch and the files of it, without its texts: a page of pictures asks this for each.
_PATH = """
WITH RECURSIVE path AS (
    SELECT id, parent_id, status, created_at, finished_at, attachments, 0 AS above FROM messages WHERE conversation_id = %(id)s AND id = %(leaf)s
    UNION ALL
    SELECT m.id, m.parent_id, m.status, m.created_at, m.finished_at, m.attachments, path.above + 1
    FROM messages m JOIN path ON m.id = path.parent_id WHERE m.conversation_id = %(id)s
)
SELECT status, created_at, finished_at, attachments FROM path ORDER BY above DESC"""


def put(conversation_id: UUID, *, token: str, leaf_id: UUID, named: bool) -> Row:
    """Keep a conversation's link; one that has a link keeps its token and shows what is there now."""
    values = {"id": uuid7(), "at": now(), "conversation_id": conversation_id, "token": token, "leaf_id": leaf_id, "named": named}
    return run(_PUT, values)[0]


def find(conversation_id: UUID) -> Row | None:
    found = run("SELECT * FROM shares WHERE conversation_id = %(id)s", {"id": conversation_id})
    return found[0] if found else None


def delete(conversation_id: UUID) -> bool:
    """Forget a conversation's link; False where it has none."""
    return bool(run("DELETE FROM shares WHERE conversation_id = %(id)s RETURNING id", {"id": conversation_id}))


def seen(token: str) -> Row | None:
    """Return what a link shows: conversation_id, leaf_id, shared_at, its owner's user_id, title, and `by` where the owner wishes to be named."""
    found = run(_SEEN, {"token": token})
    return found[0] if found else None


def path(conversation_id: UUID, leaf_id: UUID) -> list[Row]:
    """Return (status, created_at, finished_at, attachments) of the messages from the first one down to the leaf."""
    return run(_PATH, {"id": conversation_id, "leaf": leaf_id})
