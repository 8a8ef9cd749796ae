"""The statements about assistants and their versions."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.clock import now, uuid7
from olamchat.db.rows import Row, run
from olamchat.permissions import conditions

GROUPS = "assistant_groups.assistant_id"
USABLE = conditions.may_use("a", person="%(user_id)s", groups=GROUPS, owned=True)

_SHOWN = f"""
SELECT a.id, a.handle, a.audience, a.version, a.created_at, a.user_id = %(user_id)s AS mine, v.content, v.created_at AS changed_at,
    ARRAY(SELECT group_id FROM assistant_groups g WHERE g.assistant_id = a.id) AS groups
FROM assistants a JOIN assistant_versions v ON v.assistant_id = a.id AND v.number = a.version WHERE {USABLE}
"""  # noqa: S608, the condition above

_ADD = """
WITH made AS (
    INSERT INTO assistants (id, created_at, user_id, handle, audience) VALUES (%(id)s, %(at)s, %(user_id)s, %(handle)s, %(audience)s)
    ON CONFLICT (handle) DO NOTHING RETURNING id
)
INSERT INTO assistant_versions (assistant_id, number, note, content) SELECT id, 1, %(note)s, %(content)s FROM made RETURNING assistant_id
"""

_NEXT = """
WITH moved AS (
    UPDATE assistants SET version = version + 1 WHERE id = %(id)s RETURNING id, version
)
INSERT INTO assistant_versions (assistant_id, number, note, content) SELECT id, version, %(note)s, %(content)s FROM moved
"""


def usable(user_id: UUID) -> list[Row]:
    """Return what a person may use, their own first, by handle."""
    return run(f"{_SHOWN} ORDER BY a.user_id <> %(user_id)s, a.handle", {"user_id": user_id})


def find(assistant_id: UUID, user_id: UUID) -> Row | None:
    found = run(f"{_SHOWN} AND a.id = %(id)s", {"user_id": user_id, "id": assistant_id})
    return found[0] if found else None


def named(handle: str, user_id: UUID | None) -> Row | None:
    """Return the assistant of this handle, where the person may use it."""
    found = run(f"{_SHOWN} AND a.handle = %(handle)s", {"user_id": user_id, "handle": handle})
    return found[0] if found else None


def lock_own(assistant_id: UUID, user_id: UUID) -> Row | None:
    """Return a person's own assistant with its content, and let nobody else change it before the transaction ends."""
    sql = """SELECT a.*, v.content FROM assistants a JOIN assistant_versions v ON v.assistant_id = a.id AND v.number = a.version
             WHERE a.id = %s AND a.user_id = %s FOR NO KEY UPDATE OF a"""
    found = run(sql, [assistant_id, user_id])
    return found[0] if found else None


def count(user_id: UUID) -> int:
    return int(run("SELECT count(*) AS n FROM assistants WHERE user_id = %s", [user_id])[0]["n"])


def add(user_id: UUID, handle: str, audience: str, content: Any, note: str) -> UUID | None:
    """Make an assistant; None where another has the handle."""
    assistant_id = uuid7()
    values = {
        "id": assistant_id,
        "at": now(),
        "user_id": user_id,
        "handle": handle,
        "audience": audience,
        "note": note,
        "content": Jsonb(content),
    }
    return assistant_id if run(_ADD, values) else None


def change(assistant_id: UUID, audience: str) -> None:
    run("UPDATE assistants SET audience = %s WHERE id = %s", [audience, assistant_id])


def say(assistant_id: UUID, content: Any, note: str) -> None:
    """Make the next version of an assistant that is locked."""
    run(_NEXT, {"id": assistant_id, "note": note, "content": Jsonb(content)})


def remove(assistant_id: UUID, user_id: UUID) -> bool:
    return bool(run("DELETE FROM assistants WHERE id = %s AND user_id = %s RETURNING id", [assistant_id, user_id]))


def versions(assistant_id: UUID, user_id: UUID) -> list[Row]:
    """Return the versions of a person's own assistant, the newest first."""
    sql = """SELECT v.* FROM assistant_versions v JOIN assistants a ON a.id = v.assistant_id
             WHERE a.id = %s AND a.user_id = %s ORDER BY v.number DESC LIMIT 200"""
    return run(sql, [assistant_id, user_id])


def content(assistant_id: UUID, number: int) -> Row | None:
    """Return what a version says; None where it is gone."""
    found = run("SELECT content FROM assistant_versions WHERE assistant_id = %s AND number = %s", [assistant_id, number])
    return found[0]["content"] if found else None
