"""Rows as dictionaries: what a query hands to the services, and they to the shapes."""

from collections.abc import Iterable
from typing import Any

from olamchat.db.pool import database

Row = dict[str, Any]

# Longer ago than some seconds, which are its one value. A time well ahead counts too: the database's clock was set back since, and
# nothing may wait until that time comes round again. (A moment ahead is a row that was written while the statement began.)
PAST = "NOT BETWEEN now() - make_interval(secs => %s) AND now() + interval '1 minute'"
# A turn that has been closed for so long may be one whose end nobody was told.
UNTOLD_S = 2.0


def run(sql: str, values: Any = None) -> list[Row]:
    """Run a statement and return its rows: for the hot paths, where making SQL out of Python would cost more than running it."""
    return fetched(database.execute_sql(sql, values))


def fetched(cursor: Any) -> list[Row]:
    """Return the rows of a statement that was run."""
    # The cursor's own description makes an object for each column, every time it is looked at.
    result = cursor.pgresult
    if not result.nfields:
        return []
    names = [result.fname(number).decode() for number in range(result.nfields)]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


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
