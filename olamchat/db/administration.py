"""The queries of administrators."""

from datetime import datetime
from uuid import UUID

from olamchat.db.rows import Row, run

_SEEN = """
SELECT u.id, u.email, u.name, u.role, u.disabled_at, u.created_at, max(s.used_at) AS seen_at,
    count(s.id) FILTER (WHERE s.ended_at IS NULL AND s.expires_at > now()) AS sessions
FROM users u LEFT JOIN sessions s ON s.user_id = u.id
"""


def people(*, limit: int, before: tuple[datetime, UUID] | None, q: str) -> list[Row]:
    """Return people, the newest account first."""
    pattern = "%" + q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    at, id_ = before or (None, None)
    sql = f"""{_SEEN} WHERE (u.email ILIKE %(pattern)s OR u.name ILIKE %(pattern)s)
        AND (%(at)s::timestamptz IS NULL OR (u.created_at, u.id) < (%(at)s::timestamptz, %(id)s::uuid))
        GROUP BY u.id ORDER BY u.created_at DESC, u.id DESC LIMIT %(limit)s"""
    return run(sql, {"pattern": pattern, "at": at, "id": id_, "limit": limit})


def person(user_id: UUID) -> Row | None:
    found = run(f"{_SEEN} WHERE u.id = %(id)s GROUP BY u.id", {"id": user_id})
    return found[0] if found else None


def lock_administrators() -> int:
    """Return how many administrators may sign in, and let nobody change them before the transaction ends."""
    return len(run("SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id FOR NO KEY UPDATE"))
