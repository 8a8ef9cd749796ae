"""The statements that move turns: each is one round trip and atomic, each that writes an answer is guarded by its attempt.

A message's row carries its attempt and status itself, so that a guard on that one row is enough, whoever else is at work
(READ COMMITTED checks the condition again after it has waited for a row).
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.clock import now, uuid7
from olamchat.db.people.spending import ADD, taken
from olamchat.db.pool import database
from olamchat.db.rows import PAST, UNTOLD_S, Row, run

# An answer's columns but for its search vector, which nobody reads.
_M = ", ".join(
    f"m.{name}"
    for name in (
        "id", "created_at", "conversation_id", "parent_id", "role", "content", "reasoning", "status", "model", "pool", "assistant", "attempt",
        "error", "usage", "timings", "attachments", "feedback", "finished_at",
    )
)  # fmt: skip

# Whose turn it is: the lowest rank, then the user with the fewest answers running for their weight, then whose share comes next (who took
# turns lately comes after who took none), then who waits longest. An answer that comes back from its steps was charged when it began.
_TAKE = """
WITH busy AS (
    SELECT user_id, count(*) AS running FROM turns WHERE state = 'running' GROUP BY user_id
), next AS (
    SELECT t.id FROM turns t LEFT JOIN busy b USING (user_id) LEFT JOIN places s USING (user_id)
    WHERE t.state = 'queued' AND t.pool = ANY(%(pools)s)
    ORDER BY t.rank, coalesce(b.running, 0) / t.weight, CASE t.rounds WHEN 0 THEN coalesce(s.due, '-infinity') ELSE '-infinity' END, t.created_at, t.id
    LIMIT 1 FOR UPDATE OF t SKIP LOCKED
), taken AS (
    UPDATE turns t SET state = 'running', worker = %(worker)s, started_at = now(),
        attempt = greatest(t.attempt, coalesce((SELECT attempt FROM messages WHERE id = t.id), 0)) + 1
    FROM next WHERE t.id = next.id RETURNING t.*
), answer AS (
    UPDATE messages m SET status = 'running', attempt = taken.attempt, error = NULL
    FROM taken WHERE m.id = taken.id RETURNING m.id, m.parent_id, m.content, m.reasoning, m.usage, m.timings
), charged AS (
    INSERT INTO places (user_id, due) SELECT user_id, now() + interval '1 minute' / weight FROM taken WHERE kind <> 'title' AND rounds = 0
    ON CONFLICT (user_id) DO UPDATE SET due = greatest(places.due, now()) + (excluded.due - now())
)
SELECT taken.*, c.settings, c.title, answer.parent_id, coalesce(answer.content, '') AS content, coalesce(answer.reasoning, '') AS reasoning,
    answer.usage, answer.timings
