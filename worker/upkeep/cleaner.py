"""One thread forgets the turns whose end was told, in one trip for all of them. What it does not come to, the sweeper makes good."""

import logging
import threading

from olamchat.db.pool import DatabaseLost
from olamchat.redis import Lost
from olamchat.services.turns import finish
from olamchat.services.turns.finish import Told

PERIOD_S = 0.25
_log = logging.getLogger(__name__)


class Tidier:
    """Collects what was told for a moment, then forgets it."""

    def __init__(self) -> None:
        self._told: list[Told] = []
        self._lock = threading.Lock()
        self._something, self._ending = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="tidier", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Forget what is left, and end."""
        self._ending.set()
        self._something.set()
        self._thread.join(5)

    def forget(self, told: Told) -> None:
        """Forget a turn within a moment."""
        with self._lock:
            self._told.append(told)
        self._something.set()

    def _run(self) -> None:
        while not self._ending.is_set():
            self._something.wait()
            self._ending.wait(PERIOD_S)
            self._something.clear()
            self._tidy()

    def _tidy(self) -> None:
        with self._lock:
            told, self._told = self._told, []
        try:
            finish.forget(told)
        except (Lost, DatabaseLost):
            _log.warning("%d turns that have ended are left to the sweeper", len(told))
        except Exception:  # noqa: BLE001, the thread has to live
            _log.exception("%d turns that have ended are left to the sweeper", len(told))
