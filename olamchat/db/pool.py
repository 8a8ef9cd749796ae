"""This process's connections to Postgres: a pool that waits, cooperative under gevent."""

from urllib.parse import unquote, urlsplit

from playhouse.postgres_ext import PooledPsycopg3Database

from olamchat.environment import environment

# Seconds to wait for a free connection of the pool, and for Postgres to accept one.
CHECKOUT_S = 5
CONNECT_S = 5

database = PooledPsycopg3Database(None)


def open_database(url: str | None = None, *, size: int | None = None) -> None:
    """Point this process's tables at a database. No connection is made yet."""
    parts = urlsplit(url or environment().database_url)
    database.init(
        unquote(parts.path.lstrip("/")),
        host=parts.hostname,
        port=parts.port or 5432,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or "") or None,
        connect_timeout=CONNECT_S,
        options="-c timezone=UTC -c statement_timeout=15s -c idle_in_transaction_session_timeout=30s",
        max_connections=size or environment().db_pool_size,
        stale_timeout=300,
        timeout=CHECKOUT_S,
    )
