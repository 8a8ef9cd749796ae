"""This process's connections to Postgres: a pool that waits, cooperative under gevent."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
import peewee
import psycopg
from playhouse.pool import MaxConnectionsExceeded
from playhouse.postgres_ext import PooledPsycopg3Database
from psycopg.pq import ConnStatus, TransactionStatus
from psycopg.types.json import set_json_loads

from olamchat import clock
from olamchat.db.address import database_name, parameters
from olamchat.db.fair_semaphore import FairSemaphore
from olamchat.environment import BadSetting, environment

# Seconds to wait in line for a connection of the pool: late is better than refused. And seconds for Postgres to accept one.
CHECKOUT_S = 15
CONNECT_S = 5
# What every session has. Compiling a statement takes longer than any of ours runs.
SESSION = {"TimeZone": "UTC", "jit": "off", "statement_timeout": "15s", "idle_in_transaction_session_timeout": "30s"}
# What passes by itself though psycopg files it among internal errors: a server that became read-only with a failover, and one
# that ended a transaction as too old.
_PASSING = {"25006", "25P03", "25P04"}

_log = logging.getLogger(__name__)
set_json_loads(msgspec.json.decode)


class _Adapter(peewee.Psycopg3Adapter):
    def connect(self, db: Any, **params: Any) -> Any:
        connection: psycopg.Connection = super().connect(db, **params)  # type: ignore[no-untyped-call]
        connection.autocommit = True
        clock.follow(lambda: _time(connection))
        if db.behind_pooler:
            _settle(connection)
        return connection


class _Database(PooledPsycopg3Database):  # type: ignore[misc]
    psycopg3_adapter = _Adapter
    behind_pooler = False

    def _is_closed(self, conn: Any) -> bool:
        """Tell whether a kept connection has ended, without asking the server: peewee's SELECT 1 doubled the trips of most requests.

        What the server said when it hung up has arrived; libpq reads it without waiting. What it could not say shows with the next
        statement, and then no kept connection is trusted.
        """
        if conn.closed or conn.pgconn.transaction_status != TransactionStatus.IDLE:
            return bool(conn.closed or super()._is_closed(conn))
        try:
            conn.pgconn.consume_input()
        except psycopg.OperationalError:
            return True
        return bool(conn.pgconn.status != ConnStatus.OK)


database = _Database(None)
# Who waits for a connection waits here, in line: the pool itself only looks again every 100 ms, and lets newcomers pass.
_semaphore = FairSemaphore(1)


class DatabaseLost(Exception):
    """Postgres can't be reached, or was lost while it was asked. What was asked may or may not have been done."""


def open_database(url: str | None = None, *, size: int | None = None, pooler: str | None = None) -> None:
    """Point this process's tables at a database. No connection is made yet. Raises BadSetting."""
    global _semaphore
    most = size or environment().db_pool_size
    _semaphore = FairSemaphore(most)
    given = parameters(url or environment().database_url)
    database.behind_pooler = is_pooled(environment().database_pooler if pooler is None else pooler)
    database.close_idle()
    database.connect_params = {}  # else init adds to those of before
    database.init(
        database_name(given),
        **{"connect_timeout": CONNECT_S, **given, **_manners(given.get("options"))},
        max_connections=most,
        stale_timeout=300,
        timeout=CHECKOUT_S,
    )


def is_pooled(pooler: str) -> bool:
    """Tell whether statements share sessions with other clients'. Raises BadSetting."""
    if pooler not in {"", "transaction"}:
        raise BadSetting(f"OLAMCHAT_DATABASE_POOLER={pooler!r} is not transaction, and not empty.")
    return pooler == "transaction"


@contextmanager
def connected() -> Iterator[None]:
    """Hold one of the pool's connections for this thread, and give it back. Raises DatabaseLost, and then trusts no idle connection.

    Who holds one already goes on with it: as many as the pool has, each waiting for a second one, would wait for each other.
    """
    if not database.is_closed():
        yield
        return
    if not _semaphore.enter(CHECKOUT_S):
        raise DatabaseLost(f"no connection was free within {CHECKOUT_S} s")
    try:
        with database.connection_context():
            if clock.is_old():
                clock.follow(lambda: _time(database.connection()))
            yield
    except (peewee.DatabaseError, peewee.InterfaceError, MaxConnectionsExceeded) as error:
        if not passes(error):
            raise
        database.close_idle()
        raise DatabaseLost(str(error)) from error
    finally:
        _semaphore.leave()


def passes(error: Exception) -> bool:
    """Tell whether the database refused for now; anything else is a bug."""
    if isinstance(error, peewee.OperationalError | peewee.InterfaceError | MaxConnectionsExceeded):
        return True
    cause = getattr(error, "orig", None)
    return isinstance(cause, psycopg.Error) and (cause.sqlstate in _PASSING or _is_stale_plan(cause))


def _is_stale_plan(error: psycopg.Error) -> bool:
    """Tell whether a migration changed a table under a prepared statement; a new connection prepares it again."""
    return error.sqlstate == "0A000" and error.diag.source_function == "RevalidateCachedQuery"


def _manners(options: Any) -> dict[str, Any]:
    """Return how a session begins. A pooler refuses `options`, and hands the next statement to a server that has not prepared it."""
    if database.behind_pooler:
        return {"prepare_threshold": None}
    ours = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    return {"options": f"{ours} {options or ''}".strip()}


def _time(connection: psycopg.Connection) -> datetime:
    [told] = connection.execute("SELECT clock_timestamp()").fetchone() or [None]
    assert isinstance(told, datetime)
    return told


def _settle(connection: psycopg.Connection) -> None:
    """Give the pooler's server connection our settings where its role does not have them (`python -m migrations up` writes them)."""
    differing = "SELECT name FROM (SELECT * FROM unnest(%s::text[], %s::text[])) AS v (name, value) WHERE current_setting(name) <> value"
    names = [name for (name,) in connection.execute(differing, [list(SESSION), list(SESSION.values())])]
    for name in names:
        connection.execute("SELECT set_config(%s, %s, false)", [name, SESSION[name]])
    if names:
        _log.warning("the database's role lacks %s; `python -m migrations up` with OLAMCHAT_DATABASE_POOLER sets it", ", ".join(names))
