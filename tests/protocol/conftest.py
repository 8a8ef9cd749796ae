"""What the walks stand on: a real Postgres, the token log's twin in memory, and nobody who listens to jobs."""

from collections.abc import Iterator

import pytest

from olamchat import jobs, stops
from olamchat.clock import now, uuid7
from olamchat.db.pool import database, open_database
from olamchat.services.turns import finish, lifecycle
from tests.protocol.test_walks import LOG, Walk, run


@pytest.fixture
def walking(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    open_database(database_url, size=4)
    for module in (lifecycle, finish):
        monkeypatch.setattr(module, "token_log", lambda: LOG)
    monkeypatch.setattr(jobs, "leave", lambda *_: None)
    monkeypatch.setattr(stops, "nudge", lambda *_: None)
    Walk.user = uuid7()
    run("INSERT INTO users (id, created_at, email, password_hash) VALUES (%s, %s, 'walk@example.org', '')", Walk.user, now())
    yield
    database.close_all()
