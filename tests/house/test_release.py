"""A release: one version everywhere, and files that are what their names say."""

import hashlib
import json
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from helm_python import Chart

from scripts import oci_layout, release, version

ROOT = Path(__file__).resolve().parents[2]
NUMBER = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(release, "DIST", tmp_path)
    return tmp_path


def test_chart_page_images_and_docs_have_the_version_of_pyproject() -> None:
    assert version.differing(NUMBER) == []
    assert all(f"{NUMBER}" in (ROOT / name).read_text() for name in version.PLACES)


def test_another_version_is_noticed_in_every_place() -> None:
    assert version.differing("9.8.7") == list(version.PLACES)
    assert all("9.8.7" in version.written(name, "9.8.7") for name in version.PLACES)


def test_the_page_s_other_packages_keep_their_versions() -> None:
    before = json.loads((ROOT / "web/package-lock.json").read_text())
    after = json.loads(version.written("web/package-lock.json", "9.8.7"))

    assert (after["version"], after["packages"][""]["version"]) == ("9.8.7", "9.8.7")
    changed = [name for name, package in after["packages"].items() if package != before["packages"][name]]
    assert changed == [""]


def test_the_changelog_tells_what_is_in_this_version() -> None:
    assert "### " in version.notes(NUMBER)
    assert version.notes("9.8.7") == ""


def test_the_chart_s_layout_holds_the_chart_under_the_digests_that_it_names(dist: Path) -> None:
    digest = release._chart(NUMBER, at=1_700_000_000)

    with tarfile.open(dist / f"olamchat-chart-{NUMBER}.oci.tar") as tar:
        files = {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]
    blobs = {name.rpartition("/")[2]: content for name, content in files.items() if name.startswith("blobs/")}
    assert all(hashlib.sha256(content).hexdigest() == name for name, content in blobs.items())
    [manifest] = json.loads(files["index.json"])["manifests"]
    assert manifest["digest"] == digest
    [layer] = json.loads(blobs[digest.removeprefix("sha256:")])["layers"]
    assert layer["mediaType"] == oci_layout.CONTENT
    package = dist / "from-the-layout.tgz"
    package.write_bytes(blobs[layer["digest"].removeprefix("sha256:")])
    assert Chart.load(package).render({"generateWithoutCluster": True}, name="chat", namespace="rooms", revision=1, is_install=True)


def test_a_bill_names_every_package_of_its_lock_file(dist: Path) -> None:
    release._bills(NUMBER)

    listed = json.loads((dist / f"olamchat-images-{NUMBER}.cdx.json").read_text())["components"]
    names = {one["name"]: one["version"] for one in listed}
    pinned = [line for line in (ROOT / "requirements/cluster.txt").read_text().splitlines() if "==" in line and not line.startswith("#")]
    assert len(listed) == len(pinned)  # one may be there twice, for two Pythons
    assert names["psycopg-binary"] == names["psycopg"]


def test_the_wheel_holds_every_room_the_page_and_the_command(dist: Path) -> None:
    if not (ROOT / "web/out/index.html").exists():
        pytest.skip("the page is not built")
    release._wheel(at=1_700_000_000)

    [wheel] = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        names = set(files.namelist())
        entry = files.read(f"olamchat-{NUMBER}.dist-info/entry_points.txt").decode()
        files.extractall(dist / "installed")
    assert {"local/up.py", "functions/wsgi.py", "worker/__main__.py", "migrations/runner.py", "olamchat/clock.py"} <= names
    assert {"local/web/index.html", "olamchat/services/people/common_passwords.txt"} <= names
    assert "olamchat = local.__main__:run" in entry
    told = "import sys; from local import version; print(version.PAGE); print(version.start(port=8001)); import local.__main__ as it; it.main(['--version'])"
    ran = subprocess.run(
        [sys.executable, "-c", told], cwd=dist, env={"PYTHONPATH": str(dist / "installed")}, capture_output=True, text=True, check=False
    )
    assert ran.stdout.splitlines() == [str(dist / "installed/local/web"), "olamchat up --port 8001", f"olamchat {NUMBER}"], ran.stderr


def test_a_release_without_notes_is_refused_in_words(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(version, "notes", lambda _: "")

    assert release.main([]) == 1
    assert f"CHANGELOG.md has no section [{NUMBER}]." in capsys.readouterr().err


def test_checksums_are_what_sha256sum_checks(dist: Path) -> None:
    (dist / "one.txt").write_text("one")
    release._sums()

    told = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=dist, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, "one.txt: OK\n"), told.stderr


def test_the_check_is_part_of_lint() -> None:
    told = subprocess.run([sys.executable, "-m", "scripts.version", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (told.returncode, told.stdout) == (0, "")
    assert "scripts.version --check" in (ROOT / "Makefile").read_text()
