"""The functions as they are served: gunicorn, one gevent worker, greenlets for threads."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest

from functions import app as functions_app
from tests.functions.server.serving import Served, serving


@pytest.fixture
def house(database_url: str, redis_url: str, key_files: dict[str, str], tmp_path: Path) -> Iterator[Served]:
    given = {**key_files, "DATABASE_URL": database_url, "REDIS_URL": redis_url, "OLAMCHAT_BCRYPT_COST": "10"}
    with serving(tmp_path, config="local/gunicorn.py", **given) as served:
        yield served


def test_many_at_once_are_served_by_one_process(house: Served, database_url: str) -> None:
    with ThreadPoolExecutor(20) as pool:
        tokens = list(pool.map(lambda number: house.sign_up(f"u{number}")["access_token"], range(20)))
        answers = list(pool.map(lambda token: house.call("POST", "/api/conversations", {}, token), tokens * 5))

    assert {status for status, _ in answers} == {201}
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(DISTINCT user_id), count(*) FROM conversations").fetchone() == (20, 100)
        held = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()").fetchone()
    assert held is not None
    assert held[0] <= 11, "no more connections than the pool may have"
    assert "Traceback" not in house.log.read_text()


def test_a_body_that_is_too_large_is_refused_by_a_real_server_too(house: Served) -> None:
    status, body = house.call("POST", "/api/auth/login", {"email": "a@b.org", "password": "x" * 1_100_000})

    assert (status, body["code"]) == (413, "too_large")


def test_a_chunked_body_is_bounded_as_well(house: Served) -> None:
    connection = HTTPConnection("127.0.0.1", house.port, timeout=30)
    try:
        connection.request(
            "POST", "/api/auth/login", iter([b"x" * 65_536] * 17), {"Content-Type": "application/json"}, encode_chunked=True
        )  # fmt: skip
        status = connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        status = 413  # the server said so and hung up before all was sent
    finally:
        connection.close()

    assert status == 413


def test_connections_that_are_kept_for_later_hold_no_process_up(
    database_url: str, redis_url: str, key_files: dict[str, str], tmp_path: Path
) -> None:
    given = {**key_files, "DATABASE_URL": database_url, "REDIS_URL": redis_url, "OLAMCHAT_GRACEFUL_S": "120"}
    with serving(tmp_path, **given) as served, closing(kept(served)) as asked, closing(kept(served)) as silent:
        asked.request("GET", "/api/health")
        assert asked.getresponse().read()
        silent.connect()
        served.process.terminate()

        assert served.process.wait(60) == 0
        assert asked.sock.recv(1) == b"", "closed, not cut"


def kept(served: Served) -> HTTPConnection:
    return HTTPConnection("127.0.0.1", served.port, timeout=60)


def test_a_process_without_its_keys_says_so_and_does_not_start(variables: pytest.MonkeyPatch) -> None:
    variables.delenv("OLAMCHAT_SIGNING_KEY_FILE")
    from olamchat.environment import BadSetting, environment

    environment.cache_clear()
    with pytest.raises(BadSetting, match="OLAMCHAT_SIGNING_KEY_FILE"):
        functions_app.served()
