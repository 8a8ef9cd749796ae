"""Behind PgBouncer in transaction mode: a session lasts one transaction, and the next may be another server's."""

import shutil
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from local import process as processes
from migrations import runner
from migrations.__main__ import main
from olamchat.db.pipeline import transaction
from olamchat.db.pool import SESSION, connected, database, open_database
from olamchat.db.rows import run
from olamchat.environment import BadSetting, environment
from tests.conftest import free_port

pytestmark = pytest.mark.skipif(shutil.which("pgbouncer") is None, reason="pgbouncer is not installed (apt-get install pgbouncer)")
ADD = "INSERT INTO users (id, created_at, email, password_hash) VALUES (gen_random_uuid(), now(), %(email)s, '')"
SHOWN = "SELECT name, setting FROM pg_settings WHERE lower(name) = ANY(%s)"


@pytest.fixture
def pooled_url(database_url: str, tmp_path: Path) -> Iterator[str]:
    """The database through a PgBouncer that has four sessions for everybody."""
    parts, port = conninfo_to_dict(database_url), free_port()
    settings = tmp_path / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n{parts['dbname']} = host=127.0.0.1 port={parts['port']} user={parts['user']}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\nunix_socket_dir =\n"
        "pool_mode = transaction\ndefault_pool_size = 4\n"
    )
    command: list[str | Path] = [shutil.which("pgbouncer") or "", settings]
    server = processes.spawn(command, log=tmp_path / "pgbouncer.log", dies_by=signal.SIGTERM, unprivileged=True)
    url = f"postgresql://{parts['user']}@127.0.0.1:{port}/{parts['dbname']}"
    _await(port)
    yield url
    database.close_all()
    processes.end(server, signal.SIGKILL, 10)


def _await(port: int) -> None:
    """Wait for the port alone: a statement would open a session, and that keeps the settings of its beginning."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.02)
    raise TimeoutError("PgBouncer does not listen")


def test_many_clients_share_few_sessions(pooled_url: str) -> None:
    # given more connections than sessions, and statements that psycopg would prepare
    open_database(pooled_url, size=8, pooler="transaction")

    def ask(number: int) -> int:
        with connected():
            run("SELECT count(*) FROM messages WHERE status = %s", [f"x{number}"])
            return int(run("SELECT count(*) AS users FROM users WHERE email = %s", [f"x{number}"])[0]["users"])

    # when
    with ThreadPoolExecutor(8) as threads:
        counts = list(threads.map(ask, range(320)))

    # then
    assert counts == [0] * 320


def test_a_transaction_in_two_trips_is_one_transaction(pooled_url: str) -> None:
    open_database(pooled_url, size=8, pooler="transaction")

    def add(number: int) -> None:
        with connected(), transaction() as trips:
            trips.run((ADD, {"email": f"kept{number}@example.org"}))
            if number % 2:
                trips.run(("SELECT 1 AS one", None), last=True)
            else:
                raise ZeroDivisionError

    with ThreadPoolExecutor(8) as threads:
        ends = [threads.submit(add, number) for number in range(40)]
    assert [type(end.exception()) for end in ends] == [ZeroDivisionError, type(None)] * 20
    with connected():
        assert run("SELECT count(*) AS users FROM users") == [{"users": 20}]


def test_the_migrations_run_through_it_and_two_runners_apply_each_once(pooled_url: str) -> None:
    with psycopg.connect(pooled_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    with ThreadPoolExecutor(2) as threads:
        applied = [*threads.map(runner.up, [pooled_url] * 2)]
    assert sorted([*applied[0], *applied[1]]) == [migration.name for migration in runner.known()]


def test_the_role_brings_time_zone_and_time_outs(
    pooled_url: str, database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # given migrations that were told of the pooler
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("OLAMCHAT_DATABASE_POOLER", "transaction")
    environment.cache_clear()
    assert main(["up"]) == 0

    # when any session of the pooler's answers
    open_database(pooled_url, size=1)
    with connected():
        shown = {row["name"]: row["setting"] for row in run(SHOWN, [[name.lower() for name in SESSION]])}

    # then
    assert shown == {"TimeZone": "UTC", "jit": "off", "statement_timeout": "15000", "idle_in_transaction_session_timeout": "30000"}
    assert not caplog.records
    environment.cache_clear()


def test_a_role_without_them_is_told_and_the_session_mended(pooled_url: str, caplog: pytest.LogCaptureFixture) -> None:
    open_database(pooled_url, size=1, pooler="transaction")
    with connected():
        shown = {row["name"]: row["setting"] for row in run(SHOWN, [[name.lower() for name in SESSION]])}
    assert shown["jit"] == "off"
    assert "migrations up" in caplog.text


def test_another_kind_of_pooler_is_refused() -> None:
    with pytest.raises(BadSetting, match="OLAMCHAT_DATABASE_POOLER='session'"):
        open_database(pooler="session")
