"""What every worker without a model is: it takes leased work of one kind until there is none, and ends without losing any."""

import logging
from abc import ABC, abstractmethod
from typing import Protocol, TypeVar

from olamchat import jobs
from olamchat.db.pool import DatabaseLost
from olamchat.environment import Environment
from olamchat.redis import Lost
from worker.periodic import Periodic
from worker.upkeep.holding import Held, Holding
from worker.upkeep.leases import Leases
from worker.upkeep.pulse import Pulse

_log = logging.getLogger(__name__)


class Work(Held, Protocol):
    """A piece of work that a process holds by a lease under its name."""

    name: str

    def run(self) -> None: ...


W = TypeVar("W", bound=Work)


class Crew(Holding[W], ABC):
    """The process of such a worker. A subclass says what `take_one` is, and adds to `parts`."""

    def __init__(self, kind: jobs.Kind, environment: Environment) -> None:
        super().__init__(environment)
        self._kind = kind
        self.leases = Leases(self.id, ttl_s=environment.lease_ttl_s, heartbeat_s=environment.heartbeat_s, on_lost=self._fence)
        self.parts: tuple[Periodic, ...] = (self.leases, Pulse(environment, is_well=lambda: self.is_well))

    def take(self) -> None:
        """Do the work that waits, until there is none. Called by the tasks, each in a thread of its own."""
        while not self.ending.is_set():
            try:
                if not self.take_one():
                    return
            except DatabaseLost as error:
                _log.warning("no work could be taken from the queue %s: %s", self._kind.queue, error)
                return
        self._pass_on()

    @abstractmethod
    def take_one(self) -> bool:
        """Take a piece of work and bring it to its end; False where there is none. Raises DatabaseLost."""

    def run(self, work: W) -> None:
        """Bring a piece of work to its end."""
        with self._lock:
            self._running[work.name] = work
        try:
            work.run()
        finally:
            with self._lock:
                self._running.pop(work.name, None)

    def _pass_on(self) -> None:
        try:
            self._kind.send_message()
        except Lost:
            _log.warning("work in the queue %s could not be passed on, the sweeper sees to it", self._kind.queue)
