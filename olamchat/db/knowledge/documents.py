"""The statements about documents as people see them: added, listed, tried again, deleted and restored."""

from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.clock import now, uuid7
from olamchat.db.knowledge.collections import READABLE
from olamchat.db.rows import Row, run

SHOWN = """d.id, d.collection_id, d.user_id, d.path, d.state, d.attempt, d.pages, d.chunks, d.kept, d.embedded, d.cut, d.error, d.searchable,
    d.created_at, d.finished_at, f.bytes"""
_FROM = "FROM documents d JOIN files f ON f.id = d.file_id JOIN collections c ON c.id = d.collection_id"
_THERE = f"{READABLE} AND d.deleted_at IS NULL AND d.state <> 'coming'"


def add(collection_id: UUID, user_id: UUID, file_id: UUID, path: str) -> UUID:
    """Note a document whose bytes are on their way into the store."""
    document_id = uuid7()
    sql = "INSERT INTO documents (id, created_at, collection_id, user_id, file_id, path) VALUES (%s, %s, %s, %s, %s, %s)"
    run(sql, [document_id, now(), collection_id, user_id, file_id, path])
    return document_id


def came(document_id: UUID) -> Row | None:
    """Let the document be read, and return it: its bytes are in the store. None where it was deleted or replaced meanwhile."""
    sql = f"""UPDATE documents d SET state = 'waiting', queued_at = now(), not_before = now() FROM files f
              WHERE d.id = %s AND d.state = 'coming' AND d.deleted_at IS NULL AND f.id = d.file_id RETURNING {SHOWN}"""
    found = run(sql, [document_id])
    return found[0] if found else None


def same(collection_id: UUID, path: str, digest: str) -> Row | None:
    """Return the document that has this path and these bytes already."""
    sql = f"""SELECT {SHOWN} FROM documents d JOIN files f ON f.id = d.file_id
              WHERE d.collection_id = %s AND d.path = %s AND f.digest = %s AND d.deleted_at IS NULL AND d.state NOT IN ('coming', 'failed')"""
    found = run(sql, [collection_id, path, digest])
    return found[0] if found else None


def count(collection_id: UUID) -> int:
    return int(run("SELECT count(*) AS n FROM documents WHERE collection_id = %s AND deleted_at IS NULL", [collection_id])[0]["n"])


def listed(collection_id: UUID, user_id: UUID, *, after: str, after_id: UUID | None, state: str | None, limit: int) -> list[Row]:
    """Return documents of a collection that the person may read, by path, after this one."""
    sql = f"""SELECT {SHOWN} {_FROM} WHERE d.collection_id = %(collection_id)s AND {_THERE}
              AND (%(state)s::text IS NULL OR d.state = %(state)s) AND (%(after_id)s::uuid IS NULL OR (d.path, d.id) > (%(after)s, %(after_id)s))
              ORDER BY d.path, d.id LIMIT %(limit)s"""
    values = {"collection_id": collection_id, "user_id": user_id, "after": after, "after_id": after_id, "state": state, "limit": limit}
    return run(sql, values)


def find(document_id: UUID, user_id: UUID) -> Row | None:
    """Return a document that a person may read, with what its file is."""
    sql = f"""SELECT {SHOWN}, c.user_id = %(user_id)s AS mine, d.file_id, f.name, f.media_type, f.digest, f.store
              {_FROM} WHERE d.id = %(id)s AND {_THERE}"""
    found = run(sql, {"id": document_id, "user_id": user_id})
    return found[0] if found else None


def retry(document_id: UUID, user_id: UUID) -> bool:
    """Let a person's own document that failed, or of which scans were left out, be read once more; `cutting` NULL begins it again."""
    sql = """UPDATE documents d SET state = 'waiting', queued_at = now(), not_before = now(), failures = 0, error = NULL,
                 cutting = CASE WHEN d.state = 'ready' THEN NULL ELSE cutting END
             FROM collections c WHERE c.id = d.collection_id AND c.user_id = %s AND c.deleted_at IS NULL
                 AND d.id = %s AND (d.state = 'failed' OR d.state = 'ready' AND d.error ->> 'code' = 'scans') AND d.deleted_at IS NULL RETURNING d.id"""
    return bool(run(sql, [user_id, document_id]))


def delete(document_id: UUID, user_id: UUID) -> Row | None:
    """Let nobody read a person's own document any more, and no worker; it can be restored. Return it, None where it isn't theirs."""
    return _mark(document_id, user_id, "now()", "d.deleted_at IS NULL")


def restore(document_id: UUID, user_id: UUID) -> Row | None:
    """Take a deletion back; what had not been read yet is read then."""
    return _mark(document_id, user_id, "NULL", "d.deleted_at IS NOT NULL")


def _mark(document_id: UUID, user_id: UUID, at: str, condition: str) -> Row | None:
    sql = f"""UPDATE documents d SET deleted_at = {at}, attempt = attempt + 1,
                  state = CASE state WHEN 'running' THEN 'waiting' ELSE state END, queued_at = CASE state WHEN 'running' THEN now() ELSE queued_at END
              FROM collections c WHERE c.id = d.collection_id AND c.user_id = %s AND c.deleted_at IS NULL AND c.file_id IS NULL AND d.id = %s AND {condition}
              RETURNING d.id, d.collection_id, d.state"""
    found = run(sql, [user_id, document_id])
    return found[0] if found else None


def stop(collection_id: UUID, user_id: UUID, error: Row) -> int:
    """Let nobody read what has not been read yet of a person's own collection; return how many documents that are."""
    sql = """UPDATE documents d SET state = 'failed', attempt = attempt + 1, worker = NULL, finished_at = now(), error = %s
             FROM collections c WHERE c.id = d.collection_id AND c.id = %s AND c.user_id = %s AND c.deleted_at IS NULL AND c.file_id IS NULL
                 AND d.state IN ('waiting', 'running') AND NOT d.searchable AND d.deleted_at IS NULL RETURNING d.id"""
    return len(run(sql, [Jsonb(error), collection_id, user_id]))


def sweep(older_than_s: float, limit: int = 50) -> int:
    """Erase documents that were deleted so long ago, by themselves or with their collection, with their files; return how many."""
    sql = """WITH gone AS (
                 SELECT d.file_id FROM documents d JOIN collections c ON c.id = d.collection_id
                 WHERE d.deleted_at < now() - make_interval(secs => %(s)s) OR c.deleted_at < now() - make_interval(secs => %(s)s)
                 LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED)
             DELETE FROM files WHERE id IN (SELECT file_id FROM gone) RETURNING id"""
    return len(run(sql, {"s": older_than_s, "limit": limit}))
