"""Keep processes running: start them, start again what dies, and end them in order when asked."""

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import FrameType

from local import process as processes
from local import say

BACK_OFF_S = (0.0, 1.0, 2.0, 5.0, 15.0, 30.0)
# One that lived this long starts again without delay.
STEADY_S = 60.0


@dataclass
class Part:
    """One process of the house. Parts of a higher `floor` end first: what stands on others goes before them."""

    name: str
    spawn: Callable[[], subprocess.Popen[bytes]]
    floor: int
    ends_by: signal.Signals = signal.SIGTERM
    grace_s: float = 10.0
    log: str = ""
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float | None = None
    deaths: int = field(default=0)

    def start(self) -> subprocess.Popen[bytes]:
        """Start the process and return at once."""
        self.due = None
        self.started = time.monotonic()
        self.process = self.spawn()
        return self.process

    def adopt(self, process: subprocess.Popen[bytes]) -> None:
        """Take over a process that was started elsewhere."""
        self.process, self.started = process, time.monotonic()

    def look(self) -> str | None:
        """Start again what died, when its time has come; returns a sentence when something happened."""
        if self.due is not None:
            if time.monotonic() < self.due:
                return None
            self.start()
            return f"The {self.name} was started again."
        if self.process is None or self.process.poll() is None:
            return None
        return self._mourn(self.process.returncode)

    def _mourn(self, code: int) -> str:
        self.deaths = 0 if time.monotonic() - self.started > STEADY_S else self.deaths
        delay = BACK_OFF_S[min(self.deaths, len(BACK_OFF_S) - 1)]
        self.deaths += 1
        self.due = time.monotonic() + delay
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        when = f"in {delay:.0f} s" if delay else "now"
        return f"The {self.name} {how} ({self.log} may say why). It starts again {when}."


class Signals:
    """SIGINT, SIGTERM, SIGHUP and SIGCHLD as something to wait for; the first of the asking ones is kept in `asked`."""

    ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self.asked = 0
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        signal.set_wakeup_fd(self._write)
        for number in (*self.ASKING, signal.SIGCHLD):
            signal.signal(number, self._note)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self.asked += 1

    def wait(self, timeout_s: float) -> None:
        """Sleep until a signal or the time-out."""
        select.select([self._read], [], [], timeout_s)
        with contextlib.suppress(BlockingIOError):
            os.read(self._read, 4096)


def watch(parts: Iterable[Part], signals: Signals, changed: Callable[[], None]) -> None:
    """Keep the parts alive until somebody asks to end."""
    parts = list(parts)
    while not signals.asked:
        for part in parts:
            if said := part.look():
                say.line(f"  ! {said}")
                changed()
        waits = [part.due - time.monotonic() for part in parts if part.due is not None]
        signals.wait(max(0.0, min([*waits, 5.0])))


def end(parts: Iterable[Part], signals: Signals) -> None:
    """End the parts, floor by floor from the top; a second signal makes short work of what is left."""
    parts = [part for part in parts if part.process is not None]
    first = signals.asked
    for floor in sorted({part.floor for part in parts}, reverse=True):
        there = [part for part in parts if part.floor == floor]
        for part in there:
            _ask(part)
        deadlines = {part.name: time.monotonic() + part.grace_s for part in there}
        while any(_lives(part) for part in there):
            for part in there:
                if _lives(part) and (signals.asked > max(first, 1) or time.monotonic() > deadlines[part.name]):
                    processes.end(_process(part), signal.SIGKILL, 5)
            signals.wait(0.2)


def _ask(part: Part) -> None:
    if _lives(part):
        _process(part).send_signal(part.ends_by)


def _lives(part: Part) -> bool:
    return _process(part).poll() is None


def _process(part: Part) -> subprocess.Popen[bytes]:
    assert part.process is not None
    return part.process
