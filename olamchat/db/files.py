"""The queries about files and about which messages have them. Each that a person asks names the owner: nobody else's row can come out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.clock import now, uuid7
from olamchat.db.rows import Row, run

_TOLD = "id, name, media_type, bytes, kind"
_ADD = """
INSERT INTO files (id, created_at, user_id, name, kind, media_type, bytes, digest, width, height, text, cut, store)
VALUES (%(id)s, %(created_at)s, %(user_id)s, %(name)s, %(kind)s, %(media_type)s, %(bytes)s, %(digest)s, %(width)s, %(height)s,
    %(text)s, %(cut)s, %(store)s)
"""
# Of the file `f`: no message has it, and none that waits to be asked.
_UNUSED = """NOT EXISTS (SELECT FROM attachments WHERE file_id = f.id) AND NOT EXISTS (
    SELECT FROM follow_up_files w JOIN follow_ups u ON u.id = w.follow_up_id WHERE w.file_id = f.id AND u.dropped_at IS NULL)"""
# No message of a conversation that is there, or was there until lately, has the file.
_FORGOTTEN = """
SELECT f.id FROM files f WHERE f.state = 'kept' AND f.created_at < now() - make_interval(days => %(days)s)
    AND EXISTS (SELECT FROM attachments a WHERE a.file_id = f.id)
    AND NOT EXISTS (
        SELECT FROM attachments a JOIN messages m ON m.id = a.message_id JOIN conversations c ON c.id = m.conversation_id
        WHERE a.file_id = f.id AND (c.deleted_at IS NULL OR c.deleted_at > now() - make_interval(days => %(days)s)))
LIMIT %(limit)s FOR NO KEY UPDATE OF f SKIP LOCKED
"""

# The text of a file of so many chunks is put together from them: a model may be given it in whole.
WHOLE_CHUNKS = 200
_READABLE = f"""
SELECT f.id, f.kind, f.media_type, f.store, d.id AS document_id, d.collection_id, coalesce(d.searchable, false) AS searchable,
    coalesce(NOT d.searchable AND d.state IN ('coming', 'waiting', 'running'), false) AS reading, d.error->>'message' AS why,
    (f.cut AND p.text IS NULL) AS cut, coalesce(p.text, f.text) AS text
FROM files f LEFT JOIN documents d ON d.file_id = f.id AND d.deleted_at IS NULL
LEFT JOIN LATERAL (
    SELECT string_agg(k.text, E'\n\n' ORDER BY k.number) AS text FROM chunks k
    WHERE k.document_id = d.id AND d.searchable AND d.chunks <= {WHOLE_CHUNKS} AND NOT d.cut AND (f.text IS NULL OR f.cut)) p ON true
WHERE f.id = ANY(%s) AND f.state = 'kept'
"""  # noqa: S608, the constant above


def add(values: Row) -> UUID:
    """Keep a file's row, before its bytes are anywhere; return its id."""
    file_id = uuid7()
    run(_ADD, {"width": None, "height": None, "text": None, "cut": False, **values, "id": file_id, "created_at": now()})
    return file_id


def used(user_id: UUID) -> int:
    """Return how many bytes this person has."""
    sql = "SELECT coalesce(sum(bytes), 0)::bigint AS bytes FROM files WHERE user_id = %s AND state <> 'erased'"
    return int(run(sql, [user_id])[0]["bytes"])


def kept(file_id: UUID) -> bool:
    """Note that the bytes are in their store. False where the file is gone."""
    return bool(run("UPDATE files SET state = 'kept' WHERE id = %s RETURNING id", [file_id]))


def find(file_id: UUID, user_id: UUID) -> Row | None:
    """Return a person's file whose bytes are there; a document of a collection is none of these."""
    sql = f"SELECT {_TOLD}, digest, store, width, height, cut FROM files WHERE id = %s AND user_id = %s AND state = 'kept' AND kind <> 'document'"  # noqa: S608, the columns above
    found = run(sql, [file_id, user_id])
    return found[0] if found else None


