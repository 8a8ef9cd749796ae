"""Makes right what a crash or a lost message left wrong. A thread in every worker, one of them at work at a time.

- A turn that runs and has no lease: its worker is gone, another goes on (the attempt that takes it is higher).
- A turn that waits while nothing in the broker says so: a message for it is sent.
- An answer that has ended and whose turn is still there: its end is told.
- Files that nothing needs any more, and what has been kept long enough: they are erased.
- The sets of loads, which autoscaling counts; and positions in the queue, told when they change.
"""

import heapq
import logging
import math
import time
from collections.abc import Mapping, Sequence

from olamchat import jobs
from olamchat.environment import Environment
from olamchat.redis import Lost, client, guard
from olamchat.services import files, retention
from olamchat.services.turns import finish, lifecycle
from olamchat.services.turns.lifecycle import Position
from olamchat.tokenlog import conv_topic, token_log
from olamchat.tokenlog.events import Queued, frame
from worker import metrics
from worker.periodic import Periodic
from worker.upkeep import leases

LOCK = "sweeper:lock"
EPOCH = "sweeper:epoch"
# A turn waits this long before a message for it is missed.
PATIENCE_S = 1.0
SEND_AT_ONCE = 100
# How often the slower duties are done, and how many positions are told at once.
SLOW_S = 2.0
TELL_AT_ONCE = 1_000
FILES_S = 300.0

_log = logging.getLogger(__name__)

# KEYS lock, epoch; ARGV worker, milliseconds. Returns -1: another sweeps; else for how many milliseconds this Redis has known sweepers.
TAKE_LOCK = """
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return -1 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', KEYS[2], now, 'NX')
return now - tonumber(redis.call('GET', KEYS[2]))
"""


class Sweeper(Periodic):
    """Sweeps every `sweep_s`."""

    def __init__(self, worker: str, environment: Environment) -> None:
        super().__init__("sweeper", environment.sweep_s)
        self._worker, self._sweep_s = worker, environment.sweep_s
        self._judge_after_s = environment.lease_ttl_s + environment.heartbeat_s
        self._lock = client().register_script(TAKE_LOCK)
        self._judge_from = 0.0
        self._slow_at = 0.0
        self._files_at = 0.0
        self._told: dict[str, int] = {}

    def stop(self, wait_s: float = 5) -> None:
        """End, and let another sweep at once."""
        super().stop(wait_s)
        try:
            with guard():
                if client().get(LOCK) == self._worker.encode():
                    client().delete(LOCK)
        except Lost:
            _log.warning("the sweeper's lock could not be given back, it falls by itself")

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
            self._tell_ends()
            self._tell_positions()
            self._count_loads()
            metrics.LOST.set(lifecycle.lost())
        if time.monotonic() >= self._files_at:
            self._files_at = time.monotonic() + FILES_S
            for kind, erased in retention.sweep().items():
                metrics.SWEPT.labels(kind).inc(erased)
            metrics.SWEPT.labels("file").inc(files.sweep())

    def _give_orphans_back(self) -> None:
        running = lifecycle.running(longer_than_s=self._judge_after_s - 1)
        if not running:
            return
        with guard():
            held = client().mget([leases.key(str(turn_id)) for turn_id, _ in running])
        orphans = [turn for turn, lease in zip(running, held, strict=True) if lease is None]
        for turn_id, attempt, pool in lifecycle.give_back(orphans) if orphans else []:
            _log.warning("turn %s has lost its worker in attempt %s; another goes on", turn_id, attempt)
            metrics.SWEPT.labels("orphan").inc()
            jobs.send_turn(pool)

    def _send_missing(self) -> None:
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
