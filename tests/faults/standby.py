"""A second Postgres that follows the house's, over a wire that can be frozen, and takes its place; and a dump that is restored."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from local import postgres
from local.process import NOBODY, as_nobody
from tests.faults.house import READY_S, House, Part, free_port

FROM_PRIMARY = "host=127.0.0.1 user=postgres application_name=standby"


def follow(house: House, *, is_synchronous: bool) -> None:
    """Give Postgres a standby. Returns when it has caught up; if it is synchronous, a commit waits for it from now on."""
    house.ports["wal"] = free_port()
    house.parts["wal"] = wire = Part("wal", house.forward("wal", "postgres"), house.listens("wal"))
    wire.start()
    wire.await_ready()
    folder = house.folder / f"standby-{house.ports['wal']}"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    address = f"{FROM_PRIMARY} port={house.ports['wal']}"
    run("pg_basebackup", "-d", address, "-D", folder, "-R", "-X", "stream", "-c", "fast")
    house.ports["standby"] = free_port()
    log = house.folder / "logs/standby.log"
    house.parts["standby"] = Part("standby", lambda: postgres.serve(folder, house.ports["standby"], log), lambda: True)
    house.parts["standby"].start()
    if is_synchronous:
        _as_owner(house.ports["postgres"], "ALTER SYSTEM SET synchronous_standby_names = 'standby'", "SELECT pg_reload_conf()")
    _until_streaming(house.ports["postgres"])
    house.standby_folder = folder


def _until_streaming(port: int) -> None:
    deadline = time.monotonic() + READY_S
    sql = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND replay_lsn = pg_current_wal_lsn()"
    while not _as_owner(port, sql):
        assert time.monotonic() < deadline, "the standby does not come up"
        time.sleep(0.1)


def promote(house: House) -> None:
    """Kill Postgres; its standby becomes the primary and takes its address, knowing what it knows."""
    standby, wire = house.parts.pop("standby"), house.parts.pop("wal")
    house.parts["postgres"].kill()
    wire.kill()
    _as_owner(house.ports["standby"], "SELECT pg_promote()")
    _as_owner(house.ports["standby"], "ALTER SYSTEM RESET synchronous_standby_names")
    standby.ends_by = signal.SIGINT
    standby.terminate()
    standby.wait()
    house.postgres_folder = house.standby_folder
    house.parts["postgres"].start()


def dump(house: House) -> Path:
    """Write a dump as the chart's CronJob does."""
    file = house.folder / "house.dump"
    file.unlink(missing_ok=True)
    with file.open("wb") as out:
        command: list[str | Path] = [postgres.program("pg_dump"), "-Fc", "--exclude-extension=*", "-d", house.database_url]
        subprocess.run(command, check=True, stdout=out)
    return file


def restore(house: House, file: Path) -> None:
    """Lose Postgres with all its data, start a new one and restore the dump into it."""
    part = house.parts["postgres"]
    part.kill()
    shutil.rmtree(house.postgres_folder)
    postgres.prepare(house.postgres_folder, house.folder / "logs/postgres.log", "")
    part.start()
    assert part.process is not None
    postgres.await_ready(part.process, house.ports["postgres"], house.folder / "logs/postgres.log")
    postgres.make_database(house.ports["postgres"], "olamchat", postgres.Passwords())
    command: list[str | Path] = [
        postgres.program("pg_restore"),
        "--no-owner",
        "--exit-on-error",
        "--single-transaction",
        "-d",
        house.database_url,
        file,
    ]
    subprocess.run(command, check=True)


def run(program: str, *words: str | Path) -> None:
    """Run one of Postgres' programs as the user that the server runs as."""
    subprocess.run([*as_nobody(), postgres.program(program), *words], check=True, capture_output=True, cwd="/")


def _as_owner(port: int, *statements: str) -> bool:
    """Run statements as the server's owner; tell whether the last one said something true."""
    deadline = time.monotonic() + READY_S
    while True:
        try:
            with psycopg.connect(host="127.0.0.1", port=port, user=postgres.OWNER, dbname="postgres", autocommit=True) as connection:
                for statement in statements:
                    cursor = connection.execute(statement)
                row = cursor.fetchone() if cursor.description else (True,)
                return bool(row and row[0])
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, f"no server answers on port {port}"
            time.sleep(0.05)
