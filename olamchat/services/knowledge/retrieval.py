"""Finding passages for a question, in what the asker may read at that moment; and numbering them for an answer to cite."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.db.knowledge import passages as statements
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row
from olamchat.services.knowledge.indexing import vector
from olamchat.services.knowledge.languages import query

# Passages that one search brings, and characters of a question that count.
MOST, QUESTION_LENGTH = 8, 2_000
_KEPT = ("document_id", "chunk", "path", "page", "heading", "text")


def search(
    *,
    user_id: UUID,
    collections: Sequence[UUID],
    question: str,
    embedding: Sequence[float] | None = None,
    space: int | None = None,
    limit: int = MOST,
) -> list[Row]:
    """Return the passages that answer best, by words and (where an embedding is given) by meaning. Raises DatabaseLost."""
    asked = question.replace("\x00", " ")[:QUESTION_LENGTH]
    values: Row = {
        "user_id": user_id, "collections": list(collections), "question": asked, "pairs": query(asked), "limit": limit,
        "embedding": vector(embedding) if embedding else None, "space": space,
    }  # fmt: skip
    with connected():
        return statements.found(values)


def cite(message_id: UUID, passages: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Give passages their numbers in an answer, and return all that it has. What has a number keeps it. Raises DatabaseLost."""
    given = [{**{name: passage[name] for name in _KEPT}, "document_id": str(passage["document_id"])} for passage in passages]
    with connected(), database.atomic():
        if statements.lock(message_id) and given:
            statements.cite(message_id, Jsonb(given))
        return statements.cited([message_id])


def cited(message_id: UUID) -> list[Row]:
    """Return what an answer was given to cite before its question. Raises DatabaseLost."""
    with connected():
        return statements.cited([message_id])


def chosen(message_id: UUID) -> list[UUID]:
    """Return the collections that an answer which is being written may cite from. Raises DatabaseLost."""
    with connected():
        return statements.chosen(message_id)
