"""gunicorn's gevent worker, which lets go of idle connections when it ends.

A proxy keeps connections to a pod for its next requests. gunicorn waits for them as if they were requests, so that each pod would take all of its grace to end.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import gevent
from gunicorn.workers.ggevent import GeventWorker

# A connection is idle when nothing was asked for so long; a request that is on its way has come by then.
IDLE_S = 1.0


class Worker(GeventWorker):  # type: ignore[misc]
    """Knows which connections wait for a request, and since when."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._waiting: dict[Any, tuple[float, gevent.Timeout]] = {}

    @contextmanager
    def timeout_ctx(self) -> Iterator[None]:
        """Wait for a connection's next request, no longer than connections are kept."""
        me = gevent.getcurrent()
        with gevent.Timeout(self.cfg.keepalive, False) as limit:  # type: ignore[arg-type]
            self._waiting[me] = (time.monotonic(), limit)
            try:
                yield
            finally:
                del self._waiting[me]

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        gevent.spawn(self._let_go)

    def _let_go(self) -> None:
        while True:
            gevent.sleep(IDLE_S / 4)
            for waiting, (since, limit) in list(self._waiting.items()):
                if time.monotonic() - since > IDLE_S:
                    waiting.kill(limit, block=False)
