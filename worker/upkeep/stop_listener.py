"""One thread hears that somebody wants an answer stopped. What it misses the keeper sees: the wish is also in the turn's row."""

import logging
import threading
from collections.abc import Callable

from olamchat import stops
from olamchat.redis import Lost

AGAIN_S = 0.5
_log = logging.getLogger(__name__)


class Ear:
    """Calls `on_stop` with the id of each turn that is to be stopped, whoever runs it."""

    def __init__(self, on_stop: Callable[[str], None]) -> None:
        self._on_stop = on_stop
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stops", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                for turn_id in stops.listen():
                    if self._ending.is_set():
                        return
                    if turn_id is not None:
                        self._on_stop(turn_id)
            except Lost:
                _log.warning("stops are not heard: Redis can't be reached")
            self._ending.wait(AGAIN_S)
