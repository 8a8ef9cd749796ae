"""One worker process: its parts, the turns it runs, and how it ends."""

import logging
import time
from collections.abc import Callable
from typing import Protocol

from olamchat import jobs, logs
from olamchat.db.pool import DatabaseLost
from olamchat.environment import Environment
from olamchat.redis import Lost
from olamchat.services.turns import lifecycle
from olamchat.services.turns.lifecycle import Partial, Taken
from olamchat.tokenlog import token_log
from olamchat.tokenlog.base import Fate
from worker import metrics
from worker.answer.apart import Apart
from worker.answer.embedding import Embedding
from worker.answer.engine_reader import Listener
from worker.answer.flusher import Flusher
from worker.answer.runner import Runner
from worker.answer.text import Writing
from worker.answer.titles import Titling
from worker.periodic import Periodic
from worker.pools.config import Pools
from worker.pools.finder import finder
from worker.upkeep.checkpointer import Checkpointer
from worker.upkeep.cleaner import Tidier
from worker.upkeep.holding import Held, Holding
from worker.upkeep.leases import Leases
from worker.upkeep.presence import Announcer
from worker.upkeep.puller import Puller
from worker.upkeep.pulse import Pulse
from worker.upkeep.scale_in import ScaleIn
from worker.upkeep.stop_listener import StopListener
from worker.upkeep.sweeper import Sweeper

# How long a message waits for room in its pool before the turn is left to whoever ends one.
ROOM_S = 0.5
_log = logging.getLogger(__name__)


class Running(Held, Protocol):
    """A turn that runs in this process. `made_another`: its end made the turn of a title, of which no message tells."""

    id: str
    turn: Taken
    made_another: bool

    def run(self) -> None: ...

    def stop(self) -> None: ...

    def partial(self) -> Partial | None: ...


class Process(Holding[Running]):
    """The parts of a worker. `take` is called by the tasks, each in a thread of its own. `alone`: it runs one turn that others took."""

    def __init__(self, environment: Environment, pools: Pools, *, alone: bool = False) -> None:
        super().__init__(environment)
        self.pools = pools
        # What is to happen when the file of pools names new ones or leaves some out; the app that hears their queues sets it.
        self.on_pools: Callable[[list[str], list[str]], None] = lambda _came, _went: None
        self._owed: set[str] = set()
        self._taken = 0
        self._log = token_log()
        self.flusher = Flusher(self._log, claim_again=self._claim_again, on_stale=lambda writing: self._fence(writing.turn_id))
        self.listener = Listener(self.flusher)
        self.leases = Leases(
            self.id,
            ttl_s=environment.lease_ttl_s,
            heartbeat_s=environment.heartbeat_s,
            on_lost=self._fence,
        )
        self.tidier = Tidier()
        self._finder = finder(environment)
        self._alone = alone
        of_turns = (
            self.tidier,
            self.leases,
            self.flusher,
            self.listener,
            Checkpointer(self._partials, on_lost=self._fence, on_stop=self._stop_turn),
            StopListener(self._stop_turn),
        )
        self.parts: tuple[Periodic, ...] = of_turns if alone else (*of_turns, *self._of_worker(environment, pools))

    def _of_worker(self, environment: Environment, pools: Pools) -> tuple[Periodic, ...]:
        return (
            Announcer(
                self.id,
                pools,
                capacity=environment.concurrency,
                running=lambda: (len(self._running), self._taken),
                on_change=self._change_pools,
            ),
            Puller(self.id, pools),
            Sweeper(self.id, environment),
            ScaleIn(environment, running=lambda: len(self._running)),
            Pulse(environment, is_well=lambda: self.is_well),
        )

    def take(self, pool: str) -> bool:
        """Run the turn whose turn it is in the pool, to its end, and then as many as it made, and those that found no room before.

        False when there is none, when the pool has no room, or when this worker is ending.
        """
        first = ran = self._take(pool)
        while ran is not None and (ran.made_another or pool in self._owed):
            ran = self._take(pool)
        return first is not None

    def _take(self, pool: str) -> Running | None:
        if self.ending.is_set():
            self._pass_on(pool)
            return None
        if not self._enter(pool):
            self._owed.add(pool)
            return None
        try:
            return self._take_next(pool)
        finally:
            self.pools[pool].leave()

    def _enter(self, pool: str) -> bool:
        """Count a turn into the pool; wait a moment for room where there is none."""
        deadline = time.monotonic() + ROOM_S
        while not self.pools[pool].take():
            if self.pools[pool].waits or self.ending.wait(0.02) or time.monotonic() > deadline:
                return False
        return True

    def _take_next(self, pool: str) -> Running | None:
        try:
            turn = lifecycle.take(worker=self.id, pools=[pool])
        except DatabaseLost as error:
            _log.warning("pool %s: no turn could be taken: %s", pool, error)
            return None
        if turn is None:
            self._owed.discard(pool)
            return None
        return self.run(turn)

    def run(self, turn: Taken) -> Running:
        """Run a turn that was taken to its end."""
        metrics.TAKEN.labels(turn.kind, turn.pool).inc()
        if turn.attempt > 1 and turn.kind == "answer":
            metrics.TAKEN_OVER.labels(turn.pool).inc()
        running = self._prepare(turn)
        with self._lock:
            self._taken += 1
            self._running[running.id] = running
        metrics.RUNNING.labels(turn.pool).inc()
        try:
            with logs.about(conversation=str(turn.conversation_id), **{turn.kind: running.id}):
                running.run()
        finally:
            metrics.RUNNING.labels(turn.pool).dec()
            with self._lock:
                self._running.pop(running.id, None)
        return running

    def _prepare(self, turn: Taken) -> Running:
        pool = self.pools[turn.pool]
        if turn.is_suspect and not turn.kills and not self._alone:
            return Apart(turn, leases=self.leases)
        if turn.kind == "title":
            return Titling(turn, pool, self._log, leases=self.leases, tidier=self.tidier)
        if turn.request is not None and "embed" in turn.request:
            return Embedding(turn, pool, self._log, leases=self.leases, tidier=self.tidier)
        return Runner(turn, pool, self._log, self.listener, leases=self.leases, tidier=self.tidier, finder=self._finder)

    def _change_pools(self, came: list[str], went: list[str]) -> None:
        _log.info("pools that came: %s; that went: %s", came, went)
        self.on_pools(came, went)

    def _pass_on(self, pool: str) -> None:
        try:
            jobs.send_turn(pool)
        except Lost:
            _log.warning("pool %s: a turn could not be passed on, the sweeper sees to it", pool)

    def _partials(self) -> list[Partial]:
        return [partial for running in self.all() if (partial := running.partial()) is not None]

    def _stop_turn(self, turn_id: str) -> None:
        if running := self._running.get(turn_id):
            running.stop()

    def _claim_again(self, writing: Writing) -> Fate:
        running = self._running.get(writing.turn_id)
        return running.claim_again() if isinstance(running, Runner) else "stale"
