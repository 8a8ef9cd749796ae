"""The queries about the audit log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from olamchat.db.people.administration import like
from olamchat.db.rows import Row, run
from olamchat.db.tables import Audit

# The page first, then whom its ids name.
_PAGE = """
WITH page AS (
    SELECT * FROM audit
    WHERE starts_with(event, %(event)s) AND (%(at)s::timestamptz IS NULL OR (created_at, id) < (%(at)s::timestamptz, %(id)s::uuid))
        AND (%(q)s = '' OR subject ILIKE %(pattern)s OR address = %(q)s OR EXISTS (
            SELECT FROM users u WHERE (u.id = actor_id OR u.id::text = subject) AND u.email ILIKE %(pattern)s))
    ORDER BY created_at DESC, id DESC LIMIT %(limit)s
)
SELECT page.*, actor.email AS actor, whom.email AS whom
FROM page LEFT JOIN users actor ON actor.id = page.actor_id LEFT JOIN users whom ON whom.id::text = page.subject
ORDER BY page.created_at DESC, page.id DESC
"""


def add(values: dict[str, Any]) -> None:
    Audit.insert(values).execute()


def page(*, limit: int, before: tuple[datetime, UUID] | None, event: str, q: str) -> list[Row]:
    """Return the newest rows before a place whose event begins so and that have to do with `q`, with the e-mails `actor` and `whom`."""
    at, id_ = before or (None, None)
    return run(_PAGE, {"limit": limit, "event": event, "q": q, "pattern": like(q), "at": at, "id": id_})
