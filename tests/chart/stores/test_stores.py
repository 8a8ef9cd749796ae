"""The embedded stores' disks: they grow, they outlive the release, and PostgreSQL never starts empty beside the data of another version."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.chart.rendering import CHART, Object, containers, named, objects, of_kind

SCRIPT = (CHART / "files/start-postgres.sh").read_text()


@pytest.mark.parametrize("store", ["postgres", "redis"])
def test_a_disk_grows_with_its_value(store: str) -> None:
    before, after = (objects({store: {"storage": {"size": size}}}) for size in ("7Gi", "70Gi"))
    assert named(after, "PersistentVolumeClaim", f"chat-{store}")["spec"]["resources"]["requests"]["storage"] == "70Gi"
    fixed = [named(found, "StatefulSet", f"chat-{store}")["spec"] for found in (before, after)]
    assert fixed[0] == fixed[1], "nothing of a StatefulSet that can't be changed holds the size"


@pytest.mark.parametrize("store", ["postgres", "redis"])
def test_a_disk_outlives_the_release(store: str) -> None:
    claim = named(objects(), "PersistentVolumeClaim", f"chat-{store}")
    assert claim["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}


@pytest.mark.parametrize("store", ["postgres", "redis"])
def test_a_claim_of_ones_own_takes_its_place(store: str) -> None:
    found = objects({store: {"storage": {"existingClaim": "mine"}}})
    volumes: list[Object] = named(found, "StatefulSet", f"chat-{store}")["spec"]["template"]["spec"]["volumes"]
    assert {"name": "data", "persistentVolumeClaim": {"claimName": "mine"}} in volumes
    assert f"chat-{store}" not in [one["metadata"]["name"] for one in of_kind(found, "PersistentVolumeClaim")]


def start(disk: Path, version: str, *, accept: str = "false") -> "subprocess.CompletedProcess[str]":
    """Run the server's start as an image of this version would, with an entry point that says what it was given."""
    programs = disk.parent / f"image-{version}"
    programs.mkdir(exist_ok=True)
    for name, text in {"postgres": f"echo 'postgres (PostgreSQL) {version}'", "docker-entrypoint.sh": 'echo "$PGDATA" "$@"'}.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)
    variables = {"PATH": f"{programs}:{os.environ['PATH']}", "DISK": str(disk), "ACCEPT_NEW_MAJOR": accept}
    return subprocess.run(["sh", "-euc", SCRIPT, "start-postgres", "-c", "a=1"], env=variables, capture_output=True, text=True, check=False)


def data_of(disk: Path, major: str) -> None:
    folder = disk / major / "docker"
    folder.mkdir(parents=True)
    (folder / "PG_VERSION").write_text(f"{major}\n")


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    (tmp_path / "disk").mkdir()
    return tmp_path / "disk"


def test_the_chart_starts_postgres_by_this_script() -> None:
    (container,) = containers(named(objects(), "StatefulSet", "chat-postgres")["spec"]["template"])
    assert container["command"][2].strip() == SCRIPT.strip()


def test_an_empty_disk_is_started_on(disk: Path) -> None:
    assert start(disk, "18.1").stdout == f"{disk}/18/docker postgres -c a=1\n"


def test_the_next_minor_version_goes_on_with_the_data(disk: Path) -> None:
    data_of(disk, "18")
    assert start(disk, "18.6 (Debian 18.6-1.pgdg13+1)").returncode == 0


@pytest.mark.parametrize(("there", "image"), [("18", "19.0"), ("18", "17.6")])
def test_another_major_version_is_refused_with_the_way_out(disk: Path, there: str, image: str) -> None:
    data_of(disk, there)
    refused = start(disk, image)
    assert refused.returncode == 1
    assert f"holds the database of PostgreSQL {there}" in refused.stderr
    assert "postgres.acceptNewMajor" in refused.stderr
    assert "docs/operating.md" in refused.stderr


def test_whoever_accepts_it_starts_beside_the_old_data_and_stays_there(disk: Path) -> None:
    data_of(disk, "18")
    assert start(disk, "19.0", accept="true").stdout.startswith(f"{disk}/19/docker ")
    data_of(disk, "19")
    assert start(disk, "19.1").returncode == 0
