"""Waiting for the schema: what pods do before they start, while a Job brings it."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from local import doctor, postgres
from migrations import runner
from tests.conftest import as_owner, free_port


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


def test_without_the_extension_everything_else_is_there_and_it_is_used_once_a_superuser_made_it(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    monkeypatch.setenv("OLAMCHAT_EMBEDDINGS", "ollama/some-model")

    def compares_meanings() -> bool:
        sql = "SELECT count(*) FROM information_schema.columns WHERE table_name = 'chunks' AND column_name = 'embedding'"
        with psycopg.connect(empty_database_url) as connection:
            return connection.execute(sql).fetchone() == (1,)

    runner.up(empty_database_url)  # our role may not create it
    assert not compares_meanings()
    assert "a superuser runs `CREATE EXTENSION vector`" in doctor._knowledge()

    with psycopg.connect(as_owner(empty_database_url), autocommit=True) as superuser:
        superuser.execute("CREATE EXTENSION vector")
    runner.up(empty_database_url)
    assert compares_meanings()
    assert doctor._knowledge() == "documents are found by their words and by what ollama/some-model makes of them."


def test_waiting_writes_nothing(empty_database_url: str) -> None:
    with pytest.raises(RuntimeError, match="first migration"):
        runner.wait(empty_database_url, said=_raise)
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_database_that_is_not_there_yet_is_waited_for() -> None:
    with pytest.raises(RuntimeError, match="waiting for the database"):
        runner.wait("postgresql://nobody@127.0.0.1:1/none", said=_raise)


@pytest.fixture(params=["SQL_ASCII", "LATIN1"])
def strange_database_url(request: pytest.FixtureRequest, postgres_server: str) -> Iterator[str]:
    """A database that doesn't keep text as UTF-8."""
    server, name = postgres_server.rsplit("/", 1)[0], f"strange_{request.param.lower()}"
    with psycopg.connect(as_owner(f"{server}/postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER olamchat ENCODING '{request.param}' TEMPLATE template0 LOCALE 'C'")
        yield f"{server}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def migrations(word: str, url: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "migrations", word]
    return subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("word", ["up", "wait"])
def test_a_database_that_is_not_utf8_is_refused_with_the_way_out(word: str, strange_database_url: str) -> None:
    process = migrations(word, strange_database_url)
    said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "olamchat needs UTF8" in said[1]
    assert "TEMPLATE template0" in said[1]
    assert "Traceback" not in said[1]


def test_up_waits_for_a_database_that_is_started_later_and_says_so(tmp_path: Path) -> None:
    port = free_port()
    process = migrations("up", f"postgresql://olamchat@127.0.0.1:{port}/olamchat")
    assert process.stdout
    assert process.stdout.readline().startswith("waiting for the database: ")
    server = postgres.start(tmp_path / "postgres", port, log=tmp_path / "postgres.log", durable=False)
    try:
        said, complaint = process.communicate(timeout=60)
    finally:
        server.stop()
    assert process.returncode == 0, complaint
    assert "applied 0001_first_tables" in said


def _raise(why: str) -> None:
    raise RuntimeError(why)


def test_no_two_migrations_have_the_same_number() -> None:
    numbers = [file.name.split("_")[0] for file in runner.FOLDER.glob("[0-9]*.py")]
    assert sorted(numbers) == sorted(set(numbers))
