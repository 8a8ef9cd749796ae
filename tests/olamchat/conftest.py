"""Doors of this process, opened to the test's own servers."""

from collections.abc import Iterator

import pytest

from olamchat import environment, redis


@pytest.fixture
def wire(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Point this process's doors to an empty Valkey."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    for door in (environment.environment, redis.client):
        door.cache_clear()
    yield redis_url
    redis.client().close()
    for door in (environment.environment, redis.client):
        door.cache_clear()
