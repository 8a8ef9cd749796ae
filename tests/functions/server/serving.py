"""The functions as a process of their own: gunicorn, one gevent worker; for tests that need real sockets."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

from tests.conftest import free_port
from tests.leash import LEASH

ROOT = Path(__file__).parents[3]
PASSWORD = "correct horse battery"


class Stream:
    """An open event stream; `text` is what was read of it."""

    def __init__(self, connection: HTTPConnection, response: HTTPResponse) -> None:
        self._connection, self._response = connection, response
        self.status, self.text = response.status, ""

    def read_until(self, word: str | None, within_s: float = 30) -> str:
        """Read until the word was told, or with None until the server closes. Returns all the text so far."""
        deadline = time.monotonic() + within_s
        while word is None or word not in self.text:
            piece = self._response.read1(65_536)
            if not piece:
                assert word is None, f"closed before {word!r}: {self.text}"
                return self.text
            self.text += piece.decode()
            assert time.monotonic() < deadline, f"still open, without {word!r}: {self.text}"
        return self.text

    def close(self) -> None:
        self._response.close()
        self._connection.close()


class Served:
    """A server of its own, and a way to talk to it."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
        self.process, self.port, self.log = process, port, log
        self.url = f"http://127.0.0.1:{port}"
        self.streams: list[Stream] = []

    def call(self, method: str, path: str, body: Any = None, token: str = "", **headers: str) -> tuple[int, dict[str, Any]]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        encoded = None if body is None else json.dumps(body).encode()
        try:
            connection.request(method, path, encoded, {"Content-Type": "application/json", **bearer, **headers})
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"{}")
        finally:
            connection.close()

    def sign_up(self, name: str) -> dict[str, Any]:
        body = {"email": f"{name}@example.org", "password": PASSWORD, "tokens": True}
        status, signed = self.call("POST", "/api/auth/signup", body)
        assert status == 201, signed
        return signed

    def open(self, path: str, token: str) -> Stream:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        self.streams.append(Stream(connection, connection.getresponse()))
        return self.streams[-1]

    def await_ready(self, within_s: float = 60) -> None:
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                self.call("GET", "/api/health")
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(self.log.read_text())


@contextmanager
def serving(folder: Path, *, config: str = "functions/server/gunicorn_config.py", **variables: str) -> Iterator[Served]:
    """Serve all functions with these variables, on a free port, until the block ends."""
    port, log = free_port(), folder / "gunicorn.log"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OLAMCHAT_")}
    given = {"OLAMCHAT_BIND": f"127.0.0.1:{port}", "OLAMCHAT_BCRYPT_COST": "4", **variables}
    command = [*LEASH, sys.executable, "-m", "gunicorn", "-c", config, "functions.wsgi:app"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env={**clean, **given}, stdout=out, stderr=out)
    served = Served(process, port, log)
    try:
        served.await_ready()
        yield served
    finally:
        for stream in served.streams:
            stream.close()
        process.terminate()
        process.wait(30)
