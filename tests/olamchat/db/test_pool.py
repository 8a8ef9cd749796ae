"""The pool: who holds a connection never waits for a second one."""

from collections.abc import Iterator

import pytest

from olamchat.db import pool
from olamchat.db.pool import connected, open_database
from olamchat.db.rows import run


@pytest.fixture
def narrow(database_url: str) -> Iterator[None]:
    open_database(database_url, size=1)
    yield
    open_database(database_url)


@pytest.mark.usefixtures("narrow")
def test_who_holds_a_connection_goes_on_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "CHECKOUT_S", 0.5)

    with connected():
        [outer] = run("SELECT pg_backend_pid() AS pid")
        with connected():
            [inner] = run("SELECT pg_backend_pid() AS pid")
        [after] = run("SELECT pg_backend_pid() AS pid")

    assert outer == inner == after
    with connected():  # and it was given back once
        assert run("SELECT 1 AS one") == [{"one": 1}]
