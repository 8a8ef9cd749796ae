"""Rows as dictionaries: what a query hands to the services, and they to the shapes."""

from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]


def rows(query: Any) -> list[Row]:
    """Run a query of peewee's and return its rows."""
    found: Iterable[Row] = query.dicts().execute()
    return list(found)


def locked(query: Any) -> Any:
    """Let nobody else change the rows before the transaction ends; rows may still be made that refer to them."""
    return query.for_update("FOR NO KEY UPDATE")


def first(query: Any) -> Row | None:
    """Run a query of peewee's and return its first row, None where it has none."""
    return next(iter(rows(query)), None)
