"""Whoever pulls the plug: kills the processes of a house one after the other, as they are at that moment."""

import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from local.folder import Folder

# How each is known among the children of the house by its command line.
PROCESSES: dict[str, Callable[[str], bool]] = {
    "web server": lambda line: "gunicorn" in line,
    "worker": lambda line: line.endswith("-m worker"),
    "step worker": lambda line: line.endswith("-m worker steps"),
    "valkey": lambda line: "valkey" in line.split(" ")[0],
    "database": lambda line: "postgres" in line.split(" ")[0],
}


def pull(data: Path, name: str) -> None:
    """Kill a process of the house with its children; the house starts it again by itself."""
    for process in _children(data):
        if PROCESSES[name](_command(process)):
            for one in [process, *process.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    one.send_signal(signal.SIGKILL)
            return
    raise AssertionError(f"the {name} does not run")


def _command(process: psutil.Process) -> str:
    """Return a process's command line, nothing where it has just ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _children(data: Path) -> list[psutil.Process]:
    lives = Folder(data).house()
    assert lives is not None
    # The pids in the folder are those of the start: their parent, the house, is still the same.
    alive = next(psutil.Process(pid) for pid in lives.pids.values() if psutil.pid_exists(pid))
    house = alive.parent()
    assert house is not None
    return [child for child in house.children() if child.is_running()]
