"""Finding passages for a question, in what the asker may read at that moment; and numbering them for an answer to cite."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.db.knowledge import passages as statements
from olamchat.db.knowledge import vector_index
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row
from olamchat.services.knowledge.gathering import gathering
from olamchat.services.knowledge.indexing import vector
from olamchat.services.knowledge.languages import language, pairs

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
    where: Row = {"user_id": user_id, "collections": list(collections)}
    with connected():
        scope = statements.scope(where)
        if not scope:
            return []
        own = language(asked)
        # A document may have pieces in another language than its own, and they are what a question in that language looks for.
        given = {"language": own, "languages": sorted({own, *(row["language"] for row in scope)}), "question": asked, "pairs": pairs(asked)}
        chunks = sum(row["chunks"] for row in scope)
        weighed = gathering(statements.words(given), chunks, statements.WEIGHED)
        place = {"embedding": vector(embedding) if embedding else None, "space": space}
        words = {"said": weighed.said, "words": weighed.words, "parts": weighed.parts, "gathered": weighed.query}
        values = {**where, **words, **place, "chunks": chunks, "limit": limit}
        if embedding and space and chunks > statements.COMPARED and vector_index.exists(space):
            return statements.found_by_index(values, len(embedding))
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
