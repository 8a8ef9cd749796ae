"""Mends what a crash or a lost message left broken with steps. A thread in every step worker, one of them at work at a time.

- A step that runs without a lease: its worker is gone. What may be done twice is granted again; of a write a person is asked.
- A step that was granted while nothing in the broker says so: a message for it is sent.
- A step that waits for a person and was not told: its worker died in between. It is told.
- The load that autoscaling counts is corrected.
- A server that nobody has looked at for ten minutes: a look is sent for, since its tools may have changed.
"""

import logging

from olamchat import jobs
from olamchat.db.acting import steps as statements
from olamchat.db.pool import connected
from olamchat.environment import Environment
from olamchat.services.steps import moves, servers
from worker import metrics
from worker.upkeep.sweeping import PATIENCE_S, SEND_AT_ONCE, Sweeping, without_lease

# Seconds after which a server is looked at again.
LOOK_AGAIN_S = 600.0
LOCK = "sweeper:steps:lock"
_log = logging.getLogger(__name__)


class Sweeper(Sweeping):
    """Sweeps what steps leave behind."""

    def __init__(self, worker: str, environment: Environment) -> None:
        super().__init__(LOCK, worker, environment)

    def give_orphans_back(self) -> None:
        with connected():
            running = statements.running(self.judge_after_s - 1)
        by_name = {f"{row['message_id']}:{row['number']}": row for row in running}
        for name in without_lease(list(by_name)):
            row = by_name[name]
            if step := moves.give_back(row["message_id"], row["number"], row["attempt"]):
                _log.warning("step %s of answer %s has lost its worker: %s", row["number"], row["message_id"], step["state"])
                metrics.SWEPT.labels("step").inc()

    def send_missing(self) -> None:
        if told := moves.tell_again():
            metrics.SWEPT.labels("event").inc(told)
        with connected():
            waiting = statements.waiting(PATIENCE_S)
        for _ in range(min(waiting - jobs.STEPS.messages(), SEND_AT_ONCE)) if waiting else ():
            jobs.STEPS.send_message()
            metrics.SWEPT.labels("message").inc()

    def _look_again(self) -> None:
        """Let servers be looked at that nobody has looked at for a while: what they offer changes, and not all of them tell."""
        for name in servers.due(LOOK_AGAIN_S):
            jobs.send_check(name)

    def do_slow_duties(self) -> None:
        with connected():
            load, by_state = statements.load(), statements.by_state()
        jobs.STEPS.count(load)
        self._look_again()
        for state in statements.OPEN:
            metrics.STEPS_OPEN.labels(state).set(by_state.get(state, 0))
