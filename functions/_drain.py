"""Ending well: on SIGTERM the open streams are told to come back elsewhere, before gunicorn waits for them to end."""

import signal
from types import FrameType

from olamchat.services.fanout import fanout


def drain_on_sigterm() -> None:
    """Drain this process's streams when it is told to end, then do what was done before. Main thread only."""
    before = signal.getsignal(signal.SIGTERM)

    def drain(number: int, stack: FrameType | None) -> None:
        fanout().drain()
        if callable(before):
            before(number, stack)

    signal.signal(signal.SIGTERM, drain)
