"""The only door to Redis: one client for each process, a time-out on every call, and one error for "can't be reached"."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from olamchat import redis_url
from olamchat.environment import environment

CONNECT_S = 2.0
COMMAND_S = 2.0
CONNECTIONS = 64

# What a server that is gone, comes up, or is handing over to its successor answers. Everything else is a bug and rises.
_AWAY = (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError)
# The words a server refuses with that is there but can't do it now: which of them redis-py has a class for differs by its version.
REFUSALS = (
    "BUSY", "CLUSTERDOWN", "DENIED", "LOADING", "MASTERDOWN", "MISCONF", "MOVED", "NOPERM", "NOREPLICAS", "OOM", "READONLY",
    "TRYAGAIN", "UNBLOCKED", "WRONGTYPE",
)  # fmt: skip
_CLASSES = (
    redis.exceptions.AskError,  # and MOVED
    redis.exceptions.ClusterDownError,  # and MASTERDOWN
    redis.exceptions.NoPermissionError,
    redis.exceptions.OutOfMemoryError,
    redis.exceptions.ReadOnlyError,
    redis.exceptions.TryAgainError,
)
# An error stands alone, or after what a pipeline or an old server's script puts before it.
_REFUSED = re.compile(rf"(?:^|caused error: |: -)(?:{'|'.join(REFUSALS)})\b")

Client = redis.Redis
Refused = redis.exceptions.ResponseError


class Lost(Exception):
    """Redis can't be reached or can't take writes now. What it carried can be made again from Postgres."""


def passes(error: Exception) -> bool:
    """Tell whether an error of the client's says that the server can't be reached, or can't do now what it can at other times."""
    return isinstance(error, (*_AWAY, *_CLASSES)) or (isinstance(error, Refused) and bool(_REFUSED.search(str(error))))


@contextmanager
def guard() -> Iterator[None]:
    """Turn the client's errors for a server that is absent or refuses for now into Lost."""
    try:
        yield
    except redis.exceptions.RedisError as error:
        if not passes(error):
            raise
        raise Lost(str(error)) from error


def connect(url: str | None = None, *, command_s: float | None = COMMAND_S) -> "redis.Redis":
    """Make a client with a pool of its own: bytes in and out, no hidden retries. `command_s` None waits for ever, for subscriptions.

    Raises BadSetting.
    """
    pool = redis.BlockingConnectionPool.from_url(
        redis_url.check(url or environment().redis_url),
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
