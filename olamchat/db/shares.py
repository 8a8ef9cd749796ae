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
SELECT s.conversation_id, s.leaf_id, s.shared_at, c.title, CASE WHEN s.named AND u.name <> '' THEN u.name END AS by
FROM shares s JOIN conversations c ON c.id = s.conversation_id JOIN users u ON u.id = c.user_id
WHERE s.token = %(token)s AND c.deleted_at IS NULL AND u.disabled_at IS NULL"""


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
    """Return what a link shows: conversation_id, leaf_id, shared_at, title, and `by` where the owner wishes to be named."""
    found = run(_SEEN, {"token": token})
    return found[0] if found else None
