"""The fault suite's other clocks: they reach each kind of process, also while it runs, and change the time of day alone."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from local import postgres, valkey
from local.process import end
from tests.faults import clocks
from tests.faults.house import House, free_port

pytestmark = pytest.mark.skipif(bool(clocks.MISSING), reason=clocks.MISSING)
HOUR_S = 3600.0
TELLS = "import time\nwhile True:\n    input()\n    at = time.monotonic()\n    time.sleep(0.1)\n    print(time.time(), time.monotonic() - at, flush=True)"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, {})


def is_about(seconds: float) -> object:
    return pytest.approx(seconds, abs=60)


def test_pythons_clock_is_set_while_it_runs_and_it_sleeps_as_long_as_ever(house: House) -> None:
    env = clocks.told(clocks.set_clock(house, "python", HOUR_S))
    with subprocess.Popen([sys.executable, "-c", TELLS], env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:

        def ask() -> tuple[float, float]:
            assert process.stdin
            assert process.stdout
            process.stdin.write("\n")
            process.stdin.flush()
            told, slept = map(float, process.stdout.readline().split())
            return told - time.time(), slept

        ahead, slept = ask()
        clocks.set_clock(house, "python", -HOUR_S)
        time.sleep(clocks.NOTICED_S)
        behind, slept_again = ask()
        for _ in range(100):  # on a busy machine it is noticed later
            if behind == is_about(-HOUR_S):
                break
            behind, slept_again = ask()
        process.kill()

    assert (ahead, behind) == (is_about(HOUR_S), is_about(-HOUR_S))
    assert min(slept, slept_again) > 0.09


def test_redis_is_told_another_time(house: House, tmp_path: Path) -> None:
    env = clocks.told(clocks.set_clock(house, "redis", HOUR_S))
    port, log = free_port(), tmp_path / "log"
    process = valkey.serve(tmp_path / "redis", port, log, durable=False, env=env)
    try:
        valkey.await_ready(process, port, log, "")
        assert redis.Redis(port=port).time()[0] - time.time() == is_about(HOUR_S)
    finally:
        end(process, signal.SIGTERM, 10)


def test_postgres_is_told_another_time(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    port, log = free_port(), tmp_path / "log"
    postgres.prepare(folder, log, "")
    process = postgres.serve(folder, port, log, durable=False, env=clocks.told(clocks.set_clock(house, "postgres", -HOUR_S)))
    try:
        postgres.await_ready(process, port, log)
        with psycopg.connect(host="127.0.0.1", port=port, user=postgres.OWNER, dbname="postgres") as connection:
            row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
        assert row is not None
        assert row[0] - time.time() == is_about(-HOUR_S)
    finally:
        end(process, signal.SIGINT, 10)
