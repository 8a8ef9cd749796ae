"""Makes right what a crash or a lost message left wrong with steps. A thread in every step worker, one of them at work at a time.

- A step that runs and has no lease: its worker is gone. What may be done twice is granted again; of a write a person is asked.
- A step that was granted while nothing in the broker says so: a message for it is sent.
- The load that autoscaling counts.
"""

import logging
import time

from olamchat import jobs
from olamchat.db import steps as statements
from olamchat.db.pool import connected
from olamchat.environment import Environment
from olamchat.redis import Lost, client, guard
from olamchat.services.steps import moves
from worker import metrics
from worker.periodic import Periodic
from worker.upkeep import leases, sweeper

LOCK, EPOCH = "sweeper:steps:lock", sweeper.EPOCH
PATIENCE_S = 1.0
SEND_AT_ONCE = 100
SLOW_S = 2.0
_log = logging.getLogger(__name__)


class Sweeper(Periodic):
    """Sweeps every `sweep_s`."""

    def __init__(self, worker: str, environment: Environment) -> None:
        super().__init__("sweeper", environment.sweep_s)
        self._worker, self._sweep_s = worker, environment.sweep_s
        self._judge_after_s = environment.lease_ttl_s + environment.heartbeat_s
        self._lock = client().register_script(sweeper.TAKE_LOCK)
        self._judge_from = self._slow_at = 0.0

    def round(self) -> None:
        try:
            self.sweep()
        except Lost:
            # Leases could not be renewed either: judge nobody before all have had the time.
            self._judge_from = time.monotonic() + self._judge_after_s
            raise

    def sweep(self) -> None:
        """Do what is to be done now, if it is this worker's turn to sweep."""
        with guard():
            known_ms = int(self._lock(keys=[LOCK, EPOCH], args=[self._worker, int(max(self._sweep_s * 4, 2.0) * 1000)]))
        if known_ms < 0:
            return
        if known_ms >= self._judge_after_s * 1000 and time.monotonic() >= self._judge_from:
            self._give_orphans_back()
        self._send_missing()
        if time.monotonic() >= self._slow_at:
            self._slow_at = time.monotonic() + SLOW_S
            self._count()

    def _give_orphans_back(self) -> None:
        with connected():
            running = statements.running(self._judge_after_s - 1)
        if not running:
            return
        with guard():
            held = client().mget([leases.key(f"{row['message_id']}:{row['number']}") for row in running])
        for row, lease in zip(running, held, strict=True):
            if lease is None and (step := moves.give_back(row["message_id"], row["number"], row["attempt"])):
                _log.warning("step %s of answer %s has lost its worker: %s", row["number"], row["message_id"], step["state"])
                metrics.SWEPT.labels("step").inc()

    def _send_missing(self) -> None:
        with connected():
            waiting = statements.waiting(PATIENCE_S)
        for _ in range(min(waiting - jobs.step_messages(), SEND_AT_ONCE)) if waiting else ():
            jobs.send_step_message()
            metrics.SWEPT.labels("message").inc()

    def _count(self) -> None:
        with connected():
            load, by_state = statements.load(), statements.by_state()
        jobs.count_steps(load)
        for state in statements.OPEN:
            metrics.STEPS_OPEN.labels(state).set(by_state.get(state, 0))
