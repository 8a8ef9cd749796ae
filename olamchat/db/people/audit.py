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

_CHAIN = "SELECT number, hash, erased_number, erased_hash, erased_until FROM audit_chain"
# A row fits if its hash is that of the row before it and of what it says.
_LINKS = """
SELECT number, hash, created_at, hash = sha256(lag(hash, 1, %(hash)s::bytea) OVER (ORDER BY number) || convert_to(jsonb_build_array(
    number, id, (extract(epoch FROM created_at) * 1000000)::bigint, event, actor_id, subject, address, user_agent, details)::text, 'UTF8')) AS fits
FROM audit WHERE number > %(after)s AND number <= %(last)s ORDER BY number LIMIT %(limit)s
"""
# Only from the front: what is left is still a chain, and the place where it begins is kept with the hash of the last row that went.
_ERASE = """
WITH chain AS (
    SELECT number FROM audit_chain FOR NO KEY UPDATE
), gone AS (
    DELETE FROM audit USING chain WHERE audit.number <= chain.number AND audit.number IN (
        SELECT number FROM audit WHERE number < coalesce(
            (SELECT min(number) FROM audit WHERE created_at >= now() - make_interval(days => %(days)s)), 9223372036854775807)
        ORDER BY number LIMIT %(limit)s)
    RETURNING audit.number, audit.hash, audit.created_at
), last AS (
    SELECT * FROM gone ORDER BY number DESC LIMIT 1
), noted AS (
    UPDATE audit_chain SET erased_number = last.number, erased_hash = last.hash, erased_until = last.created_at FROM last
)
SELECT number FROM gone
"""


def chain() -> Row:
    """Return where the chain ends, and where it begins since older rows were erased."""
    return run(_CHAIN)[0]


def links(*, after: int, previous: bytes, last: int, limit: int) -> list[Row]:
    """Return {number, hash, created_at, fits} of the rows after a number whose hash is `previous`, up to `last`."""
    return run(_LINKS, {"after": after, "hash": previous, "last": last, "limit": limit})


def erase(days: int, limit: int) -> int:
    """Erase the oldest rows from the front of the chain; return how many."""
    return len(run(_ERASE, {"days": days, "limit": limit}))


def add(values: dict[str, Any]) -> None:
    Audit.insert(values).execute()


def page(*, limit: int, before: tuple[datetime, UUID] | None, event: str, q: str) -> list[Row]:
    """Return the newest rows before a place whose event begins so and that have to do with `q`, with the e-mails `actor` and `whom`."""
    at, id_ = before or (None, None)
    return run(_PAGE, {"limit": limit, "event": event, "q": q, "pattern": like(q), "at": at, "id": id_})
