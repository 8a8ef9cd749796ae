"""The processes of the house, and how each is known to be ready."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from local import http, postgres, valkey
from local.folder import Folder
from local.process import CannotStart, spawn
from local.supervisor import Part, Signals

ROOT = Path(__file__).resolve().parent.parent
READY_S = 60


def free_port() -> int:
    """Return a port of this machine that nobody listens on right now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def place(host: str, port: int) -> str:
    """Return host and port as URLs have them."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
        return True


def own_addresses() -> list[str]:
    """Return the address by which other machines of the network reach this one; none where there is no network.

    Nothing is sent: a datagram's socket only asks the kernel which way it would go.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation, that nobody has (RFC 5737)
        except OSError:
            return []
        return [str(probe.getsockname()[0])]


def postgres_part(folder: Folder, port: int) -> Part:
    data, log = folder.path / "postgres", folder.log("postgres")
    return Part("database", lambda: postgres.serve(data, port, log), floor=0, ends_by=signal.SIGINT, grace_s=30, log=str(log))


def valkey_part(folder: Folder, port: int) -> Part:
    data, log, password = folder.path / "valkey", folder.log("valkey"), folder.secret("valkey")
    return Part("Valkey", lambda: valkey.serve(data, port, log, password=password), floor=0, grace_s=10, log=str(log))


def functions_part(folder: Folder, host: str, port: int, env: Mapping[str, str]) -> Part:
    log = folder.log("functions")
    command: list[str | Path] = [sys.executable, "-m", "gunicorn", "-c", ROOT / "local" / "gunicorn.py", "functions.wsgi:app"]
    bound = {**env, "OLAMCHAT_BIND": place(host, port)}
    return Part(
        "web server", lambda: spawn(command, log=log, dies_by=signal.SIGKILL, env=bound, cwd=ROOT), floor=1, grace_s=8, log=str(log)
    )


def worker_part(folder: Folder, env: Mapping[str, str]) -> Part:
    log = folder.log("worker")
    command: list[str | Path] = [sys.executable, "-m", "worker"]
    grace_s = float(env["OLAMCHAT_WORKER_GRACE_S"]) + 5
    return Part(
        "worker", lambda: spawn(command, log=log, dies_by=signal.SIGKILL, env=env, cwd=ROOT), floor=1, grace_s=grace_s, log=str(log)
    )


def role_part(role: str, name: str, folder: Folder, env: Mapping[str, str]) -> Part:
    """Return a worker that has no model: `steps` or `index`, called `name`."""
    log = folder.log(role)
    command: list[str | Path] = [sys.executable, "-m", "worker", role]
    grace_s = float(env["OLAMCHAT_WORKER_GRACE_S"]) + 5
    return Part(name, lambda: spawn(command, log=log, dies_by=signal.SIGKILL, env=env, cwd=ROOT), floor=1, grace_s=grace_s, log=str(log))


def migrate(folder: Folder, env: Mapping[str, str]) -> int:
    """Bring the tables up to date; returns how many migrations that took. Raises CannotStart."""
    done = subprocess.run([sys.executable, "-m", "migrations", "up"], env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    folder.log("migrations").write_text(done.stdout + done.stderr)
    if done.returncode:
        raise CannotStart(f"The tables could not be brought up to date; {folder.log('migrations')} says why.")
    return done.stdout.count("applied ")


def await_http(part: Part, url: str, signals: Signals) -> None:
    """Wait until the address answers 200. Raises CannotStart."""
    _await(part, lambda: answers(url), signals)


def await_said(part: Part, ready: Callable[[], bool], signals: Signals) -> None:
    """Wait until `ready` says so. Raises CannotStart."""
    _await(part, ready, signals)


def _await(part: Part, ready: Callable[[], bool], signals: Signals) -> None:
    deadline = time.monotonic() + READY_S
    while not ready():
        if part.process is None or part.process.poll() is not None:
            raise CannotStart(f"The {part.name} stopped while it started; {part.log} says why:\n\n{tail(Path(part.log))}")
        if time.monotonic() > deadline:
            raise CannotStart(f"The {part.name} was not ready within {READY_S} s; {part.log} may say why:\n\n{tail(Path(part.log))}")
        if signals.asked:
            raise KeyboardInterrupt
        signals.wait(0.05)


def tail(log: Path, lines: int = 12) -> str:
    """Return the end of a log, indented."""
    return "\n".join(f"    {line}" for line in log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""


def answers(url: str) -> bool:
    """Tell whether the address answers 200 now."""
    try:
        with http.open(url, 5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def own_environment() -> dict[str, str]:
    """Return this process's variables, where the empty ones don't count."""
    return {name: value for name, value in os.environ.items() if value}
