"""The statements that move documents through the index workers. Whoever writes names the attempt: one that is not the newest changes nothing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.db.knowledge.documents import SHOWN
from olamchat.db.pipeline import transaction
from olamchat.db.rows import Row, run

_MINE = "id = %(id)s AND attempt = %(attempt)s AND state = 'running' AND deleted_at IS NULL"

# Whose document it is: of those who have any waiting, the person with the fewest running, then the one served longest ago; of theirs what is
# attached to a message comes first, since a question waits for it, then the oldest.
_TAKE = """
WITH people AS MATERIALIZED (
    SELECT w.user_id, row_number() OVER (ORDER BY
        (SELECT count(*) FROM documents r WHERE r.user_id = w.user_id AND r.state = 'running'),
        (SELECT max(s.started_at) FROM documents s WHERE s.user_id = w.user_id) NULLS FIRST, w.user_id) AS place
    FROM (SELECT DISTINCT user_id FROM documents WHERE state = 'waiting' AND not_before <= now() AND deleted_at IS NULL) w
), next AS (
    SELECT d.id FROM documents d JOIN people p ON p.user_id = d.user_id JOIN collections c ON c.id = d.collection_id
    WHERE d.state = 'waiting' AND d.not_before <= now() AND d.deleted_at IS NULL AND c.deleted_at IS NULL
    ORDER BY p.place, c.file_id IS NULL, d.queued_at, d.id LIMIT 1 FOR UPDATE OF d SKIP LOCKED
)
UPDATE documents d SET state = 'running', attempt = attempt + 1, worker = %(worker)s, started_at = clock_timestamp(), error = NULL
FROM next, files f WHERE d.id = next.id AND f.id = d.file_id
RETURNING d.*, f.store, f.name, f.media_type, f.digest, f.bytes
"""

# One batch: the document is locked first, so that an attempt that lost it adds nothing. The same attempt may write a batch again, when it was
# not told that the first write was done.
_KEEP = """
WITH mine AS (
    UPDATE documents SET kept = %(kept)s, pages = greatest(coalesce(pages, 0), %(pages)s), failures = 0
    WHERE id = %(id)s AND attempt = %(attempt)s AND state = 'running' AND deleted_at IS NULL RETURNING *
), made AS (
    INSERT INTO chunks (document_id, collection_id, number, page, start, "end", heading, text, words)
    SELECT mine.id, mine.collection_id, c.number, c.page, c.start, c."end", c.heading, c.text,
        to_tsvector(c.language::regconfig, c.heading) || to_tsvector(c.language::regconfig, c.text) || array_to_tsvector(c.pairs)
    FROM mine, jsonb_to_recordset(%(chunks)s) AS c (number integer, page integer, start integer, "end" integer, heading text, text text,
        pairs text[], language text)
    ON CONFLICT ON CONSTRAINT chunks_once DO NOTHING
)
SELECT id FROM mine
"""

_EMBED = """
WITH mine AS (
    UPDATE documents SET failures = 0, embedded = embedded + (
        SELECT count(*) FROM chunks WHERE id = ANY(%(ids)s::bigint[]) AND document_id = documents.id AND space IS DISTINCT FROM %(space)s)
    WHERE id = %(id)s AND attempt = %(attempt)s AND state = 'running' AND deleted_at IS NULL RETURNING id
), written AS (
    UPDATE chunks c SET embedding = v.embedding::halfvec, space = %(space)s
    FROM mine, unnest(%(ids)s::bigint[], %(embeddings)s::text[]) AS v (id, embedding) WHERE c.id = v.id AND c.document_id = mine.id
)
SELECT id FROM mine
"""


def take(worker: str) -> Row | None:
    """Return a document to read now, with what its file is; two workers never get the same attempt."""
    found = run(_TAKE, {"worker": worker})
    return found[0] if found else None


def begin(document_id: UUID, attempt: int, cutting: int) -> int | None:
    """Return how many chunks are kept already; chunks that an older version of the readers cut are dropped. None: it is not this attempt's."""
    values = {"id": document_id, "attempt": attempt, "cutting": cutting}
    mine = f"SELECT kept, cutting FROM documents WHERE {_MINE} FOR NO KEY UPDATE"
    drop = "DELETE FROM chunks WHERE document_id = %(id)s"
    note = f"UPDATE documents SET cutting = %(cutting)s, kept = 0, embedded = 0, pages = NULL, chunks = NULL WHERE {_MINE}"
    with transaction() as pipeline:
        [found] = pipeline.run((mine, values))
        if not found:
            return None
        if found[0]["cutting"] == cutting:
            return int(found[0]["kept"])
        pipeline.run((drop, values), (note, values), last=True)
    return 0


