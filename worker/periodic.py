"""What every part of a worker is: one thread that goes round again and again, whatever a round raises."""

import logging
import threading
import time
from collections.abc import Callable

from olamchat.db.pool import DatabaseLost
from olamchat.redis import Lost
from worker.metrics import ROUND_AGE, ROUNDS_FAILED

# How long a part may take for a round before the worker counts as hung: longer than any time-out of a store or an engine's list of models.
STUCK_S = 120.0
# The pause after a failed round: it doubles up to the second; a part whose period is longer just waits for its next round.
BACK_OFF_S = (0.1, 1.0)
_log = logging.getLogger(__name__)


class Periodic:
    """A part named `name` that does its `round` every `period_s`. A round that failed is logged and counted, and the next one comes."""

    def __init__(self, name: str, period_s: float = 0.0, *, at_once: bool = False, limit_s: float = STUCK_S) -> None:
        self.name, self._period_s, self._limit_s = name, period_s, limit_s
        self._pause_s = 0.0 if at_once else period_s
        self._failures = 0
        self._round_at = time.monotonic()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def idle_s(self) -> float:
        """How long ago the last round ended, well or not."""
        return time.monotonic() - self._round_at

    @property
    def is_well(self) -> bool:
        """Whether it goes round: it was not started, or has not been at one round for too long."""
        return self._thread.ident is None or self.idle_s < self._limit_s

    def start(self) -> None:
        self._round_at = time.monotonic()
        ROUND_AGE.labels(self.name).set_function(lambda: self.idle_s)
        self._thread.start()

    def stop(self, wait_s: float = 5) -> None:
        """End after the round that it is at, and after finish()."""
        self._ending.set()
        self.wake()
        if self._thread.ident is not None:
            self._thread.join(wait_s)

    def round(self) -> None:
        """Do once what this part is for."""
        raise NotImplementedError

    def come_round(self) -> None:
        """Note that a round has ended, well or not."""
        self._round_at = time.monotonic()

    def wake(self) -> None:
        """Let a round that waits for something to do end."""

    def finish(self) -> None:
        """Do what is left before the thread ends."""

    def _run(self) -> None:
        while not self._ending.wait(self._pause_s):
            self._failures = 0 if self._goes_well(self.round) else self._failures + 1
            shortest, longest = BACK_OFF_S
            back_off_s = min(longest, shortest * 2 ** min(self._failures, 10)) if self._failures else 0.0
            self._pause_s = max(self._period_s, back_off_s)
            self._goes_well(self.come_round)
        self._goes_well(self.finish)

    def _goes_well(self, work: Callable[[], None]) -> bool:
        try:
            work()
        except (Lost, DatabaseLost) as away:
            _log.warning("%s: %s", self.name, away)
        except Exception:  # noqa: BLE001, a part that ended would never come back
            _log.exception("%s failed", self.name)
        else:
            return True
        ROUNDS_FAILED.labels(self.name).inc()
        return False
