"""Bring a database to the newest schema: each file once, in order, each in its own transaction, one runner at a time.

Each transaction takes the lock anew, so that this works through a pooler that hands out a session for one transaction only.
Run by hand: `python -m migrations up`, `status` or `wait`.
"""

import importlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from migrations import vectors


class WrongEncoding(Exception):
    """The database does not keep text as UTF-8: no migration can mend that, so nobody waits for one."""

    def __init__(self, database: str, encoding: str) -> None:
        super().__init__(
            f"The database {database} is encoded in {encoding}, and olamchat needs UTF8. Make another: "
            f"CREATE DATABASE {database} ENCODING 'UTF8' TEMPLATE template0 LOCALE 'C.UTF-8'"
        )


# Any number does, as long as every version of olamchat takes the same.
LOCK = 0x6F6C616D
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Migration:
    """One file of this folder: its name without the suffix, and the statements it brings."""

    name: str
    up: str


def known() -> Iterator[Migration]:
    """Yield every migration of this folder, oldest first."""
    for file in sorted(FOLDER.glob("[0-9]*.py")):
        if re.fullmatch(r"\d{4}_\w+", file.stem):
            yield Migration(file.stem, importlib.import_module(f"migrations.{file.stem}").UP)


def up(url: str) -> list[str]:
    """Apply what is missing and return the names of what was applied. Raises WrongEncoding, psycopg.Error; what was done before it stays done."""
    with _connect(url) as connection:
        _check_encoding(connection)
        with connection.transaction():
            _lock(connection)
            missing = _missing(connection)
        applied = [migration.name for migration in missing if _apply(connection, migration)]
        with connection.transaction():
            _lock(connection)
            vectors.ensure(connection)
        return applied


def _apply(connection: psycopg.Connection, migration: Migration) -> bool:
    """Apply one migration; False where another runner was first."""
    with connection.transaction():
        _lock(connection)
        done = connection.execute("SELECT 1 FROM migrations WHERE name = %s", [migration.name]).fetchone()
        if not done:
            connection.execute(migration.up)
            connection.execute("INSERT INTO migrations (name) VALUES (%s)", [migration.name])
    return not done


def keep_settings(url: str, settings: Mapping[str, str]) -> None:
    """Make these what every session of this role in this database begins with, for sessions that a pooler opens."""
    with _connect(url) as connection:
        for name, value in settings.items():
            statement = sql.SQL("ALTER ROLE CURRENT_USER IN DATABASE {} SET {} = {}")
            connection.execute(statement.format(sql.Identifier(connection.info.dbname), sql.Identifier(name), sql.Literal(value)))


def pending(url: str) -> list[str]:
    """Return the names of the migrations that the database lacks."""
    with _connect(url) as connection:
        return [migration.name for migration in _missing(connection)]


def wait(url: str, *, said: Callable[[str], None], every_s: float = 1.0) -> None:
    """Return once the database has every migration this code knows. Tells `said` what it waits for. Raises WrongEncoding."""
    _await(lambda: _lacking(url), said, every_s)


def wait_for_database(url: str, *, said: Callable[[str], None], every_s: float = 1.0) -> None:
    """Return once somebody may connect to the database; it may be started later than who wants it. Tells `said` what it waits for."""
    _await(lambda: _unreachable(url), said, every_s)


def _await(lacking: Callable[[], str], said: Callable[[str], None], every_s: float) -> None:
    last = ""
    while why := lacking():
        if why != last:
            said(why)
        last = why
        time.sleep(every_s)


def _unreachable(url: str) -> str:
    """Say why nobody may connect; empty once it works."""
    try:
        _connect(url).close()
    except psycopg.OperationalError as error:
        return f"waiting for the database: {error}".strip()
    return ""


def _lacking(url: str) -> str:
    """Say what stands between this code and the database, without writing to it; empty when nothing does."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            _check_encoding(connection)
            applied = {name for (name,) in connection.execute("SELECT name FROM migrations")}
    except psycopg.errors.UndefinedTable:
        return "waiting for the first migration"
    except psycopg.OperationalError as error:
        return f"waiting for the database: {error}".strip()
    missing = [migration.name for migration in known() if migration.name not in applied]
    return f"waiting for {', '.join(missing)}" if missing else ""


def _check_encoding(connection: psycopg.Connection) -> None:
    encoding = connection.info.parameter_status("server_encoding") or "UTF8"
    if encoding != "UTF8":
        raise WrongEncoding(connection.info.dbname, encoding)


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True, connect_timeout=10, prepare_threshold=None)


def _lock(connection: psycopg.Connection) -> None:
    """Let no other runner in until the transaction ends. Waiting for it, and a migration itself, may take as long as they need."""
    connection.execute("SET LOCAL statement_timeout = 0")
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _missing(connection: psycopg.Connection) -> list[Migration]:
    connection.execute("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())")
    applied = {name for (name,) in connection.execute("SELECT name FROM migrations")}
    return [migration for migration in known() if migration.name not in applied]
