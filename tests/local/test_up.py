"""The whole house on one machine: it starts, answers, heals, and leaves nothing behind."""

import json
import os
import resource
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.local.conftest import Running, until

pytestmark = pytest.mark.timeout(240)
Start = Callable[..., Running]


def get(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status, answer.read().decode()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A house for the tests that leave it running."""
    house = Running(tmp_path_factory.mktemp("shared") / "data")
    yield house.ready()
    house.end(signal.SIGTERM)


def alive(family: list[psutil.Process]) -> list[psutil.Process]:
    return psutil.wait_procs(family, timeout=20)[1]


def test_it_answers_is_ended_by_ctrl_c_without_a_trace_and_has_its_data_the_next_time(start: Start) -> None:
    house = start().ready()
    family = house.family()

    assert get(f"{house.address}/api/health") == (200, '{"status":"ok"}')
    assert len(family) >= 5  # itself, Postgres, Valkey, gunicorn and its worker, the worker
    key = (house.folder.keys / "signing.pem").read_bytes()
    assert house.end(signal.SIGINT) == 0

    assert alive(family) == []
    assert "Traceback" not in house.said
    assert house.folder.house() is None

    second = start().ready()

    assert "made its data folder" in house.said
    assert "made its data folder" not in second.said
    assert "up to date" in second.said
    assert (second.folder.keys / "signing.pem").read_bytes() == key


def test_a_second_one_in_the_same_folder_says_where_the_first_is(shared: Running, start: Start) -> None:
    second = start(shared.folder.path)

    assert second.ended() == 0
    assert f"olamchat runs already: {shared.address}" in second.said
    assert get(f"{shared.address}/api/health")[0] == 200


def test_a_port_in_use_is_said_with_a_way_out(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        house = start(port=port)

        assert house.ended() == 1

    assert f"Port {port} is in use by another program. Take another one: make up PORT=" in house.said
    assert "Traceback" not in house.said


def test_nothing_outlives_a_killed_supervisor_and_the_next_one_starts(start: Start) -> None:
    killed = start().ready()
    family = killed.family()
    killed.end(signal.SIGKILL)
    assert alive(family) == []

    again = start().ready()

    assert get(f"{again.address}/api/health")[0] == 200


@pytest.mark.parametrize("part", ["worker", "web server", "Valkey", "database"])
def test_a_part_that_dies_is_started_again(shared: Running, part: str) -> None:
    pid = shared.house.pids[part]

    os.kill(pid, signal.SIGKILL)

    until(lambda: shared.house.pids[part] != pid)
    until(lambda: f"The {part} was ended by SIGKILL" in shared.said)
    until(lambda: works(shared))


def works(house: Running) -> bool:
    try:
        return get(f"{house.address}/health/ready")[0] == 200
    except OSError:
        return False


def test_a_half_made_first_start_is_made_whole_and_a_pid_that_is_another_programs_by_now_is_forgotten(start: Start, tmp_path: Path) -> None:
    database = tmp_path / "data" / "postgres"
    database.mkdir(parents=True)
    (database / "PG_VERSION").write_text("18\n")

    house = start().ready()
    assert "made its data folder" in house.said
    house.end()

    (database / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n0\n5432\n\n127.0.0.1\n")
    house = start().ready()

    assert get(f"{house.address}/api/health")[0] == 200


def test_where_others_can_come_the_first_account_is_made_by_the_link_that_is_printed(start: Start) -> None:
    house = start(host="0.0.0.0").ready()
    said = {"email": "ada@example.org", "password": "a long enough secret", "tokens": True}
    token = house.said.partition("/#invitation=")[2].split()[0]

    assert f"Address  {house.address}" in house.said
    assert "Warning  Everyone on this network can open it, and it is plain HTTP" in house.said
    assert f"{house.address}/#invitation=" in house.said
    assert json.loads(get(f"{house.address}/api/auth/joining")[1])["first"] is False
    with pytest.raises(urllib.error.HTTPError, match="403"):
        post(house, "/api/auth/signup", said)
    account: dict[str, Any] = dict(post(house, "/api/auth/signup", {**said, "invitation": token}))
    assert account["user"]["role"] == "admin"


def test_servers_that_are_named_are_used(start: Start, database_url: str, redis_url: str) -> None:
    house = start(DATABASE_URL=database_url, REDIS_URL=redis_url).ready()

    assert set(house.house.pids) == {"web server", "worker", "step worker", "index worker"}
    assert "(DATABASE_URL)" in house.said
    assert not (house.folder.path / "postgres").exists()
    assert house.end() == 0


def test_watching_browsers_are_told_to_come_back_and_hold_nothing_up(start: Start) -> None:
    house = start().ready()
    account = post(house, "/api/auth/signup", {"email": "ada@example.org", "password": "a long enough secret", "tokens": True})
    events = urllib.request.Request(f"{house.address}/api/events", headers={"Authorization": f"Bearer {account['access_token']}"})

    with urllib.request.urlopen(events, timeout=30) as stream:
        assert b"event: " in stream.readline() + stream.readline()
        assert house.end(signal.SIGTERM) == 0
        rest = stream.read()

    assert b"event: reconnect" in rest


def post(house: Running, path: str, body: dict[str, object]) -> dict[str, str]:
    request = urllib.request.Request(house.address + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        said: dict[str, str] = json.load(answer)
        return said


def test_it_ends_in_order_when_its_terminal_is_gone(start: Start) -> None:
    house = start().ready()
    family = house.family()

    house.deaf()
    assert house.end(signal.SIGHUP) == 0

    assert alive(family) == []
    assert "database system is shut down" in house.folder.log("postgres").read_text()


def test_it_starts_without_a_home_in_an_old_locale_with_few_files_in_any_folder(start: Start, tmp_path: Path) -> None:
    odd = {"HOME": "", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    house = start(tmp_path / "Größe und 数据 (1)", **odd)
    resource.prlimit(house.process.pid, resource.RLIMIT_NOFILE, (256, 256))

    house.ready()

    assert get(f"{house.address}/api/health") == (200, '{"status":"ok"}')
    assert "Größe und 数据 (1)" in house.said
    assert house.end() == 0
    assert "Traceback" not in house.said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_told_as_one(start: Start, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(disk)], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        house = start(disk / "data")
        assert house.ended() == 1
        assert "the disk is full" in house.said
        assert "Traceback" not in house.said
    finally:
        subprocess.run(["umount", str(disk)], check=True)
