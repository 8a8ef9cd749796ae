"""The statements of a question, the hottest path of the functions: lock, look, and keep. Two trips, each statement prepared once."""

from dataclasses import dataclass
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.clock import now, uuid7
from olamchat.db import catalogue
from olamchat.db.conversations import LAST_POOL
from olamchat.db.people.spending import SEEN
from olamchat.db.people.users import TERMS
from olamchat.db.pipeline import Pipeline
from olamchat.db.rows import Row

# A person's transactions come one after the other, and so do a conversation's.
_LOCK_PERSON = f"""
SELECT u.id AS user_id, u.settings AS user_settings, {TERMS}
FROM users u WHERE u.id = %(user_id)s FOR NO KEY UPDATE OF u
"""  # noqa: S608, a constant
_LOCK = f"""
SELECT c.*, u.settings AS user_settings, {TERMS}, {LAST_POOL}
FROM users u JOIN conversations c ON c.user_id = u.id
WHERE u.id = %(user_id)s AND c.id = %(conversation_id)s AND c.deleted_at IS NULL
FOR NO KEY UPDATE OF u, c
"""  # noqa: S608, a constant

# A statement of its own: only one that begins after the locks are held sees what those before it have done.
_LOOK = f"""
SELECT money.*, EXISTS (SELECT FROM conversations WHERE id = %(conversation_id)s) AS begun,
    (SELECT id FROM messages WHERE conversation_id = %(conversation_id)s AND idempotency_key = %(key)s) AS repeated,
    (SELECT id FROM messages WHERE conversation_id = %(conversation_id)s AND status IN ('queued', 'running', 'waiting')) AS in_flight,
    (SELECT count(*) FROM turns WHERE user_id = %(user_id)s AND kind <> 'title' AND state IN ('queued', 'running')) AS mine,
    (SELECT jsonb_object_agg(pool, ARRAY[waiting, ahead]) FROM (
        SELECT pool, count(*) AS waiting, count(*) FILTER (WHERE kind = 'answer') AS ahead FROM turns WHERE state = 'queued' GROUP BY pool) each
    ) AS queues
FROM ({SEEN}) money
"""  # noqa: S608, a constant

_ROWS = """
asked AS (
    INSERT INTO messages (id, created_at, conversation_id, parent_id, role, content, status, idempotency_key, idempotency_digest)
    VALUES (%(asked_id)s, %(at)s, %(conversation_id)s, %(parent_id)s, 'user', %(content)s, 'done', %(key)s, %(digest)s)
), answer AS (
    INSERT INTO messages (id, created_at, conversation_id, parent_id, role, status, model, pool, assistant)
    VALUES (%(answer_id)s, %(answer_at)s, %(conversation_id)s, %(asked_id)s, 'assistant', 'queued', %(model)s, %(pool)s, %(assistant)s)
), turn AS (
    INSERT INTO turns (id, created_at, kind, user_id, conversation_id, pool, model, options, not_before, key_id, weight)
    VALUES (%(answer_id)s, %(answer_at)s, 'answer', %(user_id)s, %(conversation_id)s, %(pool)s, %(model)s, %(options)s, now(),
        %(paid_by)s, %(weight)s)
)"""
_KEEP = f"""
WITH {_ROWS}
UPDATE conversations SET active_leaf_id = %(answer_id)s, model = %(conversation_model)s, updated_at = %(answer_at)s,
    title = coalesce(title, %(title)s)
WHERE id = %(conversation_id)s
"""  # noqa: S608, a constant
# The rows refer to the conversation: that is checked at the statement's end, when all of them are there.
_BEGIN = f"""
WITH {_ROWS}
INSERT INTO conversations (id, created_at, user_id, title, title_by_user, model, settings, active_leaf_id, updated_at)
VALUES (%(conversation_id)s, %(at)s, %(user_id)s, %(title)s, %(title_by_user)s, %(conversation_model)s, %(settings)s, %(answer_id)s, %(answer_at)s)
"""  # noqa: S608, a constant

_BLANK: Row = {
    "content": "", "reasoning": "", "status": "done", "model": None, "pool": None, "assistant": None, "attempt": 0, "error": None, "usage": None, "timings": None, "attachments": [],
    "idempotency_key": None, "idempotency_digest": None, "finished_at": None,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The conversation with `user_settings` and `last_pool` where it is this person's, and what may stand against a question: the ids `repeated`
    and `in_flight`, whether the conversation has `begun`, the count `mine`, what was spent. `models` are the catalogue's rows where they were
    asked for. Of a conversation that is to begin only what is the person's is told.
    """

    conversation: Row | None
    against: Row
    models: list[Row] | None

    def queue(self, pool: str) -> dict[str, int]:
        """Return how many turns are `waiting` in the pool, and how many of them stand `ahead` of an answer."""
        waiting, ahead = (self.against["queues"] or {}).get(pool, (0, 0))
        return {"waiting": waiting, "ahead": ahead}


def look(pipeline: Pipeline, conversation_id: UUID, key: str | None, spending: Row, *, models: bool, begins: bool = False) -> Seen:
    """Lock the conversation for this transaction alone, or its person where it `begins`, and look, in one trip. `spending` are the values of SEEN."""
    values = {**spending, "conversation_id": conversation_id, "key": key}
    lock = _LOCK_PERSON if begins else _LOCK
    found, [against], *said = pipeline.run((lock, values), (_LOOK, values), *([(catalogue.ALL, None)] if models else []))
    return Seen(conversation=found[0] if found else None, against=against, models=said[0] if said else None)


def keep(
    pipeline: Pipeline, conversation: Row, question: Row, answer: Row, turn: Row, *, model: str | None, title: str | None, last: bool
) -> tuple[Row, Row, Row]:
    """Keep a question, its answer to come and the turn with its `options`, `key_id` and `weight`; return the conversation's new row, the question's and the answer's.

    A conversation without a `created_at` begins with them. `last`: nothing else is to be done in the transaction.
    """
    asked_at = now()
    asked: Row = {**_BLANK, "id": uuid7(), "conversation_id": conversation["id"], "role": "user", "created_at": asked_at, **question}
    answer_at = now()
    made: Row = {**_BLANK, "id": uuid7(), "conversation_id": conversation["id"], "parent_id": asked["id"], "role": "assistant",
                 "status": "queued", "created_at": answer_at, **answer}  # fmt: skip
    values = {
        "asked_id": asked["id"], "at": asked_at, "conversation_id": conversation["id"], "parent_id": asked["parent_id"],
        "content": asked["content"], "key": asked["idempotency_key"], "digest": asked["idempotency_digest"],
        "answer_id": made["id"], "answer_at": answer_at, "model": made["model"], "pool": made["pool"], "assistant": made["assistant"] and Jsonb(made["assistant"]),
        "user_id": conversation["user_id"], "options": Jsonb(turn["options"]), "conversation_model": model,
        "paid_by": turn["key_id"], "weight": turn["weight"], "title": title,
    }  # fmt: skip
    changed = {**conversation, "active_leaf_id": made["id"], "model": model, "title": title, "updated_at": answer_at}
    if "created_at" in conversation:
        pipeline.run((_KEEP, values), last=last)
        return changed, asked, made
    begun = {"title_by_user": conversation["title"] is not None, "settings": Jsonb(changed["settings"])}
    pipeline.run((_BEGIN, values | begun), last=last)
    return {"pinned_at": None, "archived_at": None, "created_at": asked_at, **changed}, asked, made
