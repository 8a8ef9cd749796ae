"""How passages are found: by their words and by their meaning, both at once, in what a person may read at that moment; and what was cited."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from olamchat.db.knowledge.collections import READABLE
from olamchat.db.rows import Row, run

# So many are taken of each list; the place in a list counts as 1 / (60 + place) (Cormack, Clarke and Büttcher, 2009).
EACH, STEADY = 60, 60

# Each document has its words as its language's dictionary has them, so the question is put in each language that is there.
_FOUND = f"""
WITH readable AS MATERIALIZED (
    SELECT c.id FROM collections c WHERE c.id = ANY(%(collections)s) AND {READABLE}
), there AS MATERIALIZED (
    SELECT d.id, d.path, d.language FROM documents d JOIN readable r ON r.id = d.collection_id WHERE d.searchable AND d.deleted_at IS NULL
), asked AS MATERIALIZED (
    SELECT string_agg(nullif(replace(plainto_tsquery(l.language::regconfig, %(question)s)::text, ' & ', ' | '), ''), ' | ') AS words
    FROM (SELECT DISTINCT language FROM there) l
), query AS MATERIALIZED (
    SELECT nullif(concat_ws(' | ', (SELECT words FROM asked), nullif(%(pairs)s, '')), '')::tsquery AS words
), by_words AS (
    SELECT h.id, row_number() OVER (ORDER BY h.rank DESC, h.id) AS place FROM (
        SELECT k.id, ts_rank(k.words, (SELECT words FROM query), 1) AS rank FROM chunks k
        WHERE k.collection_id = ANY(ARRAY(SELECT id FROM readable)) AND k.words @@ (SELECT words FROM query)
            AND k.document_id IN (SELECT id FROM there)
        ORDER BY rank DESC, k.id LIMIT {EACH}) h
), by_meaning AS ({{meaning}}), fused AS (
    SELECT id, sum(1.0 / ({STEADY} + place)) AS score FROM (SELECT * FROM by_words UNION ALL SELECT * FROM by_meaning) every
    GROUP BY id ORDER BY score DESC, id LIMIT %(limit)s
)
SELECT k.document_id, k.number AS chunk, k.page, k.heading, k.text, t.path, f.score
FROM fused f JOIN chunks k ON k.id = f.id JOIN there t ON t.id = k.document_id ORDER BY f.score DESC, k.id
"""
_MEANING = f"""
    SELECT h.id, row_number() OVER (ORDER BY h.distance, h.id) AS place FROM (
        SELECT k.id, k.embedding <=> %(embedding)s::halfvec AS distance FROM chunks k
        WHERE k.collection_id = ANY(ARRAY(SELECT id FROM readable)) AND k.space = %(space)s AND k.document_id IN (SELECT id FROM there)
        ORDER BY distance LIMIT {EACH}) h"""
_NO_MEANING = "SELECT NULL::bigint AS id, NULL::bigint AS place WHERE false"
_WITH_MEANING, _WORDS_ALONE = _FOUND.format(meaning=_MEANING), _FOUND.format(meaning=_NO_MEANING)

_CITE = """
WITH given AS (
    SELECT * FROM ROWS FROM (jsonb_to_recordset(%(passages)s)
        AS (document_id uuid, chunk integer, path text, page integer, heading text, text text))
        WITH ORDINALITY AS p (document_id, chunk, path, page, heading, text, place)
), fresh AS (
    SELECT g.*, row_number() OVER (ORDER BY place) AS nth FROM given g
    WHERE NOT EXISTS (SELECT FROM citations c WHERE c.message_id = %(id)s AND c.document_id = g.document_id AND c.chunk = g.chunk)
)
INSERT INTO citations (message_id, number, document_id, chunk, path, page, heading, text)
SELECT %(id)s, (SELECT coalesce(max(number), 0) FROM citations WHERE message_id = %(id)s) + nth, document_id, chunk, path, page, heading, text FROM fresh
"""

# The result is long: it is read of the steps alone that looked in documents.
_SEARCHES = """
SELECT message_id, passages, sources, CASE WHEN server = 'documents' THEN result END AS result FROM steps s
WHERE message_id = ANY(%(ids)s) AND EXISTS (SELECT FROM steps k WHERE k.message_id = s.message_id AND k.server = 'documents' AND k.state = 'done')
ORDER BY message_id, number
"""


def found(values: dict[str, Any]) -> list[Row]:
    """Return passages, the best first. Values: user_id, collections, question, pairs, limit, and where meanings count embedding and space."""
    return run(_WITH_MEANING if values.get("embedding") else _WORDS_ALONE, values)


def around(document_id: UUID, number: int, each: int) -> list[Row]:
    """Return a chunk with those before and after it."""
    sql = "SELECT number, page, heading, text FROM chunks WHERE document_id = %s AND number BETWEEN %s AND %s ORDER BY number"
    return run(sql, [document_id, number - each, number + each])


def cite(message_id: UUID, passages: Any) -> None:
    """Number these passages among the answer's, after those it has; one that it has keeps its number. Lock the message first."""
    run(_CITE, {"id": message_id, "passages": passages})


def lock(message_id: UUID) -> bool:
    """Let nobody else number this answer's passages before the transaction ends. False where there is no such answer."""
    return bool(run("SELECT id FROM messages WHERE id = %s FOR NO KEY UPDATE", [message_id]))


def cited(message_ids: Sequence[UUID]) -> list[Row]:
    """Return what these answers were given to cite."""
    return run("SELECT * FROM citations WHERE message_id = ANY(%s) ORDER BY message_id, number", [list(message_ids)])


def searches(message_ids: Sequence[UUID]) -> list[Row]:
    """Return the steps of those of these answers that have looked in documents: {message_id, passages, sources, result}."""
    return run(_SEARCHES, {"ids": list(message_ids)})


def chosen(message_id: UUID) -> list[UUID]:
    """Return the collections that were chosen for an answer that is being written."""
    found = run("SELECT jsonb_array_elements_text(options -> 'collections')::uuid AS id FROM turns WHERE id = %s", [message_id])
    return [row["id"] for row in found]
