"""Workers and tool servers as processes that start in a fraction of the time: forked from one that has imported what they import.

Each has its own pid, variables, log, signals and exit code, as `python -m worker` has. `make up`, the fault suite and the upgrades start
theirs the long way.
"""

import atexit
import ctypes
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path

ROOT = Path(__file__).parents[1]
IMPORTED = ("worker.__main__", "worker.steps.process", "tests.tool_server.__main__")
PR_SET_PDEATHSIG = 1


class Forked:
    """`python -m program words…`, forked; to be used as subprocess.Popen is."""

    def __init__(self, program: str, words: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self.args = [program, *words]
        self._process = _forks().Process(target=_be, args=(self.args, dict(env), log), daemon=True)
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        """Return the exit code, a signal's number below zero, or None while the process runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


Process = Forked | subprocess.Popen[bytes]


def started(words: Sequence[str], env: Mapping[str, str], log: Path) -> Process:
    """Start a worker with these variables alone; what the loader or Python itself reads makes it a new interpreter."""
    if not any(name.startswith("LD_") or name == "PYTHONPATH" for name in env):
        return Forked("worker", words, env, log)
    with log.open("wb") as out:
        return subprocess.Popen([sys.executable, "-m", "worker", *words], cwd=ROOT, env=env, stdout=out, stderr=out)


@cache
def _forks() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload([*IMPORTED, __name__])
    return context


def _be(words: list[str], env: dict[str, str], log: Path) -> None:
    """Be the program that the first word names: what a new interpreter would find is put in its place first."""
    if sys.platform == "linux":  # it ends with the server that forked it, and that with pytest
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(ROOT)
    warnings.resetwarnings()
    warnings.simplefilter(env.get("PYTHONWARNINGS", "default"))  # type: ignore[arg-type]
    sys.argv = words
    code = import_module(f"{words[0]}.__main__").main()
    atexit._run_exitfuncs()
    sys.exit(code)
