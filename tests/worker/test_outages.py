"""Redis and Postgres go away and come back while answers are written; what was accepted still arrives, once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kombu.exceptions import OperationalError

from local import postgres, valkey
from migrations import runner
from olamchat.environment import Environment
from olamchat.redis import client
from olamchat.services.turns import lifecycle
from tests.conftest import free_port
from tests.worker.conftest import Asked, House, counted, opened, until
from worker.app import AGAIN_S, make

PACED: dict[str, Any] = {"length": 200, "rate": 50}


@dataclass
class Wire:
    """A Valkey of this test's own, which forgets everything when it ends."""

    folder: Path
    port: int

    def start(self) -> None:
        self.server = valkey.start(self.folder / "valkey", self.port, log=self.folder / "valkey.log", durable=False)

    def kill(self) -> None:
        self.server.process.kill()
        self.server.process.wait()

    def freeze(self, seconds: float) -> None:
        self.server.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.server.process.send_signal(signal.SIGCONT)


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    wire = Wire(tmp_path, free_port())
    wire.start()
    yield wire
    wire.kill()


@pytest.fixture
def house(database_url: str, wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with opened(database_url, f"redis://127.0.0.1:{wire.port}/0", tmp_path, monkeypatch) as house:
        yield house


def assert_whole(asked: Asked, words: int = 200) -> None:
    row = asked.row
    assert (row["status"], row["content"], asked.read, len(asked.ends)) == ("done", counted(words), counted(words), 1)


def test_a_redis_that_forgot_everything_is_told_the_whole_text_again(house: House) -> None:
    house.script(**PACED)
    house.start()
    asked = house.ask()
    asked.until_read(20)
    client().flushall()
    asked.until_told()
    assert_whole(asked)
    assert asked.row["attempt"] == 1


def test_an_answer_outlives_a_redis_that_was_gone(house: House, wire: Wire) -> None:
    house.script(**PACED)
    house.start()
    house.start()
    asked = house.ask()
    asked.until_read(20)
    wire.kill()
    time.sleep(2)
    wire.start()
    asked.until_told()
    assert_whole(asked)
    assert len(house.requests()) == 1


def test_leases_that_fell_while_redis_was_frozen_cost_no_answer_its_worker(house: House, wire: Wire) -> None:
    house.script(**PACED)
    house.start()
    house.start()
    asked = house.ask()
    asked.until_read(20)
    wire.freeze(3)
    asked.until_told()
    assert_whole(asked)
    assert len(house.requests()) == 1


def test_an_answer_that_ends_without_redis_is_kept_and_its_end_told_later(house: House, wire: Wire) -> None:
    house.script(length=100, rate=50)
    house.start()
    asked = house.ask()
    asked.until_read(20)
    wire.kill()
    row = asked.until("done")
    assert row["content"] == counted(100)
    wire.start()
    until(lambda: len(asked.ends) == 1, "the end that is told")
    assert asked.ends[0].length == len(counted(100))


def test_what_was_asked_without_redis_is_answered_when_it_is_back(house: House, wire: Wire) -> None:
    wire.kill()
    house.start()
    asked = house.ask(send=False)
    time.sleep(1)
    wire.start()
    asked.until_told()
    assert_whole(asked, 20)


def test_a_stop_without_redis_is_a_stop(house: House, wire: Wire) -> None:
    house.script(length=5000, rate=50)
    house.start()
    asked = house.ask()
    asked.until_read(20)
    wire.kill()
    lifecycle.stop(asked.id)
    row = asked.until("stopped")
    assert counted(5000).startswith(row["content"])


@pytest.fixture
def own_postgres(servers_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Postgres]:
    folder = servers_folder / f"own-{free_port()}"
    server = postgres.start(folder, free_port(), log=servers_folder / "own-postgres.log", durable=False)
    runner.up(server.url)
    yield server
    server.stop()


def test_a_postgres_that_restarts_costs_no_answer(
    own_postgres: postgres.Postgres, wire: Wire, servers_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(own_postgres.url, f"redis://127.0.0.1:{wire.port}/0", tmp_path, monkeypatch) as house:
        house.script(length=100, rate=50)
        house.start()
        house.start()
        asked = house.ask()
        asked.until_read(20)
        port = int(own_postgres.url.rsplit(":", 1)[1].split("/")[0])
        folder = next(servers_folder.glob("own-*/.complete")).parent

        own_postgres.stop()
        time.sleep(4)  # the answer is done by then, and can't be kept
        back = postgres.start(folder, port, log=servers_folder / "own-postgres.log", durable=False)
        own_postgres.process = back.process

        asked.until_told()
        assert_whole(asked, 100)
        assert len(house.requests()) == 1


def test_a_worker_ends_when_it_is_told_to_also_without_redis(house: House, wire: Wire) -> None:
    worker = house.start(OLAMCHAT_WORKER_GRACE_S="1")
    until(lambda: house.offer("counter"), "the offer")
    wire.kill()
    time.sleep(1)
    worker.send(signal.SIGTERM)
    assert worker.wait() in {0, 1}
    wire.start()


TOLD_IN_A_FINALIZER = """
import os, signal, sys
from worker import __main__ as worker

class Gone:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(1000):
            pass

worker._port = lambda *_: Gone() and None
sys.exit(worker.main())
"""


def test_a_worker_ends_that_is_told_to_while_it_starts_and_tidies_up(house: House) -> None:
    given = {"DATABASE_URL": house.database_url, "REDIS_URL": house.redis_url, "OLLAMA_URL": house.engine.url}
    done = subprocess.run(
        [sys.executable, "-c", TOLD_IN_A_FINALIZER], check=False, env={**os.environ, **given}, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, done.stderr
    assert "SystemExit" in done.stderr, "the signal was not swallowed, so nothing was tried"


def test_a_worker_that_starts_before_redis_and_postgres_serves_when_they_are_there(house: House, wire: Wire) -> None:
    wire.kill()
    house.start()
    time.sleep(1.5)
    wire.start()
    asked = house.ask()
    asked.until_told()
    assert_whole(asked, 20)


def test_a_worker_tries_to_reach_redis_at_a_steady_pace() -> None:
    environment = Environment(redis_url=f"redis://127.0.0.1:{free_port()}/0")
    pauses: list[float] = []
    with make(environment, ["inference.demo"]).connection_for_read() as connection, pytest.raises(OperationalError):
        connection.ensure_connection(lambda _error, pause_s: pauses.append(pause_s), 3)
    assert pauses == [AGAIN_S] * len(pauses)
    assert len(pauses) >= 2
