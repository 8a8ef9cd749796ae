"""Ending well: on SIGTERM the open streams are told to come back elsewhere, and only then gunicorn ends."""

import signal
import time
from functools import cache
from types import FrameType

import gevent

from functions.stream.connection import CONNECTIONS
from olamchat.fanout.hub import fanout

# How long the last bytes may take on their way.
LINGER_S = 2.0


def drain() -> None:
    """End all streams of this process, and wait until their last bytes are on their way."""
    fanout().drain()
    deadline = time.monotonic() + LINGER_S
    while CONNECTIONS._value.get() > 0 and time.monotonic() < deadline:  # noqa: SLF001, the gauge is the count
        time.sleep(0.02)


@cache
def drain_on_sigterm() -> None:
    """Drain this process's streams when it is told to end, then do what was done before. Main thread only; once is enough."""
    before = signal.getsignal(signal.SIGTERM)

    def go(number: int, stack: FrameType | None) -> None:
        drain()
        if callable(before):
            before(number, stack)

    def begin(number: int, stack: FrameType | None) -> None:
        """A signal comes in the middle of anything, where nothing may wait."""
        gevent.spawn(go, number, stack)

    signal.signal(signal.SIGTERM, begin)
