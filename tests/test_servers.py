"""The servers out of wheels, and the migrations on them."""

import psycopg

from migrations import runner


def test_two_runners_at_once_apply_each_migration_once(database_url: str) -> None:
    assert runner.up(database_url) == []
    assert runner.pending(database_url) == []


def test_every_table_is_there(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        names = {name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert {"users", "sessions", "conversations", "messages", "turns"} <= names
