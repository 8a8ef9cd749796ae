"""The statements of a question, the hottest path of the functions: look, lock, look again, keep. Four trips, each prepared once."""

from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.clock import now, uuid7
from olamchat.db.rows import Row, run
from olamchat.db.spending import SEEN

# A person's transactions come one after the other, and so do a conversation's.
_LOCK = """
SELECT c.*, u.settings AS user_settings, u.role AS user_role, u.quota AS user_quota,
    (SELECT m.pool FROM messages m WHERE m.conversation_id = c.id AND m.pool IS NOT NULL ORDER BY m.created_at DESC, m.id DESC LIMIT 1) AS last_pool
FROM users u JOIN conversations c ON c.user_id = u.id
WHERE u.id = %(user_id)s AND c.id = %(conversation_id)s AND c.deleted_at IS NULL
FOR NO KEY UPDATE OF u, c
"""

# A statement of its own: only one that begins after the locks are held sees what those before it have done.
_LOOK = f"""
SELECT money.*,
    (SELECT id FROM messages WHERE conversation_id = %(conversation_id)s AND idempotency_key = %(key)s) AS repeated,
    (SELECT id FROM messages WHERE conversation_id = %(conversation_id)s AND status IN ('queued', 'running')) AS in_flight,
    (SELECT count(*) FROM turns WHERE user_id = %(user_id)s AND kind <> 'title' AND state IN ('queued', 'running')) AS mine,
    (SELECT count(*) FROM turns WHERE pool = %(pool)s AND state = 'queued') AS waiting,
    (SELECT count(*) FROM turns WHERE pool = %(pool)s AND state = 'queued' AND kind = 'answer') AS ahead
FROM ({SEEN}) money
"""  # noqa: S608, a constant

_KEEP = """
WITH asked AS (
    INSERT INTO messages (id, created_at, conversation_id, parent_id, role, content, status, idempotency_key, idempotency_digest)
    VALUES (%(asked_id)s, %(at)s, %(conversation_id)s, %(parent_id)s, 'user', %(content)s, 'done', %(key)s, %(digest)s)
), answer AS (
    INSERT INTO messages (id, created_at, conversation_id, parent_id, role, status, model, pool)
    VALUES (%(answer_id)s, %(answer_at)s, %(conversation_id)s, %(asked_id)s, 'assistant', 'queued', %(model)s, %(pool)s)
), turn AS (
    INSERT INTO turns (id, created_at, kind, user_id, conversation_id, pool, model, options, not_before, key_id, weight)
    VALUES (%(answer_id)s, %(answer_at)s, 'answer', %(user_id)s, %(conversation_id)s, %(pool)s, %(model)s, %(options)s, %(answer_at)s,
        %(paid_by)s, %(weight)s)
)
UPDATE conversations SET active_leaf_id = %(answer_id)s, model = %(conversation_model)s, updated_at = %(answer_at)s WHERE id = %(conversation_id)s
"""

_BLANK: Row = {
    "content": "", "reasoning": "", "status": "done", "model": None, "pool": None, "attempt": 0, "error": None, "usage": None, "timings": None, "attachments": [],
    "idempotency_key": None, "idempotency_digest": None, "finished_at": None,
}  # fmt: skip


def lock(conversation_id: UUID, user_id: UUID) -> Row | None:
    """Return the conversation with `user_settings` and `last_pool`, for this transaction alone; None where it isn't this person's."""
    found = run(_LOCK, {"conversation_id": conversation_id, "user_id": user_id})
    return found[0] if found else None


def look(conversation_id: UUID, pool: str, key: str | None, spending: Row) -> Row:
    """Return what may stand against a question: `repeated` and `in_flight` are ids, `mine`, `waiting` and `ahead` counts of turns.

    `spending` are the values of SEEN, whose columns come too.
    """
    return run(_LOOK, {**spending, "conversation_id": conversation_id, "pool": pool, "key": key})[0]


def keep(conversation: Row, question: Row, answer: Row, turn: Row, model: str | None) -> tuple[Row, Row, Row]:
    """Keep a question, its answer to come and the turn with its `options`, `key_id` and `weight`; return the conversation's new row, the question's and the answer's."""
    asked_at = now()
    asked: Row = {**_BLANK, "id": uuid7(), "conversation_id": conversation["id"], "role": "user", "created_at": asked_at, **question}
    answer_at = now()
    made: Row = {**_BLANK, "id": uuid7(), "conversation_id": conversation["id"], "parent_id": asked["id"], "role": "assistant",
                 "status": "queued", "created_at": answer_at, **answer}  # fmt: skip
    run(
        _KEEP,
        {
            "asked_id": asked["id"], "at": asked_at, "conversation_id": conversation["id"], "parent_id": asked["parent_id"],
            "content": asked["content"], "key": asked["idempotency_key"], "digest": asked["idempotency_digest"],
            "answer_id": made["id"], "answer_at": answer_at, "model": made["model"], "pool": made["pool"],
            "user_id": conversation["user_id"], "options": Jsonb(turn["options"]), "conversation_model": model,
            "paid_by": turn["key_id"], "weight": turn["weight"],
        },
    )  # fmt: skip
    return {**conversation, "active_leaf_id": made["id"], "model": model, "updated_at": answer_at}, asked, made
