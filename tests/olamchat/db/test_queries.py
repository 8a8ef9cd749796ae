"""The queries' costs and the rules that the tables keep by themselves."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from json import loads
from typing import Any
from uuid import UUID

import psycopg
import pytest

from olamchat.clock import uuid7
from olamchat.db.pool import database
from olamchat.roster import Offer, announce
from olamchat.services import answers, conversations
from olamchat.services.people import accounts


@pytest.fixture
def ann(stores: pytest.MonkeyPatch) -> UUID:
    announce("w", [Offer(model="llama", pool="ollama", engine="ollama")], capacity=1, running=0)
    return accounts.sign_up(email="ann@example.org", password="correct horse").user_id


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """Collect what is sent to Postgres: statement and values."""
    seen: list[tuple[str, Any]] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.name == "peewee":
                seen.append(record.msg)  # type: ignore[arg-type]

    logger, collector = logging.getLogger("peewee"), Collector()
    level = logger.level
    logger.addHandler(collector)
    logger.setLevel(logging.DEBUG)
    yield seen
    logger.removeHandler(collector)
    logger.setLevel(level)


def cost(act: Callable[[], Any]) -> int:
    with statements() as seen:
        act()
    return len(seen)


def talk(user_id: UUID, conversation_id: UUID, number: int) -> None:
    for _ in range(number):
        asked = answers.ask(user_id=user_id, conversation_id=conversation_id, text="hi")
        database.execute_sql("DELETE FROM turns")
        database.execute_sql("UPDATE messages SET status = 'done' WHERE id = %s", [asked["answer"]["id"]])
        database.close()


def begin(user_id: UUID) -> UUID:
    return UUID(conversations.create(user_id=user_id)["id"])


def test_a_list_costs_one_query_whatever_its_length(ann: UUID) -> None:
    begin(ann)
    of_one = cost(lambda: conversations.page(user_id=ann))
    for _ in range(9):
        talk(ann, begin(ann), 1)

    assert cost(lambda: conversations.page(user_id=ann)) == of_one == 1


def test_a_page_of_messages_costs_the_same_whatever_its_length(ann: UUID) -> None:
    conversation_id = begin(ann)
    talk(ann, conversation_id, 1)
    of_two = cost(lambda: answers.page(user_id=ann, conversation_id=conversation_id))
    talk(ann, conversation_id, 9)

    # The messages, the log's position, the steps, what is cited.
    assert cost(lambda: answers.page(user_id=ann, conversation_id=conversation_id)) == of_two == 4


def test_the_lists_walk_along_their_indexes(ann: UUID) -> None:
    """On few rows the planner may choose otherwise; so it is told not to, and then needs no sort."""
    for _ in range(2):
        talk(ann, conversation_id := begin(ann), 2)
    lists: dict[str, Callable[[str | None], Any]] = {
        "conversations_of_user": lambda after: loads(conversations.page(user_id=ann, limit=1, after=after).body or b""),
        "messages_of_conversation": lambda after: answers.page(user_id=ann, conversation_id=conversation_id, limit=1, before=after),
    }

    for index, read in lists.items():
        cursor = read(None)["next_cursor"]
        with statements() as seen:
            read(cursor)
        plan = explain(*next(each for each in reversed(seen) if " steps" not in each[0] and " citations" not in each[0]))
        assert index in plan
        assert "ROW(" in plan.partition("Index Cond")[2], "the cursor is where the walk begins"
        assert "Sort" not in plan


def explain(sql: str, values: Any) -> str:
    for kind in ("seqscan", "bitmapscan", "sort"):
        database.execute_sql(f"SET enable_{kind} = off")
    plan = "\n".join(row[0] for row in database.execute_sql(f"EXPLAIN {sql}", values).fetchall())
    database.manual_close()
    return plan


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        ("INSERT INTO messages (id, created_at, conversation_id, role, status) VALUES (%(new)s, now(), %(conversation)s, 'assistant', 'queued')", "messages_one_answer_in_flight"),
        ("INSERT INTO messages (id, created_at, conversation_id, parent_id, role, status) VALUES (%(new)s, now(), %(other)s, %(answer)s, 'user', 'done')", "messages_conversation_id_parent_id_fkey"),
        ("UPDATE users SET email = 'Ann@example.org'", "users_email_lower"),
        ("UPDATE users SET role = 'god'", "users_role_check"),
        ("UPDATE messages SET role = 'system'", "messages_role_check"),
    ],
)  # fmt: skip
def test_the_tables_keep_their_rules_whoever_writes(ann: UUID, database_url: str, sql: str, constraint: str) -> None:
    conversation, other = begin(ann), begin(ann)
    answer = answers.ask(user_id=ann, conversation_id=conversation, text="hi")["answer"]["id"]

    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.IntegrityError) as refused:
        connection.execute(sql, {"new": uuid7(), "conversation": conversation, "other": other, "answer": answer})

    assert refused.value.diag.constraint_name == constraint