FROM taken LEFT JOIN conversations c ON c.id = taken.conversation_id LEFT JOIN answer ON answer.id = taken.id
"""

_TAKEN = """
SELECT t.*, c.settings, c.title, m.parent_id, coalesce(m.content, '') AS content, coalesce(m.reasoning, '') AS reasoning, m.usage, m.timings
FROM turns t LEFT JOIN conversations c ON c.id = t.conversation_id LEFT JOIN messages m ON m.id = t.id
WHERE t.id = %(id)s AND t.attempt = %(attempt)s AND t.state = 'running'
"""

_THREAD = """
WITH RECURSIVE path AS (
    SELECT id, parent_id, role, content, attachments, 0 AS depth FROM messages WHERE conversation_id = %(conversation_id)s AND id = %(leaf)s
    UNION ALL
    SELECT m.id, m.parent_id, m.role, m.content, m.attachments, path.depth + 1
    FROM path JOIN messages m ON m.conversation_id = %(conversation_id)s AND m.id = path.parent_id
)
SELECT id, role, content, attachments FROM path
WHERE content <> '' OR attachments <> '[]' OR EXISTS (SELECT FROM steps s WHERE s.message_id = path.id) ORDER BY depth DESC
"""

_SAVE = """
UPDATE messages m SET content = v.content, reasoning = v.reasoning
FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::text[]) AS v (id, attempt, content, reasoning)
WHERE m.id = v.id AND m.attempt = v.attempt AND m.status = 'running'
"""

_MINE = """
SELECT t.id, t.stop_at IS NOT NULL AS stop FROM turns t
JOIN unnest(%s::uuid[], %s::int[]) AS v (id, attempt) ON t.id = v.id AND t.attempt = v.attempt WHERE t.state = 'running'
"""

# The one place where an answer ends: the turn, the answer's last row and, after the first answer that is done, the turn that makes the conversation's title.
_CLOSE = f"""
WITH closed AS (
    UPDATE turns SET state = 'closed' WHERE id = %(id)s AND attempt = %(attempt)s AND state = 'running' AND kind = 'answer' RETURNING *
), final AS (
    UPDATE messages m SET status = %(status)s, content = %(content)s, reasoning = %(reasoning)s, error = %(error)s,
        usage = %(usage)s, timings = %(timings)s, finished_at = %(finished_at)s
    FROM closed WHERE m.id = closed.id RETURNING {_M}
), title AS (
    INSERT INTO turns (id, created_at, kind, rank, user_id, conversation_id, pool, model, not_before)
    SELECT %(title_id)s, %(finished_at)s, 'title', 10, closed.user_id, closed.conversation_id, closed.pool, closed.model, now()
    FROM closed JOIN conversations c ON c.id = closed.conversation_id
    WHERE %(status)s = 'done' AND NOT c.title_by_user AND c.deleted_at IS NULL
        AND (c.title IS NULL OR NOT EXISTS (
            SELECT FROM messages m WHERE m.conversation_id = c.id AND m.role = 'assistant' AND m.status = 'done' AND m.id <> closed.id))
        AND NOT EXISTS (SELECT 1 FROM turns t WHERE t.conversation_id = c.id AND t.kind = 'title')
    RETURNING id
), ledger AS ({ADD})
SELECT final.*, closed.user_id, closed.pool, (SELECT id FROM title) AS title_id,
    EXISTS (SELECT FROM follow_ups f WHERE f.conversation_id = final.conversation_id AND f.dropped_at IS NULL) AS followed
FROM final, closed
"""  # noqa: S608, the columns above

_REQUEUE = """
WITH given AS (
    UPDATE turns SET state = 'queued', worker = NULL, not_before = now()
    WHERE id = %(id)s AND attempt = %(attempt)s AND state = 'running' RETURNING id, pool
), answer AS (
    UPDATE messages m SET status = 'queued', content = coalesce(%(content)s, m.content), reasoning = coalesce(%(reasoning)s, m.reasoning)
    FROM given WHERE m.id = given.id
)
SELECT pool FROM given
"""

# An attempt that brought the text forward is not charged with its worker's death. One that ran beside others makes a turn a suspect
# at most, since any of them may have killed the worker; one that ran by itself is evidence.
_GIVE_BACK = """
WITH lost AS (
    SELECT t.id, t.attempt, length(coalesce(m.content, '')) + length(coalesce(m.reasoning, '')) AS reached
    FROM turns t JOIN unnest(%(ids)s::uuid[], %(attempts)s::int[]) AS v (id, attempt) ON t.id = v.id AND t.attempt = v.attempt
    LEFT JOIN messages m ON m.id = t.id
), given AS (
    UPDATE turns t SET state = 'queued', worker = NULL, not_before = now(), failures = failures + 1,
        reached = greatest(t.reached, lost.reached),
        deaths = CASE WHEN lost.reached > t.reached THEN t.deaths WHEN %(alone)s THEN t.deaths + 1
            ELSE greatest(t.deaths, least(t.deaths + 1, %(suspect)s)) END
    FROM lost WHERE t.id = lost.id AND t.attempt = lost.attempt AND t.state = 'running'
    RETURNING t.id, t.attempt, t.pool
), answer AS (
    UPDATE messages m SET status = 'queued' FROM given WHERE m.id = given.id
)
SELECT id, attempt, pool FROM given
"""

# An answer that waits, for a worker or for its steps, ends here and now, and so do its steps; of a running one only the wish is noted.
_STOP = f"""
WITH wished AS (
    UPDATE turns SET stop_at = coalesce(stop_at, now()), state = CASE WHEN state IN ('queued', 'parked') THEN 'closed' ELSE state END
    WHERE id = %(id)s AND kind = 'answer' AND state IN ('queued', 'running', 'parked') RETURNING *
), final AS (
    UPDATE messages m SET status = 'stopped', finished_at = %(finished_at)s,
        content = coalesce(%(content)s, m.content), reasoning = coalesce(%(reasoning)s, m.reasoning)
    FROM wished WHERE m.id = wished.id AND wished.state = 'closed' RETURNING {_M}
), steps AS (
    UPDATE steps s SET state = 'stopped', revision = revision + 1, finished_at = %(finished_at)s
    FROM wished WHERE s.message_id = wished.id AND wished.state = 'closed' AND s.state IN ('proposed', 'granted', 'running', 'unknown')
)
SELECT wished.state, wished.user_id, wished.pool, final.* FROM wished LEFT JOIN final USING (id)
"""  # noqa: S608, the columns above

_POSITIONS = """
WITH busy AS (
    SELECT user_id, count(*) AS running FROM turns WHERE state = 'running' GROUP BY user_id
), waiting AS (
    SELECT t.*, coalesce(b.running, 0) AS running, s.due AS owed,
        row_number() OVER (PARTITION BY t.pool, t.user_id ORDER BY t.rank, t.created_at, t.id) - 1 AS before
    FROM turns t LEFT JOIN busy b USING (user_id) LEFT JOIN places s USING (user_id) WHERE t.state = 'queued' AND t.kind = 'answer'
), next AS (
    SELECT *, (running + before) / weight AS share,
        CASE WHEN rounds > 0 THEN '-infinity' WHEN before = 0 THEN coalesce(owed, '-infinity') ELSE greatest(owed, now()) + before * interval '1 minute' / weight END AS due
    FROM waiting
)
SELECT id, conversation_id, pool, attempt, row_number() OVER (PARTITION BY pool ORDER BY rank, share, due, created_at, id) AS position FROM next
"""


def one(sql: str, values: Any = None) -> Row | None:
    """Run a statement and return its first row, None where it has none."""
    found = run(sql, values)
    return found[0] if found else None


def take(worker: str, pools: Sequence[str]) -> Row | None:
    return one(_TAKE, {"worker": worker, "pools": list(pools)})


def taken_row(turn_id: UUID, attempt: int) -> Row | None:
    """Return what take() returned of a turn that this attempt still runs."""
    return one(_TAKEN, {"id": turn_id, "attempt": attempt})


def thread(conversation_id: UUID, leaf: UUID | None) -> list[Row]:
    return run(_THREAD, {"conversation_id": conversation_id, "leaf": leaf})


def first_exchange(conversation_id: UUID) -> list[Row]:
    """Return the conversation's first question and first answer with text; a question of files alone says their names."""
    sql = """SELECT DISTINCT ON (role) role,
                 CASE content WHEN '' THEN (SELECT string_agg(f ->> 'name', ', ') FROM jsonb_array_elements(attachments) f) ELSE content END AS content
             FROM messages WHERE conversation_id = %s AND (content <> '' OR attachments <> '[]') AND status IN ('done', 'stopped', 'failed') ORDER BY role DESC, created_at, id"""
    return run(sql, [conversation_id])


