"""What follows the end of an answer: it is told, what waits for it is asked, and its turn is forgotten.

One thread forgets the turns, in one trip for all of them. What is not come to, the sweeper makes good.
"""

import logging
import threading

from olamchat.db.pool import DatabaseLost
from olamchat.redis import Lost
from olamchat.services import follow_ups
from olamchat.services.turns import finish
from olamchat.services.turns.finish import Ended, ToldEnd
from worker.periodic import Periodic

PERIOD_S = 0.25
_log = logging.getLogger(__name__)


class Tidier(Periodic):
    """Collects what was told for a moment, then forgets it."""

    def __init__(self) -> None:
        super().__init__("cleaner", PERIOD_S)
        self._told: list[ToldEnd] = []
        self._lock = threading.Lock()

    def tell(self, ended: Ended) -> None:
        """Tell an end to everybody, and ask what waits for it."""
        try:
            finish.tell(ended, later=self.forget)
            if ended.followed:
                follow_ups.ask_next(ended.row["conversation_id"])
        except (Lost, DatabaseLost):
            _log.warning("what follows answer %s is left to the sweeper", ended.row["id"])

    def forget(self, told: ToldEnd) -> None:
        """Forget a turn within a moment."""
        with self._lock:
            self._told.append(told)

    def round(self) -> None:
        with self._lock:
            told, self._told = self._told, []
        if not told:
            return
        try:
            finish.forget(told)
        except (Lost, DatabaseLost):
            _log.warning("%d turns that have ended are left to the sweeper", len(told))

    def finish(self) -> None:
        self.round()