def chosen(ids: Sequence[UUID], user_id: UUID) -> list[Row]:
    """Return these of the person's files in the order asked, as messages tell them; none of them goes away within this transaction."""
    sql = """SELECT f.id, f.name, f.media_type, f.bytes, f.kind, d.id AS document_id FROM files f LEFT JOIN documents d ON d.file_id = f.id
             WHERE f.id = ANY(%s) AND f.user_id = %s AND f.state = 'kept' AND f.kind <> 'document'
             ORDER BY array_position(%s::uuid[], f.id) FOR KEY SHARE OF f"""
    return run(sql, [list(ids), user_id, list(ids)])


def attach(message_id: UUID, told: Sequence[dict[str, Any]]) -> None:
    """Give a message its files: {id, name, media_type, bytes, kind, document_id} each."""
    sql = """WITH given AS (
                 INSERT INTO attachments (message_id, place, file_id)
                 SELECT %(message_id)s, place, id FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS f (id, place)
             )
             UPDATE messages SET attachments = %(told)s WHERE id = %(message_id)s"""
    run(sql, {"message_id": message_id, "ids": [file["id"] for file in told], "told": Jsonb(list(told))})


def encloses(conversation_id: UUID) -> bool:
    """Tell whether a message of the conversation has a file."""
    sql = """SELECT EXISTS (SELECT FROM attachments a JOIN messages m ON m.id = a.message_id WHERE m.conversation_id = %s) AS encloses"""
    return bool(run(sql, [conversation_id])[0]["encloses"])


def readable(ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Return what a model may be given of these files: `text`, or `store` for an image's bytes. Those whose bytes are gone are left out.

    Of one that index workers read also its `collection_id`, whether that is `searchable` or still `reading`, and `why` it can't be read.
    """
    return {row["id"]: row for row in run(_READABLE, [list(ids)])}


def delete_unused(file_id: UUID, user_id: UUID) -> bool:
    """Delete a file that no message has."""
    sql = f"DELETE FROM files f WHERE id = %s AND user_id = %s AND {_UNUSED} RETURNING id"  # noqa: S608, the condition above
    return bool(run(sql, [file_id, user_id]))


def sweep_unused(older_than_s: float, limit: int = 100) -> int:
    """Delete files that no message and no collection has, or whose bytes never came; return how many. Runs in a transaction.

    Two statements: the second sees what was attached while the first waited for the rows.
    """
    sql = f"""SELECT id FROM files f WHERE created_at < now() - make_interval(secs => %s)
             AND (kind <> 'document' OR state = 'coming') AND {_UNUSED} LIMIT %s FOR UPDATE SKIP LOCKED"""  # noqa: S608, the condition above
    ids = [row["id"] for row in run(sql, [older_than_s, limit])]
    if not ids:
        return 0
    sql = f"DELETE FROM files f WHERE id = ANY(%s) AND {_UNUSED} RETURNING id"  # noqa: S608, the condition above
    return len(run(sql, [ids]))


def sweep_forgotten(days: int, limit: int = 100) -> int:
    """Erase the bytes of files that only conversations deleted so long ago have; return how many. Runs in a transaction."""
    ids = [row["id"] for row in run(_FORGOTTEN, {"days": days, "limit": limit})]
    if ids:
        run("UPDATE files SET state = 'erased', text = NULL WHERE id = ANY(%s)", [ids])
        run("DELETE FROM file_contents WHERE file_id = ANY(%s)", [ids])
        run("DELETE FROM collections WHERE file_id = ANY(%s)", [ids])
    return len(ids)


def left(limit: int = 100) -> list[UUID]:
    """Return the ids of objects whose rows are gone."""
    return [row["file_id"] for row in run("SELECT file_id FROM objects_left ORDER BY created_at LIMIT %s", [limit])]


def cleared(file_id: UUID) -> None:
    run("DELETE FROM objects_left WHERE file_id = %s", [file_id])


def put_content(file_id: UUID, content: bytes) -> None:
    """Keep the bytes of a file, unless it is gone."""
    run("INSERT INTO file_contents (file_id, content) SELECT id, %s FROM files WHERE id = %s", [content, file_id])


def content(file_id: UUID) -> bytes | None:
    found = run("SELECT content FROM file_contents WHERE file_id = %s", [file_id])
    return bytes(found[0]["content"]) if found else None
