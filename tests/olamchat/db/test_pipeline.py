"""A transaction in two trips is a transaction."""

import peewee
import pytest

from olamchat.db.pipeline import transaction
from olamchat.db.pool import connected, database
from olamchat.db.rows import run

ADD = "INSERT INTO users (id, created_at, email, password_hash) VALUES (gen_random_uuid(), now(), %(email)s, '')"
COUNT = "SELECT count(*) AS users FROM users"


@pytest.fixture(autouse=True)
def _connected(stores: None) -> None:
    """A database of this test's own."""


def users() -> int:
    with connected():
        return int(run(COUNT)[0]["users"])


def test_what_the_last_statements_did_is_committed_with_them() -> None:
    with connected(), transaction() as pipeline:
        [[before], []] = pipeline.run((COUNT, None), (ADD, {"email": "a@example.org"}))
        [[after]] = pipeline.run((COUNT, None), last=True)
        assert (before["users"], after["users"], pipeline.is_open) == (0, 1, False)
    assert users() == 1


def test_what_has_no_last_statements_is_committed_at_the_end() -> None:
    with connected(), transaction() as pipeline:
        pipeline.run((ADD, {"email": "a@example.org"}))
        assert pipeline.is_open
    assert users() == 1


def test_what_raises_leaves_nothing() -> None:
    with pytest.raises(ZeroDivisionError), connected(), transaction() as pipeline:
        pipeline.run((ADD, {"email": "a@example.org"}))
        raise ZeroDivisionError
    assert users() == 0


@pytest.mark.parametrize("last", [False, True])
def test_a_statement_that_fails_leaves_nothing_and_a_connection_that_is_good(last: bool) -> None:
    with connected():
        with pytest.raises(peewee.IntegrityError), transaction() as pipeline:
            pipeline.run((ADD, {"email": "a@example.org"}), (ADD, {"email": "a@example.org"}), (COUNT, None), last=last)
        assert run(COUNT) == [{"users": 0}]
        assert database.connection().info.transaction_status == 0


def test_a_transaction_that_did_nothing_costs_nothing() -> None:
    with connected(), transaction() as pipeline:
        assert not pipeline.is_open
    assert users() == 0
