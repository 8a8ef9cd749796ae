"""The attacker's tests stand on the functions' fixtures: real Postgres, real Valkey, and where sockets matter a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functions.conftest import ann, app, bob, key_files, offers, people, variables
from tests.functions.serving import Served, serving

__all__ = ["ann", "app", "bob", "key_files", "offers", "people", "variables"]


@pytest.fixture
def served(database_url: str, redis_url: str, key_files: dict[str, str], tmp_path: Path) -> Iterator[Served]:
    """All functions under gunicorn; nothing here is about how many may sign up in an hour."""
    with serving(tmp_path, DATABASE_URL=database_url, REDIS_URL=redis_url, **key_files) as found:
        yield found
