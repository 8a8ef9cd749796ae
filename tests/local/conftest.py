"""A whole house of a test's own, started as a person would start it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from local.folder import Folder, House
from tests.conftest import free_port
from tests.leash import LEASH
from tests.scripted_engine.book import Book
from tests.scripted_engine.script import make
from tests.scripted_engine.server import Server, serving

ROOT = Path(__file__).resolve().parents[2]
READY_S = 90


def until(true: Callable[[], object], within_s: float = 30) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.05)


class Running:
    """`python -m local up` in a process of its own; `said` is what it printed so far."""

    def __init__(self, data: Path, *, port: int | None = None, host: str = "127.0.0.1", **variables: str) -> None:
        self.folder, self.port = Folder(data), port or free_port()
        clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        self.process = subprocess.Popen(
            [*LEASH, sys.executable, "-m", "local", "up", "--host", host, "--port", str(self.port), "--data", str(data)],
            cwd=ROOT, env={**clean, "OLAMCHAT_BCRYPT_COST": "4", **variables}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.said = ""
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def house(self) -> House:
        house = self.folder.house()
        assert house is not None, self.said
        return house

    def ready(self) -> "Running":
        """Wait until it says how to stop it."""
        assert self._ready.wait(READY_S), self.said
        assert "Ctrl-C" in self.said, self.said
        return self

    def ended(self) -> int:
        """Wait until it has ended by itself; returns the exit code."""
        code = self.process.wait(READY_S)
        self._reader.join()
        return code

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """Ask it to end and wait; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.ended()

    def deaf(self) -> None:
        """Close the end that it prints to."""
        assert self.process.stdout is not None
        os.dup2(os.open(os.devnull, os.O_RDONLY), self.process.stdout.fileno())

    def family(self) -> list[psutil.Process]:
        """Return every process that belongs to it, itself included."""
        return [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.said += line
                if line.strip().startswith("Stop "):
                    self._ready.set()
        self._ready.set()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start a house in the test's folder; whatever was started is ended after the test."""
    started: list[Running] = []

    def _start(data: Path = tmp_path / "data", **given: str | int) -> Running:
        started.append(Running(data, **given))  # type: ignore[arg-type]
        return started[-1]

    yield _start
    for running in started:
        running.end(signal.SIGTERM)


@pytest.fixture
def ollama() -> Iterator[Server]:
    """A scripted engine that speaks Ollama's protocol."""
    with serving(Book({"counter": make({})})) as server:
        yield server
