"""The only door to Redis: one client for each process, a time-out on every call, and one error for "can't be reached"."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from olamchat.environment import environment

CONNECT_S = 2.0
COMMAND_S = 2.0
CONNECTIONS = 64

# What a server that is gone, comes up, or is handing over to its successor answers. Everything else is a bug and rises.
_AWAY = (
    redis.exceptions.ConnectionError,
    redis.exceptions.TimeoutError,
    redis.exceptions.BusyLoadingError,
    redis.exceptions.ReadOnlyError,
    redis.exceptions.OutOfMemoryError,
)

Client = redis.Redis
Refused = redis.exceptions.ResponseError


class Lost(Exception):
    """Redis can't be reached or can't take writes now. What it carried can be made again from Postgres."""


@contextmanager
def guard() -> Iterator[None]:
    """Turn the client's errors for an absent server into Lost."""
    try:
        yield
    except _AWAY as error:
        raise Lost(str(error)) from error


def connect(url: str | None = None, *, command_s: float | None = COMMAND_S) -> "redis.Redis":
    """Make a client with a pool of its own: bytes in and out, no hidden retries. `command_s` None waits for ever, for subscriptions."""
    pool = redis.BlockingConnectionPool.from_url(
        url or environment().redis_url,
        max_connections=CONNECTIONS,
        timeout=CONNECT_S,
        socket_connect_timeout=CONNECT_S,
        socket_timeout=command_s,
        socket_keepalive=True,
        health_check_interval=0,
        retry=Retry(NoBackoff(), 0),
        retry_on_error=[],
    )
    return redis.Redis.from_pool(pool)


@cache
def client() -> "redis.Redis":
    """Return this process's client; threads and greenlets share it."""
    return connect()
