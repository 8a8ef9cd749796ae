"""DATABASE_URL: every parameter reaches the server, or is refused by name."""

from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from olamchat.db.address import parameters, place
from olamchat.db.pool import DatabaseLost, connected, database, open_database, passes
from olamchat.db.rows import run
from olamchat.environment import BadSetting
from tests.conftest import free_port


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("postgresql://u:p%40s%2Fs%3A%25@[::1]:5433/d", {"user": "u", "password": "p@s/s:%", "host": "::1", "port": "5433", "dbname": "d"}),
        ("postgresql:///d?host=/run/postgresql", {"host": "/run/postgresql", "dbname": "d"}),
        (
            "postgresql://u@a:1,b:2/d?target_session_attrs=read-write",
            {"user": "u", "host": "a,b", "port": "1,2", "dbname": "d", "target_session_attrs": "read-write"},
        ),
        (
            "postgres://u@h/d?sslmode=verify-full&sslrootcert=/ca.pem",
            {"user": "u", "host": "h", "dbname": "d", "sslmode": "verify-full", "sslrootcert": "/ca.pem"},
        ),
    ],
)
def test_a_url_is_read_as_libpq_reads_it(url: str, found: dict[str, str]) -> None:
    assert parameters(url) == found


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://u:secret@h/d?sslmoode=require", "parameter 'sslmoode'"),
        ("postgresql://u:secret%zz@h/d", "can't be read"),
        ("postgresql://u:sec/ret@h/d", "a port that is not a number"),
        ("mysql://u:secret@h/d", "must begin with postgresql://"),
    ],
)
def test_what_can_not_be_honoured_is_refused_by_name_and_shows_no_password(url: str, told: str) -> None:
    with pytest.raises(BadSetting, match=told) as refused:
        open_database(url)
    assert "secret" not in str(refused.value)
    assert "sec/ret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:p@h:5433/d", "h:5433"),
        ("postgresql://u:p@[::1]:5433/d", "[::1]:5433"),
        ("postgresql://u@a,b:2/d", "a, b:2"),
        ("postgresql:///d?host=/run/postgresql", "/run/postgresql"),
        ("postgresql:///d", "this machine's socket"),
    ],
)
def test_a_place_has_no_secrets(url: str, shown: str) -> None:
    assert place(url) == shown


@pytest.mark.parametrize("parameter", ["sslmode=require", "sslmode=verify-full&sslrootcert=/nonexistent.pem"])
def test_a_server_without_tls_is_refused_where_tls_is_asked_for(database_url: str, parameter: str) -> None:
    open_database(f"{database_url}?{parameter}")
    with pytest.raises(DatabaseLost, match=r"SSL|nonexistent\.pem"), connected():
        run("SELECT 1")


def test_options_of_the_url_come_after_ours(database_url: str) -> None:
    open_database(f"{database_url}?options=-c%20statement_timeout%3D7s&application_name=mine")
    with connected():
        shown = run(
            "SELECT current_setting('statement_timeout') AS s, current_setting('jit') AS j, current_setting('application_name') AS a"
        )
    assert shown == [{"s": "7s", "j": "off", "a": "mine"}]


def test_the_host_that_can_write_is_found_among_several(database_url: str) -> None:
    given = conninfo_to_dict(database_url)
    open_database(
        f"postgresql://{given['user']}@127.0.0.1:{free_port()},127.0.0.1:{given['port']}/{given['dbname']}?target_session_attrs=read-write"
    )
    with connected():
        assert run("SELECT 1 AS one") == [{"one": 1}]


def test_a_unix_socket_is_a_place(database_url: str, tmp_path: Path) -> None:
    open_database(f"postgresql://u@/d?host={tmp_path}")
    with pytest.raises(DatabaseLost, match=str(tmp_path)), connected():
        run("SELECT 1")


def test_a_server_that_became_read_only_is_an_outage(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET default_transaction_read_only = on")
    open_database(database_url)
    with pytest.raises(DatabaseLost, match="read-only"), connected():
        run("DELETE FROM users")


def test_a_table_that_a_migration_changed_under_a_prepared_statement_is_read_again(database_url: str) -> None:
    # given a statement that this connection has prepared
    open_database(database_url, size=1)
    for _ in range(8):
        with connected():
            run("SELECT * FROM users WHERE email = %s", ["a"])
    # when
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE users ADD COLUMN newer text")
    # then it is lost once, and not for ever
    with pytest.raises(DatabaseLost, match="cached plan"), connected():
        run("SELECT * FROM users WHERE email = %s", ["a"])
    with connected():
        assert run("SELECT * FROM users WHERE email = %s", ["a"]) == []
    database.close_all()


def test_a_bug_stays_a_bug(database_url: str) -> None:
    open_database(database_url)
    with pytest.raises(Exception, match="no_such_table") as raised, connected():
        run("SELECT * FROM no_such_table")
    assert not passes(raised.value)
