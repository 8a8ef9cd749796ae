"""The images, as `make image-test` built them, run as the chart runs them: read-only, as nobody in particular, every process its own.

Each container is a chroot with its root read-only and a /tmp of its own; Postgres and Valkey are the tests' own.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from functions.routes import FUNCTIONS
from local import keys
from tests.chart.rendering import CHART

APP, WEB = os.environ.get("OLAMCHAT_APP_ROOT", ""), os.environ.get("OLAMCHAT_WEB_ROOT", "")
pytestmark = pytest.mark.skipif(not APP, reason="the images are built and run by make image-test")

# Each function has an address of its own, so that all may have the port that the image listens on.
ADDRESSES = {name: f"127.0.1.{number}" for number, name in enumerate(FUNCTIONS, start=1)}

# Bind everything a container sees into place, make the root read-only, then become the image's user.
CONTAIN = """
mount --make-rprivate / && mount --bind "$ROOT" "$ROOT" && mount -o remount,ro,bind "$ROOT"
mount -t tmpfs -o mode=1777 tmpfs "$ROOT/tmp" && mount -t proc proc "$ROOT/proc" && mount --rbind /dev "$ROOT/dev"
for pair in $BINDS; do mkdir -p "$ROOT${pair#*:}" 2>/dev/null || true; mount --bind "${pair%:*}" "$ROOT${pair#*:}"; done
exec chroot --userspec="$WHO" "$ROOT" env -i -C "$AT" $ENVIRONMENT PATH=/opt/olamchat/bin:/usr/sbin:/usr/bin:/bin PYTHONPATH=/srv/olamchat PYTHONUNBUFFERED=1 "$@"
"""


def contained(root: str, command: list[str], env: dict[str, str], *, who: str, at: str, binds: dict[str, str] | None = None) -> list[str]:
    """Return the command that runs another one inside an image."""
    told = {
        "ROOT": root, "WHO": who, "AT": at, "ENVIRONMENT": " ".join(f"{name}={value}" for name, value in env.items()),
        "BINDS": " ".join(f"{here}:{there}" for here, there in (binds or {}).items()),
    }  # fmt: skip
    return ["unshare", "--mount", "env", *(f"{name}={value}" for name, value in told.items()), "sh", "-c", CONTAIN, "sh", *command]


def app(command: list[str], env: dict[str, str]) -> list[str]:
    return contained(APP, command, env, who="10001:10001", at="/srv/olamchat")


@contextmanager
def running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run until the end of the block; then SIGTERM must be enough."""
    with log.open("wb") as out:
        log.chmod(0o666)  # a container's own user may open its standard output anew, as nginx does
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            pytest.fail(f"SIGTERM did not end it: {log.read_text()[-2000:]}")


def await_ok(url: str, log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{url} does not answer: {log.read_text()[-3000:]}")


@pytest.fixture
def env(database_url: str, redis_url: str, tmp_path: Path) -> dict[str, str]:
    # /dev is shared with the containers, so the keys are handed over there; in a cluster they are a mounted secret.
    shared = Path("/dev/shm/olamchat-image-test")
    shared.mkdir(mode=0o755, exist_ok=True)
    made = keys.make_once(tmp_path / "keys")
    handed = {}
    for name, file in made.items():
        target = shared / Path(file).name
        target.write_bytes(Path(file).read_bytes())
        target.chmod(0o444)
        handed[name] = str(target)
    return {
        "DATABASE_URL": database_url, "REDIS_URL": redis_url, "OLAMCHAT_SECURE_COOKIES": "false", "OLAMCHAT_SMOKE_TEST_TOKEN": "of-the-test",
        "OLAMCHAT_BCRYPT_COST": "4", "OLAMCHAT_DEMO_TOKENS_PER_S": "0", "OLAMCHAT_WORKER_GRACE_S": "5", "OLAMCHAT_GRACEFUL_S": "5", **handed,
    }  # fmt: skip


@pytest.mark.timeout(400)
def test_the_images_answer_a_question(env: dict[str, str], tmp_path: Path) -> None:
    assert subprocess.run(app(["python", "-m", "migrations", "wait"], env), timeout=60, check=False).returncode == 0
    logs = {name: tmp_path / f"{name}.log" for name in (*FUNCTIONS, "worker", "web")}
    with ExitStack() as house:
        for name, address in ADDRESSES.items():
            own = env | {"OLAMCHAT_FUNCTIONS": name, "OLAMCHAT_BIND": f"{address}:8000"}
            house.enter_context(
                running(app(["gunicorn", "-c", "functions/server/gunicorn_config.py", "functions.wsgi:app"], own), logs[name])
            )
        house.enter_context(running(app(["python", "-m", "worker"], env | {"OLAMCHAT_WORKER_PORT": "8100"}), logs["worker"]))
        house.enter_context(running(web(tmp_path), logs["web"]))
        for name, address in ADDRESSES.items():
            await_ok(f"http://{address}:8000/health/ready", logs[name])
        await_ok("http://127.0.0.1:8100/health/ready", logs["worker"])
        await_ok("http://127.0.0.1:8080/api/health", logs["web"])

        asked = subprocess.run(
            [sys.executable, CHART / "files/conversation.py", "http://127.0.0.1:8080", "60"],
            env=os.environ | {"OLAMCHAT_SMOKE_TEST_TOKEN": "of-the-test"},
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        with urllib.request.urlopen("http://127.0.0.1:8080/c/anything") as page:
            assert b"<html" in page.read().lower()
        with urllib.request.urlopen("http://127.0.0.1:8081/health/live") as health:
            assert health.read() == b"ok"
    assert "answered by demo" in asked.stdout, asked.stdout + asked.stderr


def web(folder: Path) -> list[str]:
    """nginx as the image starts it, with the functions' names known as a cluster's DNS would."""
    hosts = folder / "hosts"
    hosts.write_text("".join(f"{address} {name}\n" for name, address in ADDRESSES.items()))
    return contained(WEB, ["nginx", "-g", "daemon off;"], {}, who="101:101", at="/", binds={str(hosts): "/etc/hosts"})


def test_nothing_in_the_image_can_be_written_but_the_scratch_folder(env: dict[str, str]) -> None:
    tried = "import pathlib, sys\nfor at in ('/srv/olamchat', '/opt/olamchat', '/etc', '/'):\n try: pathlib.Path(at, 'x').touch(); sys.exit(at)\n except OSError: pass\npathlib.Path('/tmp/x').touch()"
    assert subprocess.run(app(["python", "-c", f"exec({tried!r})"], env), timeout=30, check=False).returncode == 0


def test_files_can_go_to_a_store_and_workers_can_sign_in_to_it(env: dict[str, str]) -> None:
    asked = "from botocore.session import Session\nfor each in ('s3', 'sts', 'sso', 'sso-oidc'): Session().create_client(each, region_name='eu-central-1')"
    assert subprocess.run(app(["python", "-c", f"exec({asked!r})"], env), timeout=60, check=False).returncode == 0


def test_no_build_tool_is_in_the_images() -> None:
    for root in (APP, WEB):
        there = [
            name
            for name in ("gcc", "cc", "make", "git", "npm", "node", "pip")
            for at in ("usr/bin", "usr/local/bin", "opt/olamchat/bin")
            if Path(root, at, name).exists()
        ]
        assert not there, root


def test_the_bill_of_materials_names_what_is_inside() -> None:
    bill = Path(APP, "opt/olamchat/sbom.cdx.json").read_text()
    assert all(f'"pkg:pypi/{name}@' in bill for name in ("flask", "celery", "kubernetes", "gevent"))