def keep(document_id: UUID, attempt: int, chunks: Sequence[Row], *, kept: int, pages: int) -> bool:
    """Keep a batch of chunks, and count it. False: it is not this attempt's."""
    values = {"id": document_id, "attempt": attempt, "chunks": Jsonb(list(chunks)), "kept": kept, "pages": pages}
    return bool(run(_KEEP, values))


def has_read(document_id: UUID, attempt: int, *, chunks: int, pages: int, cut: bool, language: str) -> bool:
    """Note that all chunks are kept: from now on it is searched, and what it replaces is not."""
    values = {"id": document_id, "attempt": attempt, "chunks": chunks, "pages": pages, "cut": cut, "language": language}
    mine = f"""UPDATE documents SET chunks = %(chunks)s, kept = %(chunks)s, pages = %(pages)s, cut = %(cut)s, language = %(language)s, searchable = true
               WHERE {_MINE} RETURNING id, collection_id, path, created_at"""
    replaced = """DELETE FROM files WHERE id IN (SELECT o.file_id FROM documents o JOIN documents d ON d.id = %(id)s AND d.searchable
                      AND d.attempt = %(attempt)s WHERE o.collection_id = d.collection_id AND o.path = d.path AND o.id < d.id)"""
    with transaction() as pipeline:
        found, _ = pipeline.run((mine, values), (replaced, values), last=True)
    return bool(found)


def unembedded(document_id: UUID, space: int | None, limit: int) -> list[Row]:
    """Return chunks whose embedding is not of this space yet, in their order."""
    sql = "SELECT id, heading, text FROM chunks WHERE document_id = %s AND space IS DISTINCT FROM %s ORDER BY number LIMIT %s"
    return run(sql, [document_id, space, limit])


def embed(document_id: UUID, attempt: int, *, space: int, ids: Sequence[int], embeddings: Sequence[str]) -> bool:
    """Keep a batch of embeddings. False: the document is not this attempt's."""
    values = {
        "id": document_id, "attempt": attempt, "space": space, "ids": list(ids), "embeddings": list(embeddings),
    }  # fmt: skip
    return bool(run(_EMBED, values))


def done(document_id: UUID, attempt: int, *, space: int | None, note: Row | None) -> Row | None:
    """Note that there is no more to do; return the document as people see it."""
    said = {"space": space, "error": Jsonb(note) if note else None}
    return _end(document_id, attempt, "state = 'ready', space = %(space)s, finished_at = now(), error = %(error)s", said)


def failed(document_id: UUID, attempt: int, error: Row) -> Row | None:
    """Note why a document can't be read."""
    return _end(document_id, attempt, "state = 'failed', finished_at = now(), error = %(error)s", {"error": Jsonb(error)})


def not_embedded(document_id: UUID, attempt: int, error: Row) -> Row | None:
    """Note that a document is found by its words alone, and why."""
    return _end(document_id, attempt, "state = 'ready', space = NULL, finished_at = now(), error = %(error)s", {"error": Jsonb(error)})


def put_off(document_id: UUID, attempt: int, seconds: float) -> Row | None:
    """Let the document wait for a while; return it with how often that happened without its getting ahead."""
    change = "state = 'waiting', worker = NULL, failures = failures + 1, not_before = now() + make_interval(secs => %(s)s)"
    return _end(document_id, attempt, change, {"s": seconds})


