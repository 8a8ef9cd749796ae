"""The statements about collections. Each that a person asks names them: a collection that isn't theirs to read or to change doesn't come out.

An attached file is a collection by itself. It is searched like any other, and is none to list, to fill or to delete.
"""

from collections.abc import Sequence
from uuid import UUID

from olamchat.clock import now, uuid7
from olamchat.db.rows import Row, run
from olamchat.permissions import conditions

GROUPS = "collection_groups.collection_id"
# What a person may read: their own, what is given to one of their groups, and what is everybody's.
READABLE = f"c.deleted_at IS NULL AND {conditions.may_use('c', person='%(user_id)s', groups=GROUPS, owned=True)}"
_SHOWN = f"""
SELECT c.id, c.name, c.audience, c.created_at, c.user_id = %(user_id)s AS mine,
    ARRAY(SELECT group_id FROM collection_groups g WHERE g.collection_id = c.id) AS groups, coalesce(d.documents, 0) AS documents,
    coalesce(d.ready, 0) AS ready, coalesce(d.failed, 0) AS failed, coalesce(d.bytes, 0)::bigint AS bytes, coalesce(d.chunks, 0)::bigint AS chunks
FROM collections c LEFT JOIN LATERAL (
    SELECT count(*) AS documents, count(*) FILTER (WHERE d.state = 'ready') AS ready, count(*) FILTER (WHERE d.state = 'failed') AS failed,
        sum(f.bytes) AS bytes, sum(d.kept) AS chunks
    FROM documents d JOIN files f ON f.id = d.file_id WHERE d.collection_id = c.id AND d.deleted_at IS NULL AND d.state <> 'coming') d ON true
WHERE {READABLE} AND c.file_id IS NULL
"""


def readable(user_id: UUID) -> list[Row]:
    """Return what a person may read, with what is in it; their own first, by name."""
    return run(f"{_SHOWN} ORDER BY c.user_id <> %(user_id)s, lower(c.name), c.id", {"user_id": user_id})


def find(collection_id: UUID, user_id: UUID) -> Row | None:
    """Return a collection that a person may read."""
    found = run(f"{_SHOWN} AND c.id = %(id)s", {"user_id": user_id, "id": collection_id})
    return found[0] if found else None


def lock_own(collection_id: UUID, user_id: UUID) -> bool:
    """Tell whether a person has the collection; it stays until the transaction ends."""
    sql = "SELECT id FROM collections WHERE id = %s AND user_id = %s AND deleted_at IS NULL AND file_id IS NULL FOR KEY SHARE"
    return bool(run(sql, [collection_id, user_id]))


def count(user_id: UUID) -> int:
    """Return how many collections a person has."""
    return int(
        run("SELECT count(*) AS n FROM collections WHERE user_id = %s AND deleted_at IS NULL AND file_id IS NULL", [user_id])[0]["n"]
    )


def add(user_id: UUID, name: str, audience: str) -> UUID:
    collection_id = uuid7()
    sql = "INSERT INTO collections (id, created_at, user_id, name, audience) VALUES (%s, %s, %s, %s, %s)"
    run(sql, [collection_id, now(), user_id, name, audience])
    return collection_id


def add_attached(user_id: UUID, file_id: UUID, name: str) -> UUID:
    """Make a collection of a file that is to be attached."""
    collection_id = uuid7()
    sql = "INSERT INTO collections (id, created_at, user_id, name, audience, file_id) VALUES (%s, %s, %s, %s, 'owner', %s)"
    run(sql, [collection_id, now(), user_id, name, file_id])
    return collection_id


def change(collection_id: UUID, user_id: UUID, *, name: str | None, audience: str | None) -> bool:
    """Change a person's own collection; what is None stays. False where it isn't theirs."""
    sql = """UPDATE collections SET name = coalesce(%s, name), audience = coalesce(%s, audience)
             WHERE id = %s AND user_id = %s AND deleted_at IS NULL AND file_id IS NULL RETURNING id"""
    return bool(run(sql, [name, audience, collection_id, user_id]))


def delete(collection_id: UUID, user_id: UUID) -> bool:
    """Let nobody read a person's own collection any more. It can be restored."""
    sql = "UPDATE collections SET deleted_at = now() WHERE id = %s AND user_id = %s AND deleted_at IS NULL AND file_id IS NULL RETURNING id"
    return bool(run(sql, [collection_id, user_id]))


def restore(collection_id: UUID, user_id: UUID) -> bool:
    """Take a deletion back."""
    sql = "UPDATE collections SET deleted_at = NULL WHERE id = %s AND user_id = %s AND deleted_at IS NOT NULL RETURNING id"
    return bool(run(sql, [collection_id, user_id]))


def sweep(older_than_s: float, limit: int = 20) -> int:
    """Erase collections that were deleted so long ago and have no documents any more; return how many."""
    sql = """DELETE FROM collections c WHERE id IN (
                 SELECT id FROM collections c WHERE deleted_at < now() - make_interval(secs => %s)
                     AND NOT EXISTS (SELECT FROM documents WHERE collection_id = c.id) LIMIT %s FOR UPDATE SKIP LOCKED)
             AND NOT EXISTS (SELECT FROM documents WHERE collection_id = c.id) RETURNING id"""
    return len(run(sql, [older_than_s, limit]))


def names(collections: Sequence[UUID], user_id: UUID) -> list[str]:
    """Return the names of those of these collections that a person may read, those first that are first by name."""
    sql = f"SELECT c.name FROM collections c WHERE c.id = ANY(%(ids)s) AND {READABLE} ORDER BY c.name, c.id"
    return [row["name"] for row in run(sql, {"ids": list(collections), "user_id": user_id})]
