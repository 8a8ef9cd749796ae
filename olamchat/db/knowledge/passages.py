"""How passages are found: by their words and by their meaning, both at once, in what a person may read at that moment; and what was cited."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from olamchat.db.knowledge.collections import READABLE
from olamchat.db.pipeline import transaction
from olamchat.db.rows import Row, run

# So many are taken of each list; the place in a list counts as 1 / (10 + place) (Cormack, Clarke and Büttcher, 2009, with the constant that
# the retrieval bench likes best).
EACH, STEADY = 60, 10
# Chunks with a question's words that are weighed at most: the rarest words say which.
WEIGHED = 1_500
# What may be read now, in each of its languages. A document that is cut again, as after an upgrade, has no number of chunks meanwhile.
_SCOPE = f"""
SELECT d.language, sum(coalesce(d.chunks, d.kept))::bigint AS chunks FROM documents d JOIN collections c ON c.id = d.collection_id
WHERE c.id = ANY(%(collections)s) AND {READABLE} AND d.searchable AND d.deleted_at IS NULL GROUP BY d.language
"""
# A question's words without those that its own language has everywhere, each as the dictionaries of the documents have it, and in which
# part of all chunks that stands; null for what is too rare for PostgreSQL's statistics to know.
_WORDS = """
WITH said AS (
    SELECT s.lexeme AS word FROM unnest(to_tsvector('simple', %(question)s)) s
    WHERE length(to_tsvector(%(language)s::regconfig, s.lexeme)) > 0
), asked AS (
    SELECT s.word AS said, t.lexeme AS word FROM said s, unnest(%(languages)s::text[]) l, LATERAL unnest(to_tsvector(l::regconfig, s.word)) t
    UNION SELECT p, p FROM unnest(%(pairs)s::text[]) p
), common AS (
    SELECT e.word, e.part FROM pg_stats s, LATERAL unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS e (word, part)
    WHERE s.schemaname = current_schema() AND s.tablename = 'chunks' AND s.attname = 'words'
)
SELECT a.said, a.word, c.part FROM asked a LEFT JOIN common c USING (word) ORDER BY c.part NULLS FIRST, a.said, a.word
"""

# A word weighs the more the rarer it is (Robertson and Spärck Jones); how often it stands in a chunk counts less and less, and in a long one less.
_FOUND = f"""
WITH readable AS MATERIALIZED (
    SELECT c.id FROM collections c WHERE c.id = ANY(%(collections)s) AND {READABLE}
), asked AS MATERIALIZED (
    SELECT said, word::tsquery AS word, part FROM unnest(%(said)s::text[], %(words)s::text[], %(parts)s::float8[]) AS w (said, word, part)
), met AS MATERIALIZED (
    SELECT k.id, k.document_id, k.words FROM chunks k WHERE %(within)s AND k.words @@ %(gathered)s::tsquery LIMIT {WEIGHED}
), candidates AS MATERIALIZED (
    SELECT m.id, m.words || ''::tsvector AS words FROM met m JOIN documents d ON d.id = m.document_id WHERE d.searchable AND d.deleted_at IS NULL
), counted AS MATERIALIZED (
    SELECT c.id, w.said, w.word, w.part, ts_rank('{{1, 1, 1, 1}}', c.words, w.word, 1) AS counts
    FROM candidates c JOIN asked w ON c.words @@ w.word
), weights AS MATERIALIZED (
    SELECT word, ln(1 + %(chunks)s / (0.5 + coalesce(max(part) * %(chunks)s, count(*)))) AS weight FROM counted GROUP BY word
), weighed AS (
    SELECT c.id, max(c.counts * w.weight) AS rank FROM counted c JOIN weights w USING (word) GROUP BY c.id, c.said
), by_words AS (
    SELECT h.id, row_number() OVER (ORDER BY h.rank DESC, h.id) AS place FROM (
        SELECT id, sum(rank) AS rank FROM weighed GROUP BY id ORDER BY rank DESC, id LIMIT {EACH}) h
), by_meaning AS (%(meaning)s), fused AS (
    SELECT id, sum(1.0 / ({STEADY} + place)) AS score FROM (SELECT * FROM by_words UNION ALL SELECT * FROM by_meaning) every
    GROUP BY id ORDER BY score DESC, id LIMIT %(limit)s
)
SELECT k.document_id, k.number AS chunk, k.page, k.heading, k.text, d.path, f.score, EXISTS (SELECT FROM by_words) AS by_words
FROM fused f JOIN chunks k ON k.id = f.id JOIN documents d ON d.id = k.document_id ORDER BY f.score DESC, k.id
"""
_MEANING = f"""
    SELECT h.id, row_number() OVER (ORDER BY h.distance, h.id) AS place FROM (
        SELECT k.id, k.document_id, {{distance}} AS distance FROM chunks k WHERE %(within)s AND k.space = {{space}} ORDER BY distance LIMIT {2 * EACH}) h
    JOIN documents d ON d.id = h.document_id WHERE d.searchable AND d.deleted_at IS NULL ORDER BY h.distance LIMIT {EACH}"""
_COMPARED = _MEANING.format(distance="k.embedding <=> %(embedding)s::halfvec", space="%(space)s")
_INDEXED = _MEANING.replace("{distance}", "k.embedding::halfvec({dimensions}) <=> %(embedding)s::halfvec({dimensions})")
_NO_MEANING = "SELECT NULL::bigint AS id, NULL::bigint AS place WHERE false"
# By the index of collections where they are few chunks; else whatever a word's or the vectors' index brings is looked at, which IS TRUE sees to.
_FEW = "k.collection_id = ANY(ARRAY(SELECT id FROM readable))"
_MANY = f"({_FEW}) IS TRUE"
# Of so many chunks each is compared: that is exact, and quicker than to leave most of what the index brings.
COMPARED = 20_000
# Of so many chunks the index of collections and that of words are both asked, and what both bring is looked at.
INTERSECTED = 200_000
# How far the index is searched.
SEARCH_ON = ("SET LOCAL hnsw.iterative_scan = relaxed_order", None), ("SET LOCAL hnsw.ef_search = 100", None)

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

_CHOSEN = """
WITH RECURSIVE branch AS (
    SELECT id, parent_id FROM messages WHERE id = %(id)s UNION ALL SELECT m.id, m.parent_id FROM messages m JOIN branch b ON m.id = b.parent_id
)
SELECT jsonb_array_elements_text(options -> 'collections')::uuid AS id FROM turns WHERE id = %(id)s
UNION SELECT c.id FROM branch b JOIN attachments a ON a.message_id = b.id JOIN collections c ON c.file_id = a.file_id
"""


def scope(values: Row) -> list[Row]:
    """Return how many chunks there are to search, {language, chunks} each. Values: user_id, collections."""
    return run(_SCOPE, values)


def words(values: Row) -> list[Row]:
    """Return a question's words, the rarest first: {said, word, part}. Values: language (the question's), languages, question, pairs."""
    return run(_WORDS, values)


def found(values: Row) -> list[Row]:
    """Return passages, the best first.

    Values: user_id, collections, chunks, gathered (the query that a chunk must answer to be weighed), said, words,
    parts, limit, and where meanings count embedding and space.
    """
    within = _FEW if values["chunks"] <= COMPARED else _MANY
    return run(_statement(_COMPARED if values["embedding"] else _NO_MEANING, within, _words_within(values["chunks"])), values)


def found_by_index(values: Row, dimensions: int) -> list[Row]:
    """Return the same where there is an index of this space, whatever else is in the table. Not within a transaction."""
    with transaction() as pipeline:
        sql = by_index(int(values["space"]), dimensions, values["chunks"])
        return pipeline.run(*SEARCH_ON, (sql, values), last=True)[-1]


def by_index(space: int, dimensions: int, chunks: int) -> str:
    """Return the statement for found()'s values that asks the space's index, among so many chunks; SEARCH_ON comes before it."""
    return _statement(_INDEXED.format(space=int(space), dimensions=int(dimensions)), _MANY, _words_within(chunks))


def _words_within(chunks: int) -> str:
    return _FEW if chunks <= INTERSECTED else _MANY


@cache
def _statement(meaning: str, within: str, words_within: str) -> str:
    return _FOUND.replace("%(within)s", words_within).replace("%(meaning)s", meaning).replace("%(within)s", within)


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


def beginnings(collections: Sequence[UUID], *, each: int, limit: int) -> list[Row]:
    """Return the first chunks of these collections' documents, as passages."""
    sql = """SELECT k.document_id, k.number AS chunk, k.page, k.heading, k.text, d.path, 0 AS score FROM documents d JOIN chunks k ON k.document_id = d.id
             WHERE d.collection_id = ANY(%s) AND d.searchable AND d.deleted_at IS NULL AND k.number < %s ORDER BY d.id, k.number LIMIT %s"""
    return run(sql, [list(collections), each, limit])


def chosen(message_id: UUID) -> list[UUID]:
    """Return the collections that were chosen for an answer that is being written, and those that the files of its branch are."""
    return [row["id"] for row in run(_CHOSEN, {"id": message_id})]
