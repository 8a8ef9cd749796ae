"""Lines of JSON made by hand and written by the lot: for what is said with every request, where the logging module takes longer than much of the rest."""

import atexit
import os
import threading
import time
from collections.abc import Callable, Mapping

import msgspec

Later = Callable[[Callable[[], None]], object]


class Lines:
    """Writes lines to a file descriptor. `later` has a function called soon, such as some milliseconds later by an event loop; without it each line is written at once."""

    def __init__(self, file: int, later: Later | None = None) -> None:
        self._file, self._later = file, later
        self._waiting: list[bytes] = []
        self._lock = threading.Lock()
        self._second, self._prefix = 0, ""
        atexit.register(self.flush)

    def add(self, constant: str, ids: Mapping[str, str], rest: str = "") -> None:
        """Say something just now: `constant` and `rest` are members of a JSON object as text, each with a comma before it."""
        about = msgspec.json.encode(ids)[1:-1].decode()
        line = f"{self._now()}{constant}{',' if about else ''}{about}{rest}}}\n".encode("utf-8", "replace")
        if self._later is None:
            with self._lock:
                self._write(line)
            return
        self._waiting.append(line)
        if len(self._waiting) == 1:
            self._later(self.flush)

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, []
        self._write(b"".join(waiting))

    def _write(self, data: bytes) -> None:
        """What can't be written is lost, as it is with logging."""
        try:
            while data:
                data = data[os.write(self._file, data) :]
        except OSError:
            return

    def _now(self) -> str:
        """Return the beginning of a line, with the time as logs.Json has it."""
        now = time.time()
        second = int(now)
        if second != self._second:
            self._prefix = time.strftime('{"time":"%Y-%m-%dT%H:%M:%S', time.gmtime(second))
            self._second = second
        return f'{self._prefix}.{int((now - second) * 1000):03d}+00:00"'
