"""The real servers that tests run against: one PostgreSQL and one Valkey a test process, an empty database for each test that asks."""

import os
import socket
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import redis
from hypothesis import settings

from local import postgres, valkey
from migrations import runner


def free_port() -> int:
    """Return a port that nobody listens on right now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """Leave no folder behind where every test passed: pytest removes its own, here goes the empty one around it."""
    base: Path | None = session.config._tmp_path_factory._basetemp  # type: ignore[attr-defined]
    yield
    if base is not None and not base.exists():
        latest = base.parent / "pytest-current"
        with suppress(OSError):  # other runs may have their folders there
            if not latest.exists():
                latest.unlink(missing_ok=True)
            base.parent.rmdir()


@pytest.fixture(scope="session")
def servers_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="session")
def postgres_server(servers_folder: Path) -> Iterator[str]:
    """The URL of a migrated template database, on a server that lives as long as this test process."""
    server = postgres.start(
        servers_folder / "postgres", free_port(), log=servers_folder / "postgres.log", database="template", durable=False
    )
    runner.up(server.url)
    yield server.url
    server.stop()


@pytest.fixture
def database_url(postgres_server: str) -> Iterator[str]:
    """A fresh, migrated database of this test's own, made from the template in some 20 ms."""
    with fresh_database(postgres_server) as url:
        yield url


def as_owner(url: str) -> str:
    """Return the address for the server's owner, who may do what olamchat's role may not."""
    return url.replace(f"//{postgres.ROLE}@", f"//{postgres.OWNER}@")


@contextmanager
def fresh_database(postgres_server: str) -> Iterator[str]:
    """Make a copy of the template, and drop it in the end."""
    name = f"test_{uuid4().hex}"
    admin = as_owner(postgres_server).rsplit("/", 1)[0] + "/postgres"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER olamchat TEMPLATE template STRATEGY file_copy")
        yield postgres_server.rsplit("/", 1)[0] + f"/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def valkey_server(servers_folder: Path) -> Iterator[str]:
    """The URL of a Valkey that lives as long as this test process."""
    server = valkey.start(servers_folder / "valkey", free_port(), log=servers_folder / "valkey.log", durable=False)
    yield server.url
    server.stop()


@pytest.fixture
def redis_url(valkey_server: str) -> str:
    """An empty Valkey."""
    client = redis.Redis.from_url(valkey_server)
    client.flushall()
    client.close()
    return valkey_server


# How long an example takes tells of the machine.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
os.environ.setdefault("OLAMCHAT_BCRYPT_COST", "4")  # tests sign up often; the cost itself has its own test
