"""The statements of completions: turns that belong to no conversation, whose request is in their row and whose texts are not kept."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.clock import now
from olamchat.db.people.spending import ADD, SEEN, taken
from olamchat.db.rows import PAST, UNTOLD_S, Row, run

# A statement of its own: only one that begins after the person's lock is held sees what those before it have done.
_LOOK = f"""
SELECT money.*,
    (SELECT count(*) FROM turns WHERE user_id = %(user_id)s AND kind <> 'title' AND state IN ('queued', 'running')) AS mine,
    (SELECT count(*) FROM turns WHERE pool = %(pool)s AND state = 'queued') AS waiting
FROM ({SEEN}) money
"""  # noqa: S608, a constant

_ADD = """
INSERT INTO turns (id, created_at, kind, user_id, pool, model, options, request, not_before, key_id, weight)
VALUES (%(id)s, %(at)s, 'completion', %(user_id)s, %(pool)s, %(model)s, %(options)s, %(request)s, now(), %(key_id)s, %(weight)s)
"""

# The end is kept in the turn's own row until it has been told; what it took is kept for good.
_CLOSE = f"""
WITH closed AS (
    UPDATE turns SET state = 'closed', options = %(end)s
    WHERE id = %(id)s AND attempt = %(attempt)s AND state = 'running' AND kind = 'completion' RETURNING *
), counted AS (
    INSERT INTO completions (id, created_at, finished_at, user_id, model, pool, status, usage, vectors)
    SELECT id, created_at, %(finished_at)s, user_id, model, pool, %(status)s, %(usage)s, %(vectors)s FROM closed
), ledger AS ({ADD})
SELECT * FROM closed
"""  # noqa: S608, a constant

_STOP = """
WITH gone AS (
    DELETE FROM turns WHERE id = %(id)s AND kind = 'completion' AND state = 'queued' AND attempt = 0 RETURNING pool
), wished AS (
    UPDATE turns SET stop_at = coalesce(stop_at, now())
    WHERE id = %(id)s AND kind = 'completion' AND (state = 'running' OR (state = 'queued' AND attempt > 0)) RETURNING pool
)
SELECT pool, true AS gone FROM gone UNION ALL SELECT pool, false FROM wished
"""

_TAKE_VECTORS = """
WITH made AS (SELECT id, vectors, usage FROM completions WHERE id = %s AND vectors IS NOT NULL FOR UPDATE)
UPDATE completions c SET vectors = NULL FROM made WHERE c.id = made.id RETURNING made.vectors, made.usage
"""


def look(pool: str, spending: Row) -> Row:
    """Return what may stand against one more: how many of this person's are in flight, how many wait in the pool, and SEEN's columns."""
    return {"in_flight": None, **run(_LOOK, {**spending, "pool": pool})[0]}


def add(turn: Row, options: dict[str, Any], request: dict[str, Any]) -> None:
    """Keep a turn: `id`, `user_id`, `pool`, `model`, and its terms `key_id` and `weight`."""
    values = {**turn, "at": now()}
    run(_ADD, {**values, "options": Jsonb(options), "request": Jsonb(request)})


def close(turn_id: UUID, attempt: int, ending: Row, spent: Row | None = None) -> Row | None:
    """End a completion; return its last row as if it were a message's, None where the attempt has no hold on it.

    `spent` is what it took where that isn't its `usage`.
    """
    end = {name: value for name, value in ending.items() if name != "vectors"} | {"finished_at": now().isoformat()}
    usage = None if ending["usage"] is None else Jsonb(ending["usage"])
    values = {
        "id": turn_id, "attempt": attempt, "end": Jsonb(end), "finished_at": now(), "status": ending["status"], "usage": usage,
        "vectors": ending.get("vectors"),
    }  # fmt: skip
    found = run(_CLOSE, {**values, **taken(spent or ending["usage"])})
    return _as_message(found[0]) if found else None


def closed(limit: int = 100) -> list[Row]:
    """Return the completions that have ended a while ago with the turn still there: their end may not have been told."""
    sql = f"""SELECT t.* FROM turns t JOIN completions c ON c.id = t.id
              WHERE t.state = 'closed' AND t.kind = 'completion' AND c.finished_at {PAST} LIMIT %s"""  # noqa: S608, a constant
    return [_as_message(row) for row in run(sql, [UNTOLD_S, limit])]


def stop(turn_id: UUID) -> Row | None:
    """End one that waits, note the wish for one that runs; return {pool, gone}, None where it has ended already."""
    found = run(_STOP, {"id": turn_id})
    return found[0] if found else None


def take_vectors(turn_id: UUID) -> Row | None:
    """Return {vectors, usage} of embeddings that were made, and keep the vectors no longer; None where there are none."""
    found = run(_TAKE_VECTORS, [turn_id])
    return {**found[0], "vectors": bytes(found[0]["vectors"])} if found else None


def forget_vectors() -> int:
    """Keep no vectors that nobody has come for; return of how many requests they were."""
    sql = """UPDATE completions SET vectors = NULL WHERE id IN (
                 SELECT id FROM completions WHERE vectors IS NOT NULL AND finished_at < now() - interval '10 minutes' LIMIT 100 FOR UPDATE SKIP LOCKED)
             RETURNING id"""
    return len(run(sql))


def is_alive(turn_id: UUID) -> bool:
    """Tell whether the turn is still there."""
    return bool(run("SELECT 1 FROM turns WHERE id = %s", [turn_id]))


def _as_message(turn: Row) -> Row:
    end: Row = turn["options"]
    same = {name: turn[name] for name in ("id", "created_at", "model", "attempt", "pool", "user_id")}
    told = {name: end[name] for name in ("status", "content", "reasoning", "error", "usage", "timings")}
    told["calls"] = end.get("calls") or []
    return {**same, **told, "conversation_id": None, "parent_id": None, "role": "assistant", "finished_at": None}
