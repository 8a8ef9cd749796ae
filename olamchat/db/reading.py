"""The statements of turns that wait for documents to be read: parked, as for steps, and released by whoever sees that nothing is left to read."""

from collections.abc import Sequence
from uuid import UUID

from olamchat.db.rows import Row, run

_PARK = """
WITH parked AS (
    UPDATE turns SET state = 'parked', worker = NULL, rounds = rounds + 1, reads = %(documents)s
    WHERE id = %(id)s AND attempt = %(attempt)s AND state = 'running' AND kind = 'answer' AND stop_at IS NULL RETURNING *
), answer AS (
    UPDATE messages m SET status = 'waiting' FROM parked WHERE m.id = parked.id
    RETURNING m.id, length(m.content) AS at, length(m.reasoning) AS reasoning_at
)
SELECT parked.id, parked.state, parked.user_id, parked.conversation_id, parked.pool, parked.attempt, answer.at, answer.reasoning_at
FROM parked JOIN answer USING (id)
"""

_RELEASE = """
WITH released AS (
    UPDATE turns t SET state = 'queued', not_before = now(), reads = NULL WHERE t.id IN (
        SELECT id FROM turns w WHERE w.reads IS NOT NULL AND w.state = 'parked' AND NOT EXISTS (
            SELECT FROM documents d WHERE d.id = ANY(w.reads) AND NOT d.searchable AND d.state IN ('coming', 'waiting', 'running') AND d.deleted_at IS NULL)
        FOR UPDATE SKIP LOCKED)
    RETURNING *
), answer AS (
    UPDATE messages m SET status = 'queued' FROM released WHERE m.id = released.id
)
SELECT id, state, user_id, conversation_id, pool, attempt FROM released
"""


def park(turn_id: UUID, attempt: int, documents: Sequence[UUID]) -> Row | None:
    """Let a turn wait for these documents; return it with where its text stands, None where the attempt has no hold on it any more."""
    found = run(_PARK, {"id": turn_id, "attempt": attempt, "documents": list(documents)})
    return found[0] if found else None


def release() -> list[Row]:
    """Let turns go on that have nothing left to wait for, as old as they were; return them."""
    return run(_RELEASE)
