"""What every worker process does, whatever it works on: its parts go round, and it ends without losing what it holds."""

import logging
import os
import socket
import threading
import time
from typing import Generic, Protocol, TypeVar
from uuid import uuid4

from olamchat.environment import Environment
from worker.periodic import Periodic

# What is left to the process after its grace, before it ends whatever may still hang.
LAST_S = 10.0
_log = logging.getLogger(__name__)


class Held(Protocol):
    """Work that a process holds by a lease. Both may come from any thread."""

    def fence(self) -> None: ...

    def hand_over(self) -> None: ...


H = TypeVar("H", bound=Held)


class Holding(Generic[H]):
    """A process with `parts` and, by name, the work that it holds."""

    parts: tuple[Periodic, ...]

    def __init__(self, environment: Environment) -> None:
        self.id = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"
        self.ending = threading.Event()
        self._grace_s = environment.worker_grace_s
        self._running: dict[str, H] = {}
        self._lock = threading.Lock()

    @property
    def is_well(self) -> bool:
        """Whether every part goes round: an outage hinders none of them, a thread that hangs does."""
        return all(part.is_well for part in self.parts)

    def start(self) -> None:
        """Start the parts' threads."""
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

    def leave(self) -> None:
        """Let other workers go on with what runs here."""
        for held in self.all():
            held.hand_over()

    def all(self) -> list[H]:
        """Return what runs here."""
        with self._lock:
            return list(self._running.values())

    def _hand_over(self) -> None:
        deadline = time.monotonic() + self._grace_s
        while self._running and time.monotonic() < deadline:
            time.sleep(0.05)
        self.leave()
        time.sleep(LAST_S)
        _log.error("worker %s does not end by itself", self.id)
        os._exit(1)

    def _fence(self, name: str) -> None:
        if held := self._running.get(name):
            held.fence()
