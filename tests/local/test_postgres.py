"""PostgreSQL as it is made: olamchat's role owns its database and is no superuser, and extensions are there for it."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from local import postgres
from local.postgres import EXTENSIONS, OWNER, ROLE, Passwords
from local.process import CannotStart
from migrations import runner
from tests.conftest import free_port

SCRIPT = Path(__file__).parents[2] / "charts" / "olamchat" / "files" / "create-role.sh"
RIGHTS = "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname = %s"
PASSWORDS = Passwords(owner="o" * 20, role="r" * 20)


@dataclass
class Server:
    """A server that asks for passwords; nothing has been made in it."""

    port: int


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    port, log, folder = free_port(), tmp_path / "log", tmp_path / "data"
    postgres.prepare(folder, log, PASSWORDS.owner)
    process = postgres.serve(folder, port, log, durable=False)
    postgres.await_ready(process, port, log)
    yield Server(port)
    postgres.Postgres(process, "").stop()


def assert_is_no_superuser(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute(RIGHTS, [ROLE]).fetchone() == (False,)
        extensions = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("COPY users TO PROGRAM 'cat'")
    assert set(EXTENSIONS) <= extensions


def test_the_role_of_make_up_is_no_superuser_and_can_migrate(server: Server) -> None:
    for _ in range(2):  # each start makes what is missing
        postgres.make_database(server.port, "olamchat", PASSWORDS)
    url = postgres.url(server.port, "olamchat", PASSWORDS.role)
    assert runner.up(url)
    assert_is_no_superuser(url)


def test_wrong_passwords_are_told(server: Server) -> None:
    with pytest.raises(CannotStart, match="refused its password"):
        postgres.make_database(server.port, "olamchat", Passwords(owner="wrong", role="wrong"))


def test_the_role_of_compose_and_chart_is_no_superuser_and_nobody_comes_in_as_one(server: Server) -> None:
    # given what the image's entry point has made, and a password with letters that mean something to shells and SQL
    admin = postgres.url(server.port, "postgres", PASSWORDS.owner, OWNER)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("CREATE DATABASE olamchat")
    awkward = "p'a$s`s\\\""
    environment = {
        "PATH": f"{postgres._bin()}:{os.environ['PATH']}", "PGHOST": "127.0.0.1", "PGPORT": str(server.port),
        "PGPASSWORD": PASSWORDS.owner, "POSTGRES_PASSWORD": awkward,
    }  # fmt: skip

    # when the script of both runs
    subprocess.run(["sh", "-eu", SCRIPT], env=environment, check=True, capture_output=True)

    # then
    url = f"host=127.0.0.1 port={server.port} user=olamchat dbname=olamchat"
    with psycopg.connect(url, password=awkward) as connection:
        assert connection.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'olamchat'").fetchone() == ("olamchat",)
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(admin)
