"""The database a backup is of, or goes into: that of the house which runs, the environment's, or the bundled server, started for it."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from local import parts, postgres, process
from local.folder import Folder, RunsAlready
from local.process import CannotStart

# What a backup counts, and a restore counts again.
COUNTED = ("users", "conversations", "messages", "files", "attachments")


def is_given() -> bool:
    """Tell whether the environment names a database, in place of the bundled one."""
    return bool(os.environ.get("DATABASE_URL"))


@contextmanager
def opened(folder: Folder) -> Iterator[str]:
    """Yield the URL of the folder's database, whose house must not run; the bundled server runs until the end. Raises CannotStart."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    port, log = parts.free_port(), folder.log("postgres")
    passwords = postgres.Passwords(owner=folder.secret("postgres-owner"), role=folder.secret("postgres"))
    postgres.prepare(folder.path / "postgres", log, passwords.owner)
    server = postgres.serve(folder.path / "postgres", port, log)
    try:
        postgres.await_ready(server, port, log)
        postgres.make_database(port, "olamchat", passwords)
        yield postgres.url(port, "olamchat", passwords.role)
    finally:
        process.end(server, signal.SIGINT, 30)


@contextmanager
def running_or_opened(folder: Folder) -> Iterator[str]:
    """Yield the URL of the folder's database, whether its house runs or not. Raises CannotStart."""
    try:
        folder.lock()
    except RunsAlready as runs:
        if runs.house is None:
            raise CannotStart("The house is being started or ended. Try again in a moment.") from None
        yield runs.house.database_url
        return
    try:
        with opened(folder) as url:
            yield url
    finally:
        folder.unlock()


def run(program: str, url: str, *words: str | Path, watch: Callable[[], None] = lambda: None) -> None:
    """Run one of PostgreSQL's programs on a database; `watch` is called now and then meanwhile. Raises CannotStart with what it said."""
    given = conninfo_to_dict(url)
    password = given.pop("password", None)
    env = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}  # not among the words, which others can read
    command = [postgres.program(program), *words, "--dbname", make_conninfo("", **given)]
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as ran:
        said = _awaited(ran, watch)
    if ran.returncode:
        raise CannotStart(f"{program} failed: {said.strip()}")


def _awaited(ran: "subprocess.Popen[str]", watch: Callable[[], None]) -> str:
    while True:
        try:
            return ran.communicate(timeout=0.5)[1]
        except subprocess.TimeoutExpired:
            watch()


def connect(url: str) -> psycopg.Connection:
    """Connect. Raises CannotStart."""
    try:
        return psycopg.connect(url, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise CannotStart(f"The database can't be reached ({str(error).strip().splitlines()[-1]}).") from None


def count(connection: psycopg.Connection, table: str) -> int:
    """Count a table's rows."""
    [rows] = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone() or [0]
    return int(rows)


def counts(connection: psycopg.Connection) -> dict[str, int]:
    """Count the rows of the tables that tell whether a restored house is whole."""
    return {table: count(connection, table) for table in COUNTED}
