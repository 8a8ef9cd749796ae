"""Waiting for the schema: what pods do before they start, while a Job brings it."""

import threading

import psycopg
import pytest

from migrations import runner


@pytest.fixture
def empty_database_url(database_url: str) -> str:
    """A database that no migration has seen."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return database_url


def test_waiting_ends_when_the_last_migration_is_there(empty_database_url: str) -> None:
    said: list[str] = []
    first = threading.Event()

    def note(why: str) -> None:
        said.append(why)
        first.set()

    waiting = threading.Thread(target=runner.wait, args=(empty_database_url,), kwargs={"said": note, "every_s": 0.01})
    waiting.start()
    assert first.wait(10)
    runner.up(empty_database_url)
    waiting.join(10)
    assert not waiting.is_alive()
    assert said[0] == "waiting for the first migration"


def test_waiting_writes_nothing(empty_database_url: str) -> None:
    with pytest.raises(RuntimeError, match="first migration"):
        runner.wait(empty_database_url, said=_raise)
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_database_that_is_not_there_yet_is_waited_for() -> None:
    with pytest.raises(RuntimeError, match="waiting for the database"):
        runner.wait("postgresql://nobody@127.0.0.1:1/none", said=_raise)


def _raise(why: str) -> None:
    raise RuntimeError(why)
