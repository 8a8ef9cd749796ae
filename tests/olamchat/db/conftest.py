"""Queries on a real Postgres."""

from tests.olamchat.services.conftest import key_files, stores, variables

__all__ = ["key_files", "stores", "variables"]
