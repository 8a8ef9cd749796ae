"""Mends what a crash or a lost message left broken. A thread in every worker, one of them at work at a time.

- A turn that runs without a lease: its worker is gone, another goes on (the attempt that takes it is higher).
- A turn that waits while nothing in the broker says so: a message for it is sent.
- An answer that has ended while its turn is still there: its end is told.
- A message that waits for an answer which has ended: it is asked.
- Files that nothing needs any more, and whatever has been kept long enough, are erased.
- The sets of loads, which autoscaling counts, are corrected; positions in the queue are told when they change.
"""

import heapq
import logging
import math
import time
from collections.abc import Mapping, Sequence

from olamchat import jobs
from olamchat.environment import Environment
from olamchat.redis import client, guard
from olamchat.services import files, follow_ups, retention
from olamchat.services.turns import finish, lifecycle
from olamchat.services.turns.lifecycle import Position
from olamchat.tokenlog import conv_topic, token_log
from olamchat.tokenlog.events import Queued, frame
from worker import metrics
from worker.upkeep.sweeping import PATIENCE_S, SEND_AT_ONCE, Sweeping, without_lease

LOCK = "sweeper:lock"
# How many positions are told at once, and how often files are looked at.
TELL_AT_ONCE = 1_000
FILES_S = 300.0
_log = logging.getLogger(__name__)


class Sweeper(Sweeping):
    """Sweeps what answers leave behind."""

    def __init__(self, worker: str, environment: Environment) -> None:
        super().__init__(LOCK, worker, environment)
        self._files_at = 0.0
        self._told: dict[str, int] = {}

    def do_slow_duties(self) -> None:
        self._tell_ends()
        metrics.SWEPT.labels("follow_up").inc(follow_ups.sweep())
        self._tell_positions()
        self._count_loads()
        metrics.LOST.set(lifecycle.lost())
        if time.monotonic() >= self._files_at:
            self._files_at = time.monotonic() + FILES_S
            for kind, erased in retention.sweep().items():
                metrics.SWEPT.labels(kind).inc(erased)
            metrics.SWEPT.labels("file").inc(files.sweep())

    def give_orphans_back(self) -> None:
        running = lifecycle.running(longer_than_s=self.judge_after_s - 1)
        free = without_lease([str(turn_id) for turn_id, _ in running])
        orphans = [turn for turn in running if str(turn[0]) in free]
        for turn_id, attempt, pool in lifecycle.give_back(orphans) if orphans else []:
            _log.warning("turn %s has lost its worker in attempt %s; another goes on", turn_id, attempt)
            metrics.SWEPT.labels("orphan").inc()
            jobs.send_turn(pool)

    def send_missing(self) -> None:
        for pool, waiting in lifecycle.waiting(longer_than_s=PATIENCE_S).items():
            with guard():
                messages = client().llen(jobs.queue_name(pool))
            for _ in range(min(waiting - int(messages), SEND_AT_ONCE)):
                jobs.send_turn(pool)
                metrics.SWEPT.labels("message").inc()

    def _tell_ends(self) -> None:
        for ended in lifecycle.untold():
            if finish.tell(ended):
                metrics.SWEPT.labels("end").inc()

    def _tell_positions(self) -> None:
        positions = lifecycle.positions()
        wrong = most_wrong(self._told, positions, TELL_AT_ONCE)
        if wrong:
            token_log().tell_all([(conv_topic(position.conversation_id), [frame(_queued(position))]) for position in wrong])
        known = {str(position.id) for position in positions}
        self._told |= {str(position.id): position.position for position in wrong}
        self._told = {turn_id: told for turn_id, told in self._told.items() if turn_id in known}

    def _count_loads(self) -> None:
        loads = lifecycle.loads()
        for pool in {*loads, *self._pools_counted()}:
            jobs.count_anew(pool, loads.get(pool, []))

    def _pools_counted(self) -> set[str]:
        with guard():
            keys = list(client().scan_iter(match="pool:{*}:load", count=1000))
        return {key.decode().removeprefix("pool:{").removesuffix("}:load") for key in keys}


def most_wrong(told: Mapping[str, int], positions: Sequence[Position], most: int) -> list[Position]:
    """Return the positions that are to be told: those of whom none was told, then those told the most wrongly for how near they are."""

    def wrong(position: Position) -> float:
        before = told.get(str(position.id))
        return math.inf if before is None else abs(before - position.position) / position.position

    return heapq.nlargest(most, (position for position in positions if wrong(position)), key=lambda one: (wrong(one), -one.position))


def _queued(position: Position) -> Queued:
    return Queued(message_id=str(position.id), position=position.position, attempt=position.attempt)