def save(ids: Sequence[UUID], attempts: Sequence[int], contents: Sequence[str], reasonings: Sequence[str]) -> None:
    database.execute_sql(_SAVE, [list(ids), list(attempts), list(contents), list(reasonings)])


def mine(ids: Sequence[UUID], attempts: Sequence[int]) -> dict[UUID, bool]:
    """Return which of the turns are still held by these attempts, and whether a stop is wished."""
    return {row["id"]: row["stop"] for row in run(_MINE, [list(ids), list(attempts)])}


def close(turn_id: UUID, attempt: int, ending: Row, spent: Row | None = None) -> Row | None:
    """Write an answer's end, and what it took: `spent`, else its usage. None: the attempt is not the turn's any more, nothing was written."""
    json = {name: None if ending[name] is None else Jsonb(ending[name]) for name in ("error", "usage", "timings")}
    values = {"id": turn_id, "attempt": attempt, "title_id": uuid7(), "finished_at": now(), **taken(spent or ending["usage"])}
    return one(_CLOSE, {**ending, **json, **values})


def requeue(turn_id: UUID, attempt: int, content: str | None = None, reasoning: str | None = None) -> str | None:
    """Let somebody else take the turn; return its pool, None where the attempt has no hold on it."""
    given = one(_REQUEUE, {"id": turn_id, "attempt": attempt, "content": content, "reasoning": reasoning})
    return given["pool"] if given else None


def give_back(ids: Sequence[UUID], attempts: Sequence[int], *, alone: bool, suspect: int) -> list[Row]:
    """Take turns from workers that are gone, where these attempts still have hold on them; return these: id, attempt, pool.

    An attempt without progress is charged with a death: to no more than `suspect` of them unless it ran `alone`.
    """
    return run(_GIVE_BACK, {"ids": list(ids), "attempts": list(attempts), "alone": alone, "suspect": suspect})


