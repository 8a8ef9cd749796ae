"""Services without HTTP, on real Postgres and Valkey."""

import pytest

from olamchat.db.pool import open_database
from olamchat.services.models import catalogue, selection
from tests.functions.conftest import key_files, variables

__all__ = ["key_files", "stores", "variables"]


@pytest.fixture
def stores(variables: pytest.MonkeyPatch, database_url: str) -> pytest.MonkeyPatch:
    """Postgres and Redis, opened; returns the environment."""
    open_database(database_url)
    selection._loads.clear()
    variables.setattr(catalogue, "_known", (0.0, {}))
    variables.setattr(selection, "_asked_again_at", 0.0)
    return variables
