"""The attacker's tests stand on the functions' fixtures: real Postgres, real Valkey, and where sockets matter a real server."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functions.conftest import ann, app, bob, key_files, offers, people, variables
from tests.functions.server.serving import Served, serving
from tests.security.report import MATRIX, Matrix

__all__ = ["ann", "app", "bob", "key_files", "offers", "people", "variables"]


@pytest.fixture
def served(database_url: str, redis_url: str, key_files: dict[str, str], tmp_path: Path) -> Iterator[Served]:
    """All functions under gunicorn; nothing here is about how many may sign up in an hour."""
    with serving(tmp_path, DATABASE_URL=database_url, REDIS_URL=redis_url, **key_files) as found:
        yield found


@pytest.fixture
def matrix() -> Matrix:
    """What all tests of this run found, told at the end."""
    return MATRIX


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if MATRIX.cells and os.environ.get("SECURITY"):
        terminalreporter.section("the attacker's matrix")
        for line in MATRIX.lines():
            terminalreporter.write_line(line)
