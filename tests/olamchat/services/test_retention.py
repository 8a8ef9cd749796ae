"""What nobody uses any more is erased after its days, in batches, and nothing else is."""

from uuid import UUID

import pytest

from olamchat import environment
from olamchat.clock import uuid7
from olamchat.db.pool import connected
from olamchat.db.rows import run
from olamchat.services import retention
from olamchat.services.people import accounts


@pytest.fixture
def ann(stores: pytest.MonkeyPatch) -> UUID:
    return accounts.sign_up(email="ann@example.org", password="correct horse").user_id


def conversation(user_id: UUID, deleted_days: int | None) -> UUID:
    """A conversation with a question and its answer, deleted so many days ago."""
    made, question, answer = uuid7(), uuid7(), uuid7()
    with connected():
        run(
            """INSERT INTO conversations (id, created_at, user_id, updated_at, deleted_at)
               VALUES (%s, now(), %s, now(), now() - make_interval(days => %s))""",
            [made, user_id, deleted_days],
        )
        for row in ((question, None, "user"), (answer, question, "assistant")):
            run(
                "INSERT INTO messages (id, parent_id, role, conversation_id, created_at, status, content) VALUES (%s, %s, %s, %s, now(), 'done', 'x')",
                [*row, made],
            )
    return made


def ids(table: str) -> set[UUID]:
    with connected():
        return {row["id"] for row in run(f"SELECT id FROM {table}")}


def test_conversations_go_for_good_after_their_days(ann: UUID) -> None:
    kept = {conversation(ann, None), conversation(ann, 29)}
    for _ in range(retention.FEW + 1):
        conversation(ann, 31)

    swept = retention.sweep()

    assert swept["conversation"] == retention.FEW + 1
    assert ids("conversations") == kept
    assert len(ids("messages")) == 2 * len(kept)
    assert retention.sweep()["conversation"] == 0


def test_sessions_audit_and_keys_go_after_theirs(ann: UUID) -> None:
    there = conversation(ann, None)
    with connected():
        for days in (89, 91):
            run(
                "INSERT INTO sessions (id, created_at, user_id, jti, used_at, expires_at, ended_at) VALUES (%s, now(), %s, 'x', now(), now() + interval '1 day', now() - make_interval(days => %s))",
                [uuid7(), ann, days],
            )
        [signed_up] = run("SELECT id, event FROM audit")  # the first row: what stands behind a younger one waits for it
        run("UPDATE audit SET created_at = now() - interval '366 days'")
        run("INSERT INTO audit (id, created_at, event) VALUES (%s, now() - interval '364 days', 'day 364')", [uuid7()])
        for days in (6, 8):
            run(
                "INSERT INTO messages (id, role, conversation_id, created_at, status, idempotency_key, idempotency_digest) VALUES (%s, 'user', %s, now() - make_interval(days => %s), 'done', %s, 'd')",
                [uuid7(), there, days, f"day {days}"],
            )

    assert retention.sweep() == {"conversation": 0, "session": 1, "audit": 1, "idempotency_key": 1, "vectors": 0}

    with connected():
        assert len(run("SELECT id FROM sessions WHERE user_id = %s", [ann])) == 2
        assert signed_up["event"] == "account.made"
        assert run("SELECT event FROM audit") == [{"event": "day 364"}]
        assert run("SELECT idempotency_key AS key FROM messages WHERE idempotency_key IS NOT NULL") == [{"key": "day 6"}]


def test_nought_keeps_for_ever(ann: UUID, stores: pytest.MonkeyPatch) -> None:
    conversation(ann, 10_000)
    stores.setenv("OLAMCHAT_KEEP_DELETED_DAYS", "0")
    environment.environment.cache_clear()

    assert retention.sweep()["conversation"] == 0
