"""Finding passages for a question, in what the asker may read at that moment; and numbering them for an answer to cite."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.db.knowledge import collections as rows_of_collections
from olamchat.db.knowledge import passages as statements
from olamchat.db.knowledge import vector_index
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row
from olamchat.services.knowledge.gathering import gathering
from olamchat.services.knowledge.indexing import vector
from olamchat.services.knowledge.languages import language, pairs
from olamchat.texts import keepable

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
    asked = keepable(question)[:QUESTION_LENGTH]
    where: Row = {"user_id": user_id, "collections": list(collections)}
    with connected():
        scope = statements.scope(where)
        if not scope:
            return []
        own = language(asked)
        # A document may have pieces in another language than its own, and they are what a question in that language looks for.
        given = {"language": own, "languages": sorted({own, *(row["language"] for row in scope)}), "question": asked, "pairs": pairs(asked)}
        chunks = sum(row["chunks"] for row in scope)
        rows = statements.words(given)
        values: Row = {**where, "embedding": vector(embedding) if embedding else None, "space": space, "chunks": chunks, "limit": limit}
        dimensions = len(embedding) if embedding and space and chunks > statements.COMPARED and vector_index.exists(space) else None
        found, known = _found(values, rows, dimensions), [row for row in rows if row["part"]]
        if 0 < len(known) < len(rows) and not any(row["by_words"] for row in found):
            # What is too rare to be known of stands nowhere, as when it is mistyped: then the others have to do.
            return _found(values, known, dimensions) or found
        return found


def _found(values: Row, rows: Sequence[Row], dimensions: int | None) -> list[Row]:
    weighed = gathering(rows, values["chunks"], statements.WEIGHED)
    given = {**values, "said": weighed.said, "words": weighed.words, "parts": weighed.parts, "gathered": weighed.query}
    return statements.found_by_index(given, dimensions) if dimensions else statements.found(given)


def beginnings(collections: Sequence[UUID]) -> list[Row]:
    """Return what the documents of these collections begin with, of each about as much. Raises DatabaseLost."""
    if not collections:
        return []
    with connected():
        return statements.beginnings(collections, each=max(1, MOST // len(collections)), limit=MOST)


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


def names(*, user_id: UUID, collections: Sequence[UUID]) -> list[str]:
    """Return the names of those collections that a person may read. Raises DatabaseLost."""
    with connected():
        return rows_of_collections.names(collections, user_id)


def chosen(message_id: UUID) -> list[UUID]:
    """Return the collections that an answer which is being written may cite from: those chosen, and the files before it. Raises DatabaseLost."""
    with connected():
        return statements.chosen(message_id)
