"""The release before this one serves on this one's schema: while an upgrade rolls, both do, and a rollback needs no way back.

OLAMCHAT_PREVIOUS=<commit> takes another version for it.
"""

import contextlib
import io
import os
import subprocess
import sys
import tarfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local import keys
from tests.conftest import free_port

ROOT = Path(__file__).parents[2]
READY_S = 90


def _previous() -> str:
    told = os.environ.get("OLAMCHAT_PREVIOUS")
    if told:
        return told
    tags = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0", "--match", "v*"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return tags.stdout.strip()


def _gunicorn_config(release: Path) -> str:
    now, until_0_1 = "functions/server/gunicorn_config.py", "functions/gunicorn.py"
    return now if (release / now).exists() else until_0_1


@pytest.fixture
def previous(tmp_path: Path) -> Path:
    """The files of the release before."""
    version = _previous()
    if not version:
        pytest.skip("there is no release before this one")
    archive = subprocess.run(["git", "archive", version], cwd=ROOT, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(tmp_path / "previous", filter="data")
    return tmp_path / "previous"


@pytest.fixture
def env(database_url: str, redis_url: str, tmp_path: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("OLAMCHAT_")}
    return own | {
        "DATABASE_URL": database_url, "REDIS_URL": redis_url, "OLAMCHAT_SECURE_COOKIES": "false", "OLAMCHAT_BCRYPT_COST": "4",
        "OLAMCHAT_DEMO_TOKENS_PER_S": "0", "OLAMCHAT_WORKER_GRACE_S": "1", "OLAMCHAT_SMOKE_TEST_TOKEN": "of-the-test", **keys.make_once(tmp_path / "keys"),
    }  # fmt: skip


@contextmanager
def _running(folder: Path, env: dict[str, str], *words: str) -> Iterator[None]:
    with subprocess.Popen([sys.executable, "-m", *words], cwd=folder, env=env) as process:
        try:
            yield
        finally:
            process.kill()


def _await_ready(port: int) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2):
            return
        time.sleep(0.1)
    pytest.fail("it does not become ready")


@pytest.mark.timeout(300)
def test_the_release_before_answers_a_question_on_the_new_schema(previous: Path, env: dict[str, str]) -> None:
    port, worker_port = free_port(), free_port()
    waited = subprocess.run([sys.executable, "-m", "migrations", "wait"], cwd=previous, env=env, timeout=60, check=False)
    assert waited.returncode == 0

    served, wrote = env | {"OLAMCHAT_BIND": f"127.0.0.1:{port}"}, env | {"OLAMCHAT_WORKER_PORT": str(worker_port)}
    with (
        _running(previous, served, "gunicorn", "-c", _gunicorn_config(previous), "functions.wsgi:app"),
        _running(previous, wrote, "worker"),
    ):
        _await_ready(port)
        _await_ready(worker_port)
        asked = subprocess.run(
            [sys.executable, previous / "charts/olamchat/files/conversation.py", f"http://127.0.0.1:{port}", "60"],
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert "answered by demo" in asked.stdout, asked.stdout + asked.stderr
