"""The whole house for the browser tests: `python -m local up` as a process, on a port and a folder of its own."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.leash import LEASH

ROOT = Path(__file__).parents[2]
START_S = 60


@contextmanager
def up(data: Path, port: int, **env: str) -> Iterator[str]:
    """Start the house and yield its address; end it by its pid."""
    process = subprocess.Popen(
        [*LEASH, sys.executable, "-m", "local", "up", "--port", str(port), "--data", str(data)],
        cwd=ROOT,
        env={**os.environ, "OLAMCHAT_BCRYPT_COST": "4", **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
    )
    try:
        _await_ready(process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def _await_ready(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout
    said = b""
    deadline = time.monotonic() + START_S
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while time.monotonic() < deadline and selector.select(deadline - time.monotonic()):
            more = process.stdout.read(65_536)
            said += more
            if b"\nReady" in said:
                return
            if not more:
                break
    raise AssertionError(f"the house did not start:\n{said.decode()}")
