"""The statements that erase what has been kept long enough, a batch each. What others hold at the moment is left for the next time."""

from olamchat.db.rows import run

# Messages, turns and shares go with their conversation; files that nothing else has are swept after it, and out of a bucket too.
_CONVERSATIONS = """
DELETE FROM conversations WHERE id IN (
    SELECT id FROM conversations WHERE deleted_at < now() - make_interval(days => %s) ORDER BY deleted_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_SESSIONS = """
DELETE FROM sessions WHERE id IN (
    SELECT id FROM sessions WHERE least(ended_at, expires_at) < now() - make_interval(days => %s) LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_KEYS = """
UPDATE messages SET idempotency_key = NULL, idempotency_digest = NULL WHERE id IN (
    SELECT id FROM messages WHERE idempotency_key IS NOT NULL AND created_at < now() - make_interval(days => %s) LIMIT %s
    FOR NO KEY UPDATE SKIP LOCKED)
RETURNING id
"""


def erase_conversations(days: int, limit: int) -> int:
    return len(run(_CONVERSATIONS, [days, limit]))


def erase_sessions(days: int, limit: int) -> int:
    return len(run(_SESSIONS, [days, limit]))


def forget_keys(days: int, limit: int) -> int:
    return len(run(_KEYS, [days, limit]))
