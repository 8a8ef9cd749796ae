"""What every worker without a model is: it takes leased work of one kind until there is none, and ends without losing any."""

import logging
import os
import socket
import threading
import time
from typing import Generic, Protocol, TypeVar
from uuid import uuid4

from olamchat import jobs
from olamchat.db.pool import DatabaseLost
from olamchat.environment import Environment
from olamchat.redis import Lost
from worker.periodic import Periodic
from worker.upkeep.leases import Leases
from worker.upkeep.pulse import Pulse

# Seconds in which what was handed over ends; after that the process ends itself.
LAST_S = 10.0
_log = logging.getLogger(__name__)


class Work(Protocol):
    """A piece of work that a process holds by a lease under its name."""

    name: str

    def run(self) -> None: ...

    def fence(self) -> None: ...

    def hand_over(self) -> None: ...


W = TypeVar("W", bound=Work)


class Crew(Generic[W]):
    """The process of such a worker. A subclass says what `take_one` is, and adds to `parts`."""

    def __init__(self, kind: jobs.Kind, environment: Environment) -> None:
        self.id = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"
        self.ending = threading.Event()
        self._kind, self._grace_s = kind, environment.worker_grace_s
        self._running: dict[str, W] = {}
        self._lock = threading.Lock()
        self.leases = Leases(self.id, ttl_s=environment.lease_ttl_s, heartbeat_s=environment.heartbeat_s, on_lost=self._fence)
        self.parts: tuple[Periodic, ...] = (self.leases, Pulse(environment, is_well=lambda: self.is_well))

    @property
    def is_well(self) -> bool:
        """Whether every part goes round: an outage hinders none of them, a thread that hangs does."""
        return all(part.is_well for part in self.parts)

    def start(self) -> None:
        """Start the threads that work for all."""
        for part in self.parts:
            part.start()

    def stop(self) -> None:
        """End them, the ones first that bring work."""
        for part in reversed(self.parts):
            part.stop()

    def drain(self) -> None:
        """Take nothing more; hand over after the grace what is not done by then. Returns at once, as a signal's handler must."""
        if not self.ending.is_set():
            self.ending.set()
            threading.Thread(target=self._hand_over, name="grace", daemon=True).start()

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

    def take_one(self) -> bool:
        """Take a piece of work and bring it to its end; False where there is none. Raises DatabaseLost."""
        raise NotImplementedError

    def run(self, work: W) -> None:
        """Bring a piece of work to its end."""
        with self._lock:
            self._running[work.name] = work
        try:
            work.run()
        finally:
            with self._lock:
                self._running.pop(work.name, None)

    def all(self) -> list[W]:
        """Return what runs here."""
        with self._lock:
            return list(self._running.values())

    def _hand_over(self) -> None:
        deadline = time.monotonic() + self._grace_s
        while self._running and time.monotonic() < deadline:
            time.sleep(0.05)
        for work in self.all():
            work.hand_over()
        time.sleep(LAST_S)
        _log.error("worker %s does not end by itself", self.id)
        os._exit(1)

    def _pass_on(self) -> None:
        try:
            self._kind.send_message()
        except Lost:
            _log.warning("work in the queue %s could not be passed on, the sweeper sees to it", self._kind.queue)

    def _fence(self, name: str) -> None:
        if work := self._running.get(name):
            work.fence()
