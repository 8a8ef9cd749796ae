"""A line to stand in: who came first goes first. threading's semaphore lets newcomers pass, and some then wait for ever."""

import threading
from collections import deque


class FairSemaphore:
    """Lets `places` threads or greenlets in at once."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._lock = threading.Lock()
        self._line: deque[threading.Lock] = deque()

    def enter(self, timeout_s: float) -> bool:
        """Wait for a place. False when none came in time."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            gate = threading.Lock()
            gate.acquire()
            self._line.append(gate)
        return gate.acquire(timeout=timeout_s) or not self._gives_up(gate)

    def leave(self) -> None:
        """Give the place to who is first in line."""
        with self._lock:
            if self._line:
                self._line.popleft().release()
            else:
                self._free += 1

    def _gives_up(self, gate: threading.Lock) -> bool:
        """Leave the line; False when the place came just now."""
        with self._lock:
            if gate in self._line:
                self._line.remove(gate)
                return True
            return False
