"""The queries of administrators."""

from datetime import date, datetime
from uuid import UUID

from olamchat.db.people.groups import OF_PERSON
from olamchat.db.rows import Row, run

_SEEN = f"""
SELECT u.id, u.email, u.name, u.role, {OF_PERSON} AS groups, u.disabled_at, u.created_at, u.quota, s.seen_at, s.sessions, m.spent_day, m.spent_month,
    (EXISTS (SELECT FROM second_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)
        OR EXISTS (SELECT FROM passkeys p WHERE p.user_id = u.id)) AS second_factor
FROM users u, LATERAL (
    SELECT max(used_at) AS seen_at, count(*) FILTER (WHERE ended_at IS NULL AND expires_at > now()) AS sessions
    FROM sessions WHERE user_id = u.id
) s, LATERAL (
    SELECT coalesce(sum(prompt_tokens + completion_tokens) FILTER (WHERE day = %(today)s), 0)::bigint AS spent_day,
        coalesce(sum(prompt_tokens + completion_tokens), 0)::bigint AS spent_month
    FROM spent WHERE user_id = u.id AND day >= %(first)s
) m
"""  # noqa: S608, a constant

_QUEUES = """
SELECT pool, count(*) FILTER (WHERE state = 'queued') AS waiting, count(*) FILTER (WHERE state = 'running') AS running,
    extract(epoch FROM now() - min(greatest(created_at, not_before)) FILTER (WHERE state = 'queued'))::float AS oldest_s
FROM turns WHERE state IN ('queued', 'running') GROUP BY pool
"""


def people(*, limit: int, before: tuple[datetime, UUID] | None, q: str, today: date) -> list[Row]:
    """Return people, the newest account first."""
    at, id_ = before or (None, None)
    sql = f"""{_SEEN} WHERE (u.email ILIKE %(pattern)s OR u.name ILIKE %(pattern)s)
        AND (%(at)s::timestamptz IS NULL OR (u.created_at, u.id) < (%(at)s::timestamptz, %(id)s::uuid))
        ORDER BY u.created_at DESC, u.id DESC LIMIT %(limit)s"""
    return run(sql, {"pattern": like(q), "at": at, "id": id_, "limit": limit, **_since(today)})


def person(user_id: UUID, today: date) -> Row | None:
    found = run(f"{_SEEN} WHERE u.id = %(id)s", {"id": user_id, **_since(today)})
    return found[0] if found else None


def lock_administrators() -> int:
    """Return how many administrators may sign in, and let nobody change them before the transaction ends."""
    return len(run("SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id FOR NO KEY UPDATE"))


def queues() -> list[Row]:
    """Return by pool how many turns wait and run, and for how long the oldest has waited."""
    return run(_QUEUES)


def running() -> list[Row]:
    """Return by pool and worker how many turns run."""
    return run("SELECT pool, worker, count(*) AS running FROM turns WHERE state = 'running' GROUP BY pool, worker")


def like(words: str) -> str:
    """Return the pattern of what has these words in it."""
    return "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _since(today: date) -> Row:
    return {"today": today, "first": today.replace(day=1)}