def stop(turn_id: UUID, content: str | None, reasoning: str | None) -> Row | None:
    return one(_STOP, {"id": turn_id, "content": content, "reasoning": reasoning, "finished_at": now()})


def conversation_of(turn_id: UUID) -> UUID | None:
    found = one("SELECT conversation_id FROM turns WHERE id = %s", [turn_id])
    return found["conversation_id"] if found else None


def fail(turn_id: UUID, attempt: int) -> int | None:
    """Count a failure of the engine; return how many there were, None where the attempt has no hold on the turn."""
    sql = "UPDATE turns SET failures = failures + 1 WHERE id = %s AND attempt = %s AND state = 'running' RETURNING failures"
    failed = one(sql, [turn_id, attempt])
    return failed["failures"] if failed else None


def delete(ids: Sequence[UUID], attempts: Sequence[int]) -> None:
    """Forget turns whose end has been told. Of a later attempt, closed after a "continue", the end is not told yet."""
    sql = """DELETE FROM turns t USING unnest(%s::uuid[], %s::int[]) AS v (id, attempt)
             WHERE t.id = v.id AND t.attempt = v.attempt AND t.state = 'closed'"""
    database.execute_sql(sql, [list(ids), list(attempts)])


def entitle(turn_id: UUID, attempt: int, title: str) -> Row | None:
    """End a title's turn and give the conversation its title, unless its user has. Returns the conversation's row if it changed."""
    sql = """WITH gone AS (DELETE FROM turns WHERE id = %s AND attempt = %s AND state = 'running' RETURNING conversation_id)
             UPDATE conversations c SET title = %s FROM gone
             WHERE c.id = gone.conversation_id AND NOT c.title_by_user RETURNING c.*"""
    return one(sql, [turn_id, attempt, title])


def broken_off(turn_id: UUID) -> Row | None:
    """Return an answer that some worker has begun and that waits for the next."""
    sql = """SELECT t.conversation_id, m.content, m.reasoning FROM turns t JOIN messages m ON m.id = t.id
             WHERE t.id = %s AND t.state = 'queued' AND t.attempt > 0"""
    return one(sql, [turn_id])


def running(longer_than_s: float) -> list[Row]:
    """Return the turns that have been running for a while: by now they have a lease, or their worker is gone."""
    sql = "SELECT id, attempt, pool, kind FROM turns WHERE state = 'running' AND started_at " + PAST  # noqa: S608, a constant
    return run(sql, [longer_than_s])


def closed(limit: int = 100) -> list[Row]:
    """Return the answers that have ended a while ago with the turn still there: their end may not have been told."""
    sql = f"""SELECT {_M}, t.user_id, t.pool FROM turns t JOIN messages m ON m.id = t.id
             WHERE t.state = 'closed' AND m.finished_at {PAST} ORDER BY m.finished_at LIMIT %s"""  # noqa: S608, the columns above
    return run(sql, [UNTOLD_S, limit])


def lost() -> int:
    """Return how many answers in flight have no turn that could bring them to an end."""
    sql = """SELECT count(*) AS answers FROM messages m
             WHERE m.status IN ('queued', 'running', 'waiting') AND NOT EXISTS (SELECT 1 FROM turns t WHERE t.id = m.id AND t.state <> 'closed')"""
    return int(run(sql)[0]["answers"])


def any_waits(pool: str) -> bool:
    """Tell whether a turn of this pool waits for a worker that may take it now."""
    sql = "SELECT EXISTS (SELECT FROM turns WHERE state = 'queued' AND pool = %s AND not_before <= now()) AS waits"
    return bool(run(sql, [pool])[0]["waits"])


def waiting(longer_than_s: float) -> dict[str, int]:
    """Return by pool how many turns have waited a while and may be taken."""
    sql = f"""SELECT pool, count(*) AS turns FROM turns WHERE state = 'queued'
              AND greatest(created_at, not_before) {PAST} GROUP BY pool"""  # noqa: S608, a constant
    return {row["pool"]: row["turns"] for row in run(sql, [longer_than_s])}


def loads() -> dict[str, list[str]]:
    """Return by pool the ids of the turns that wait or run."""
    sql = "SELECT pool, array_agg(id::text) AS ids FROM turns WHERE state IN ('queued', 'running') GROUP BY pool"
    return {row["pool"]: row["ids"] for row in run(sql)}


def positions() -> list[Row]:
    """Return every waiting answer with its position in its pool: 1 is the next."""
    return run(_POSITIONS)
