"""The queries about sessions: one row for each sign-in on one device."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from olamchat.db.rows import Row, first, locked, rows, run
from olamchat.db.tables import Session

# Asked with every request.
_GOOD = """
SELECT u.id, u.created_at, u.email, u.name, u.role, u.settings, u.password_hash, CASE WHEN s.by_password THEN u.factor_due_at END AS factor_due_at
FROM users u JOIN sessions s ON s.user_id = u.id
WHERE s.id = %(session_id)s AND s.user_id = %(user_id)s AND s.ended_at IS NULL AND s.expires_at > %(at)s AND u.disabled_at IS NULL
"""

# The same as a condition of another statement, so that a request costs one trip; a session_id of NULL stands for a key that was looked up before.
# Who owes a second step is turned away here, and told why by the routes that ask for the session alone.
GOOD = """(%(session_id)s::uuid IS NULL OR EXISTS (
    SELECT FROM users u JOIN sessions s ON s.user_id = u.id
    WHERE s.id = %(session_id)s AND s.user_id = %(user_id)s AND s.ended_at IS NULL AND s.expires_at > %(at)s AND u.disabled_at IS NULL
        AND (NOT s.by_password OR u.factor_due_at IS NULL OR u.factor_due_at > %(at)s)))"""


def add(values: Row) -> None:
    Session.insert(values).execute()


def lock(session_id: UUID) -> Row | None:
    """Return a session, and let nobody else change it before the transaction ends."""
    return first(locked(Session.select().where(Session.id == session_id)))


def change(session_id: UUID, values: Row) -> None:
    Session.update(values).where(Session.id == session_id).execute()


def good(session_id: UUID, user_id: UUID, at: datetime) -> Row | None:
    """Return the user of a session that has neither ended nor run out, and whose user may sign in."""
    found = run(_GOOD, {"session_id": session_id, "user_id": user_id, "at": at})
    return found[0] if found else None


def end(user_id: UUID, at: datetime, *, only: UUID | None = None, but: UUID | None = None) -> list[UUID]:
    """End a person's sessions: `only` one of them, or all `but` one. Returns the ids of those that had not ended yet."""
    chosen = (Session.user_id == user_id) & Session.ended_at.is_null()
    if only is not None:
        chosen &= Session.id == only
    if but is not None:
        chosen &= Session.id != but
    return [row["id"] for row in rows(Session.update(ended_at=at).where(chosen).returning(Session.id))]


def listing(user_id: UUID, at: datetime) -> list[Row]:
    """Return a person's sessions that are good, the one used last first."""
    good = (Session.user_id == user_id) & Session.ended_at.is_null() & (Session.expires_at > at)
    return rows(Session.select().where(good).order_by(Session.used_at.desc(), Session.id.desc()))


# Asked every second or two for all streams of a process at once.
_GOOD_AMONG = """
SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.id = ANY(%(ids)s) AND s.ended_at IS NULL AND s.expires_at > %(at)s AND u.disabled_at IS NULL
UNION ALL
SELECT k.id FROM api_keys k JOIN users u ON u.id = k.user_id
WHERE k.id = ANY(%(ids)s) AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > %(at)s) AND u.disabled_at IS NULL
"""


def good_among(ids: Iterable[UUID], at: datetime) -> set[UUID]:
    """Return which of the sessions and API keys are still good."""
    return {row["id"] for row in run(_GOOD_AMONG, {"ids": list(ids), "at": at})}
