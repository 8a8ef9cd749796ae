"""Where an Open WebUI keeps things: its SQLite file or its PostgreSQL, read and never written, and the folder of uploads beside it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from local.process import CannotStart

_FETCHED = 50


class Store(Protocol):
    """What is read of either database. Columns that a version lacks are simply not in the rows."""

    def rows(self, table: str, order: str = "id") -> Iterator[dict[str, Any]]:
        """Yield a table's rows, few of them in memory at a time; none where there is no such table."""


@contextmanager
def opened(place: str) -> Iterator[Store]:
    """Open what PATH-or-URL names. Raises CannotStart where that is no database of Open WebUI."""
    if place.startswith(("postgres://", "postgresql://")):
        with _postgres(place) as connection:
            yield _checked(Postgres(connection), place)
        return
    with _sqlite(Path(place)) as connection:
        yield _checked(Sqlite(connection), place)


def _checked(store: "Store", place: str) -> "Store":
    for table in ("user", "auth", "chat"):
        try:
            if next(store.rows(table), None) is None and table == "user":
                raise CannotStart(f"{_short(place)} has no users: it isn't an Open WebUI's database, or nobody ever used it.")
        except (sqlite3.DatabaseError, psycopg.Error) as error:
            raise CannotStart(f"{_short(place)} can't be read as an Open WebUI's database ({error}).") from None
    return store


def _short(place: str) -> str:
    return "The database" if "://" in place else place


@contextmanager
def _sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    file = path / "webui.db" if path.is_dir() else path
    if not file.is_file():
        raise CannotStart(f"There is no file {file}. Name Open WebUI's webui.db, the folder that it is in, or a postgresql:// URL.")
    connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def _postgres(url: str) -> Iterator["psycopg.Connection[dict[str, Any]]"]:
    try:
        connection = psycopg.connect(url, row_factory=dict_row, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise CannotStart(f"Open WebUI's database can't be reached ({str(error).strip().splitlines()[-1]}).") from None
    with connection:
        connection.read_only = True
        yield connection


@dataclass
class Sqlite:
    """A webui.db."""

    connection: sqlite3.Connection

    def rows(self, table: str, order: str = "id") -> Iterator[dict[str, Any]]:
        if not self.connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [table]).fetchone():
            return
        cursor = self.connection.execute(f'SELECT * FROM "{table}" ORDER BY "{order}"')  # noqa: S608 (our own words)
        while found := cursor.fetchmany(_FETCHED):
            yield from (dict(row) for row in found)


@dataclass
class Postgres:
    """The same tables in PostgreSQL."""

    connection: "psycopg.Connection[dict[str, Any]]"

    def rows(self, table: str, order: str = "id") -> Iterator[dict[str, Any]]:
        there = self.connection.execute("SELECT to_regclass(%s) AS there", [f'"{table}"']).fetchone()
        if not there or there["there"] is None:
            return
        statement = sql.SQL("SELECT * FROM {} ORDER BY {}").format(sql.Identifier(table), sql.Identifier(order))
        with self.connection.cursor(f"moving_{table}") as cursor:
            cursor.itersize = _FETCHED
            cursor.execute(statement)
            yield from cursor
