"""A turn that may have killed a worker runs in a process of its own (worker/apart.py): what it does there, it does to nobody else."""

import logging
import subprocess
import sys
import threading

from olamchat import jobs
from olamchat.db.pool import DatabaseLost
from olamchat.redis import Lost
from olamchat.services.turns import lifecycle
from olamchat.services.turns.lifecycle import Partial, Taken
from worker import metrics
from worker.upkeep.leases import Leases

# Turns of one worker that run apart at once: each is a process.
AT_ONCE = threading.BoundedSemaphore(4)
_log = logging.getLogger(__name__)


class Apart:
    """Starts the process, waits for it, and gives the turn back when it dies. Stops and fences reach the turn there."""

    def __init__(self, turn: Taken, *, leases: Leases) -> None:
        self.turn, self._leases = turn, leases
        self.id = str(turn.id)
        self.made_another = True  # perhaps: it is not told
        self._process: subprocess.Popen[bytes] | None = None
        self._leaving = threading.Event()

    def stop(self) -> None: ...

    def fence(self) -> None: ...

    def partial(self) -> Partial | None:
        """Return nothing: the process saves its text itself."""
        return None

    def hand_over(self) -> None:
        """Let the process hand the turn to another worker."""
        self._leaving.set()
        if self._process is not None:
            self._process.terminate()

    def run(self) -> None:
        """Wait for the process to bring the turn to its end."""
        self._leases.hold(self.id, self.turn.attempt)  # also while it starts
        try:
            with AT_ONCE:
                code = self._wait()
            if code != 0:
                self._give_back(code)
        except (Lost, DatabaseLost):
            _log.warning("turn %s is left to the sweeper", self.id)
        finally:
            self._leases.release(self.id)

    def _wait(self) -> int | None:
        if self._leaving.is_set():
            return None
        _log.warning("turn %s runs apart in attempt %d: workers died while it ran", self.id, self.turn.attempt)
        metrics.APART.labels(self.turn.pool).inc()
        self._process = subprocess.Popen([sys.executable, "-m", "worker.apart", self.id, str(self.turn.attempt)])
        if self._leaving.is_set():
            self._process.terminate()
        return self._process.wait()

    def _give_back(self, code: int | None) -> None:
        """Let another attempt follow. The death is the turn's own, unless this worker ended the process."""
        held = [(self.turn.id, self.turn.attempt)]
        if self._leaving.is_set():
            pool = lifecycle.hand_back(turn_id=self.turn.id, attempt=self.turn.attempt)
        else:
            _log.error("the process of turn %s ended with %s", self.id, code)
            pool = next((given for _, _, given in lifecycle.give_back(held, alone=True)), None)
        if pool is not None:
            jobs.send_turn(pool)
