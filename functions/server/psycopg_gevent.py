"""How a greenlet waits for Postgres: by one watcher of gevent's own loop. psycopg's own way under gevent makes a poll object for each statement."""

from typing import Any, TypeVar

from gevent import get_hub, monkey
from psycopg import waiting
from psycopg.abc import PQGen

T = TypeVar("T")


def cooperate() -> None:
    """Let statements of this process wait in gevent's loop, where the standard library is gevent's; else change nothing."""
    if monkey.is_module_patched("select"):
        waiting.wait = _wait


def _wait(gen: PQGen[T], fileno: int, interval: float = 0, timeout: float | None = None) -> T:
    """Drive a statement to its end, as psycopg.waiting.wait does. `interval` is for signals, which gevent sees by itself."""
    if timeout is not None:
        return waiting.wait_poll(gen, fileno, interval, timeout)
    try:
        wanted: int = next(gen)
        while True:
            wanted = gen.send(_ready(fileno, wanted))
    except StopIteration as end:
        result: T = end.value
        return result


def _ready(fileno: int, wanted: int) -> Any:
    """Wait until the connection can be read or written, and say which."""
    hub = get_hub()
    # psycopg's and libev's bits are the same: 1 to read, 2 to write.
    watcher = hub.loop.io(fileno, wanted)
    try:
        hub.wait(watcher)
    finally:
        watcher.close()
    return wanted & waiting.READY_RW
