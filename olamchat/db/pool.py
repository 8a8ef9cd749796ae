"""This process's connections to Postgres: a pool that waits, cooperative under gevent."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
import peewee
import psycopg
from playhouse.pool import MaxConnectionsExceeded
from playhouse.postgres_ext import PooledPsycopg3Database
from psycopg.pq import ConnStatus, TransactionStatus
from psycopg.types.json import set_json_loads

from olamchat.db.fair_semaphore import Turnstile
from olamchat.environment import environment

# Seconds to wait in line for a connection of the pool: late is better than refused. And seconds for Postgres to accept one.
CHECKOUT_S = 15
CONNECT_S = 5

set_json_loads(msgspec.json.decode)


class _Database(PooledPsycopg3Database):  # type: ignore[misc]
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
_turnstile = Turnstile(1)


class DatabaseLost(Exception):
    """Postgres can't be reached, or was lost while it was asked. What was asked may or may not have been done."""


def open_database(url: str | None = None, *, size: int | None = None) -> None:
    """Point this process's tables at a database. No connection is made yet."""
    global _turnstile
    most = size or environment().db_pool_size
    _turnstile = Turnstile(most)
    parts = urlsplit(url or environment().database_url)
    database.init(
        unquote(parts.path.lstrip("/")),
        host=parts.hostname,
        port=parts.port or 5432,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or "") or None,
        connect_timeout=CONNECT_S,
        # Compiling a statement takes longer than any of ours runs.
        options="-c timezone=UTC -c jit=off -c statement_timeout=15s -c idle_in_transaction_session_timeout=30s",
        max_connections=most,
        stale_timeout=300,
        timeout=CHECKOUT_S,
    )


@contextmanager
def connected() -> Iterator[None]:
    """Hold one of the pool's connections for this thread, and give it back. Raises DatabaseLost, and then trusts no idle connection."""
    if not _turnstile.enter(CHECKOUT_S):
        raise DatabaseLost(f"no connection was free within {CHECKOUT_S} s")
    try:
        with database.connection_context():
            yield
    except (peewee.OperationalError, peewee.InterfaceError, MaxConnectionsExceeded) as error:
        database.close_idle()
        raise DatabaseLost(str(error)) from error
    finally:
        _turnstile.leave()
