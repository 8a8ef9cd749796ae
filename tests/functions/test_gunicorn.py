"""The functions as they are served: gunicorn, one gevent worker, greenlets for threads."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg
import pytest

from functions import app as functions_app
from tests.conftest import free_port

ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse"


class House:
    """A server of its own, and a way to talk to it."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
        self.process, self.port, self.log = process, port, log

    def call(self, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, dict[str, Any]]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        encoded = None if body is None else json.dumps(body).encode()
        try:
            connection.request(method, path, encoded, {"Content-Type": "application/json", **bearer})
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"{}")
        finally:
            connection.close()

    def await_ready(self, within_s: float = 30) -> None:
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                self.call("GET", "/api/health")
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(self.log.read_text())


@pytest.fixture
def house(database_url: str, redis_url: str, key_files: dict[str, str], tmp_path: Path) -> Iterator[House]:
    port, log = free_port(), tmp_path / "gunicorn.log"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OLAMCHAT_")}
    given = {
        **key_files,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "OLAMCHAT_BIND": f"127.0.0.1:{port}",
        "OLAMCHAT_BCRYPT_COST": "10",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "local/gunicorn.py", "functions.wsgi:app"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env={**clean, **given}, stdout=out, stderr=out)
    found = House(process, port, log)
    try:
        found.await_ready()
        yield found
    finally:
        process.terminate()
        process.wait(20)


def test_many_at_once_are_served_by_one_process(house: House, database_url: str) -> None:
    def sign_up(number: int) -> str:
        status, body = house.call("POST", "/api/auth/signup", {"email": f"u{number}@example.org", "password": PASSWORD, "tokens": True})
        assert status == 201, body
        token: str = body["access_token"]
        return token

    with ThreadPoolExecutor(20) as pool:
        tokens = list(pool.map(sign_up, range(20)))
        answers = list(pool.map(lambda token: house.call("POST", "/api/conversations", {}, token), tokens * 5))

    assert {status for status, _ in answers} == {201}
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(DISTINCT user_id), count(*) FROM conversations").fetchone() == (20, 100)
        held = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()").fetchone()
    assert held is not None
    assert held[0] <= 11, "no more connections than the pool may have"
    assert "Traceback" not in house.log.read_text()


def test_a_body_that_is_too_large_is_refused_by_a_real_server_too(house: House) -> None:
    status, body = house.call("POST", "/api/auth/login", {"email": "a@b.org", "password": "x" * 1_100_000})

    assert (status, body["code"]) == (413, "too_large")


def test_a_chunked_body_is_bounded_as_well(house: House) -> None:
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


def test_a_process_without_its_keys_says_so_and_does_not_start(variables: pytest.MonkeyPatch) -> None:
    variables.delenv("OLAMCHAT_SIGNING_KEY_FILE")
    from olamchat.environment import BadSetting, environment

    environment.cache_clear()
    with pytest.raises(BadSetting, match="OLAMCHAT_SIGNING_KEY_FILE"):
        functions_app.served()