def give_back(document_id: UUID, attempt: int, *, died: bool) -> bool:
    """Take a document from a worker that is gone or leaves; another goes on at the last batch, the later the more have died of it."""
    sql = f"""UPDATE documents SET state = 'waiting', worker = NULL, failures = failures + %(died)s,
                  not_before = now() + %(died)s * make_interval(secs => least(60, 2 ^ failures - 1)) WHERE {_MINE} RETURNING id"""
    return bool(run(sql, {"id": document_id, "attempt": attempt, "died": int(died)}))


def shown(document_id: UUID) -> Row | None:
    """Return a document as people see it."""
    found = run(f"SELECT {SHOWN} FROM documents d JOIN files f ON f.id = d.file_id WHERE d.id = %s", [document_id])
    return found[0] if found else None


def held(documents: Sequence[tuple[UUID, int]]) -> set[tuple[UUID, int]]:
    """Return which of these (document, attempt) still run."""
    sql = """SELECT d.id, d.attempt FROM documents d JOIN unnest(%s::uuid[], %s::int[]) AS v (id, attempt)
             ON d.id = v.id AND d.attempt = v.attempt WHERE d.state = 'running' AND d.deleted_at IS NULL"""
    columns = [list(column) for column in zip(*documents, strict=True)] or [[], []]
    return {(row["id"], row["attempt"]) for row in run(sql, columns)}


def running(longer_than_s: float) -> list[Row]:
    """Return the documents that have been read for a while: by now they have a lease, or their worker is gone."""
    return run(
        "SELECT id, attempt FROM documents WHERE state = 'running' AND started_at < now() - make_interval(secs => %s)", [longer_than_s]
    )


def waiting(longer_than_s: float) -> int:
    """Return how many documents have waited for a while."""
    sql = """SELECT count(*) AS n FROM documents d JOIN collections c ON c.id = d.collection_id WHERE d.state = 'waiting' AND d.deleted_at IS NULL
             AND c.deleted_at IS NULL AND greatest(d.queued_at, d.not_before) < now() - make_interval(secs => %s)"""
    return int(run(sql, [longer_than_s])[0]["n"])


def load() -> list[str]:
    """Return the names of the documents that wait or run."""
    sql = "SELECT id::text AS name FROM documents WHERE state IN ('waiting', 'running') AND deleted_at IS NULL AND not_before <= now()"
    return [row["name"] for row in run(sql)]


def embed_again(space: int, limit: int = 100) -> int:
    """Let documents that were embedded by another model, or not at all, be embedded by this one; return how many."""
    sql = """UPDATE documents SET state = 'waiting', queued_at = now(), embedded = 0 WHERE id IN (
                 SELECT id FROM documents WHERE state = 'ready' AND space IS DISTINCT FROM %s AND not_before <= now() AND deleted_at IS NULL
                 ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id"""
    return len(run(sql, [space, limit]))


def space(model: str, dimensions: int) -> int:
    """Return the number of a model's space, made where it is new. A model whose embeddings have another size now is another space."""
    name = f"{model}/{dimensions}"
    sql = """WITH made AS (INSERT INTO embedding_spaces (model, dimensions) SELECT %(name)s, %(d)s
                 WHERE NOT EXISTS (SELECT FROM embedding_spaces WHERE model = %(name)s) ON CONFLICT DO NOTHING RETURNING id)
             SELECT id FROM made UNION ALL SELECT id FROM embedding_spaces WHERE model = %(name)s LIMIT 1"""
    found = run(sql, {"name": name, "d": dimensions}) or run(sql, {"name": name, "d": dimensions})
    return int(found[0]["id"])


def has_vectors() -> bool:
    """Tell whether embeddings can be kept."""
    sql = "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('chunks') AND attname = 'embedding' AND NOT attisdropped) AS has"
    return bool(run(sql)[0]["has"])


def _end(document_id: UUID, attempt: int, change: str, values: dict[str, Any]) -> Row | None:
    sql = f"UPDATE documents SET {change} WHERE {_MINE} RETURNING id, failures"
    found = run(sql, {"id": document_id, "attempt": attempt, **values})
    return found[0] if found else None
