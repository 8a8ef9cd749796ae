"""What a question must be, how a repeated one is recognised, and how a question is told to whoever asked it."""

import hashlib
import json
from typing import Any
from uuid import UUID

from olamchat.db import messages
from olamchat.db.rows import Row
from olamchat.errors import Conflict, IdempotencyMismatch, Invalid
from olamchat.services import serialize
from olamchat.services.turns.enqueue import Made
from olamchat.texts import is_keepable

CONTENT_LENGTH = 100_000


def content(text: str, *, empty: bool = False) -> str:
    """Return a question's text as it is kept; `empty` allows none. Raises Invalid."""
    kept = text.strip()
    if not kept and not empty:
        raise invalid("content", "Write something first.")
    if len(kept) > CONTENT_LENGTH:
        raise invalid("content", f"A message has at most {CONTENT_LENGTH:,} characters; this one has {len(kept):,}.")
    if not is_keepable(kept):
        raise invalid("content", "A message has no NUL and no half characters.")
    return kept


def digest(*said: Any) -> str:
    """Return a digest of all that a request said, by which a repeated one is told from another under the same key."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def repeated(conversation_id: UUID, key: str | None, digest: str) -> tuple[Row, Row]:
    """Return the question that came with the key, and its first answer. Raises IdempotencyMismatch, Conflict."""
    known = messages.asked_with(conversation_id, key) if key else []
    if known and known[0]["idempotency_digest"] != digest:
        raise IdempotencyMismatch
    if len(known) < 2:
        raise Conflict("The answer to this message was deleted.")
    return known[0], known[1]


def under_leaf(conversation: Row) -> UUID | None:
    """Return the answer that the next question of the shown branch goes under, None for a new root."""
    leaf_id = conversation["active_leaf_id"]
    leaf = messages.find(conversation["id"], leaf_id) if leaf_id else None
    if leaf is None:
        return None
    # After a question whose answers were all deleted the next question is its sibling.
    found: UUID | None = leaf["id"] if leaf["role"] == "assistant" else leaf["parent_id"]
    return found


def sent(asked: Row, answer: Row | Made) -> dict[str, Any]:
    """Return {user_message, answer, stream}."""
    return {"user_message": serialize.message(asked), **answering(answer)}


def answering(answer: Row | Made) -> dict[str, Any]:
    """Return {answer, stream}."""
    row, position = (answer.row, answer.position) if isinstance(answer, Made) else (answer, None)
    return {"answer": serialize.message(row, position=position), "stream": f"/api/conversations/{row['conversation_id']}/stream"}


def invalid(field: str, message: str) -> Invalid:
    """Return a refusal of one field."""
    return Invalid(message, errors=[{"field": field, "message": message}])


def question(parent_id: UUID | None, content: str, key: str | None, digest: str) -> Row:
    """Return the columns of a question's row that its sender decides."""
    return {"parent_id": parent_id, "content": content, "idempotency_key": key, "idempotency_digest": digest if key else None}
