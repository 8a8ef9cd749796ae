"""The statements of an import: one conversation with its whole tree, kept once; and of the copy of a branch."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.clock import uuid7
from olamchat.db.rows import Row, run
from olamchat.db.tables import Message

_ADD = """
INSERT INTO conversations (id, created_at, user_id, title, title_by_user, model, settings, pinned_at, archived_at, updated_at, source)
VALUES (%(id)s, %(created_at)s, %(user_id)s, %(title)s, %(titled)s, %(model)s, %(settings)s, %(pinned_at)s, %(archived_at)s, %(updated_at)s, %(source)s)
ON CONFLICT (user_id, source) WHERE source IS NOT NULL DO NOTHING RETURNING id"""
_KNOWN = """
SELECT id, deleted_at FROM conversations
WHERE user_id = %(user_id)s AND (source = %(source)s OR id = %(own_id)s) ORDER BY deleted_at NULLS FIRST LIMIT 1"""
# What belongs to a copied answer is copied with it. A step's key is new: it names calls, and the copy makes none.
_COPY = """
WITH named AS (SELECT * FROM unnest(%(old)s::uuid[], %(new)s::uuid[]) AS n (old, new)), files AS (
    INSERT INTO attachments (message_id, place, file_id) SELECT n.new, a.place, a.file_id FROM attachments a JOIN named n ON n.old = a.message_id
), cited AS (
    INSERT INTO citations (message_id, number, document_id, chunk, path, page, heading, text)
    SELECT n.new, c.number, c.document_id, c.chunk, c.path, c.page, c.heading, c.text FROM citations c JOIN named n ON n.old = c.message_id
)
INSERT INTO steps (message_id, number, user_id, round, call_id, name, server, tool, title, arguments, effect, outside, state, attempt, revision, at,
    reasoning_at, idempotency_key, decision, note, result, preview, error, created_at, granted_at, started_at, finished_at, sources, passages)
SELECT n.new, s.number, s.user_id, s.round, s.call_id, s.name, s.server, s.tool, s.title, s.arguments, s.effect, s.outside, s.state, s.attempt,
    s.revision, s.at, s.reasoning_at, gen_random_uuid(), s.decision, s.note, s.result, s.preview, s.error, s.created_at, s.granted_at, s.started_at,
    s.finished_at, s.sources, s.passages
FROM steps s JOIN named n ON n.old = s.message_id WHERE s.finished_at IS NOT NULL"""
# How many rows go in one statement: each has a dozen values, and Postgres takes 65,535.
_AT_ONCE = 500


def add(values: dict[str, Any]) -> UUID | None:
    """Keep a conversation that comes from elsewhere; None where it came before."""
    row = {**values, "id": uuid7(), "titled": values["title"] is not None, "settings": Jsonb(values["settings"])}
    made = run(_ADD, row)
    return made[0]["id"] if made else None


def known(user_id: UUID, source: str, own_id: UUID | None) -> Row | None:
    """Return (id, deleted_at) of the conversation that came from there, or that is the one itself."""
    found = run(_KNOWN, {"user_id": user_id, "source": source, "own_id": own_id})
    return found[0] if found else None


def add_messages(rows: list[Row]) -> None:
    """Keep messages, parents before their children."""
    for at in range(0, len(rows), _AT_ONCE):
        Message.insert_many(rows[at : at + _AT_ONCE]).execute()


def copy_with(names: dict[UUID, UUID]) -> None:
    """Give copied messages, by the id of each original, what belongs to it: files, citations, and the steps that have ended."""
    run(_COPY, {"old": list(names), "new": list(names.values())})


def show(conversation_id: UUID, leaf_id: UUID, updated_at: datetime) -> None:
    """Say which branch is shown."""
    run("UPDATE conversations SET active_leaf_id = %s, updated_at = %s WHERE id = %s", [leaf_id, updated_at, conversation_id])
