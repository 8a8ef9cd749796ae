"""Services without HTTP, on real Postgres and Valkey."""

import pytest

from olamchat.db.pool import open_database
from tests.functions.conftest import key_files, variables

__all__ = ["key_files", "stores", "variables"]


@pytest.fixture
def stores(variables: pytest.MonkeyPatch, database_url: str) -> pytest.MonkeyPatch:
    """Postgres and Redis, opened; returns the environment."""
    open_database(database_url)
    return variables
