"""All functions in a gunicorn process of their own, and readers of its event streams, byte by byte."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from local import keys, valkey
from olamchat import redis
from olamchat.tokenlog import conv_topic
from olamchat.tokenlog.redis_log import RedisLog
from tests.conftest import free_port
from tests.leash import LEASH

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "correct horse battery"


@dataclass
class House:
    """A gunicorn process with all functions, and a Valkey of its own."""

    port: int
    folder: Path
    store: valkey.Valkey
    store_port: int
    process: subprocess.Popen[bytes]
    log: RedisLog
    streams: "list[Stream]" = field(default_factory=list)

    def stream(self, path: str, token: str, **given: Any) -> "Stream":
        opened = Stream(self.port, path, token, **given)
        self.streams.append(opened)
        return opened

    def call(self, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        said = response.read()
        connection.close()
        return response.status, json.loads(said) if said.startswith(b"{") else said

    def start_store(self) -> None:
        self.store = valkey.start(self.folder / "valkey", self.store_port, log=self.folder / "valkey.log")


@dataclass
class Person:
    """Somebody who has signed up, with one conversation."""

    house: House
    token: str
    id: str
    session_id: str
    conversation: str
    topic: str = field(init=False)

    def __post_init__(self) -> None:
        self.topic = conv_topic(self.conversation)

    def follow(self, after: str | None = None, *, path: str = "", last: str | None = None, version: str = "1.1") -> "Stream":
        asked = path or f"/api/conversations/{self.conversation}/stream"
        return self.house.stream(asked + (f"?after={after}" if after else ""), self.token, last=last, version=version)


class Stream:
    """A reader of an event stream, byte by byte as a browser gets it."""

    def __init__(self, port: int, path: str, token: str, *, last: str | None = None, version: str = "1.1", buffer: int = 0) -> None:
        self._socket = socket.socket()
        if buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self._socket.settimeout(20)
        self._socket.connect(("127.0.0.1", port))
        header = f"Last-Event-ID: {last}\r\n" if last else ""
        self._socket.sendall(f"GET {path} HTTP/{version}\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{header}\r\n".encode())
        self.raw = b""
        while b"\r\n\r\n" not in self.raw:
            self._more()
        self.head, _, self.raw = self.raw.partition(b"\r\n\r\n")
        self.status = int(self.head.split()[1])
        self.chunked = b"Transfer-Encoding: chunked" in self.head
        self.ended = False

    def _more(self) -> bool:
        more = self._socket.recv(65536)
        self.raw += more
        return bool(more)

    @property
    def body(self) -> bytes:
        """What came, without the chunks around it; sets `ended` after the last of them."""
        if not self.chunked:
            return self.raw
        body, rest = b"", self.raw
        while b"\r\n" in rest:
            size, _, rest = rest.partition(b"\r\n")
            length = int(size, 16)
            if length == 0:
                self.ended = True
                break
            body, rest = body + rest[:length], rest[length + 2 :]
        return body

    def until(self, done: bytes | Callable[[bytes], bool], within_s: float = 20) -> bytes:
        """Read until there is enough."""
        enough = done if callable(done) else (lambda body: done in body)
        deadline = time.monotonic() + within_s
        while not enough(self.body):
            assert time.monotonic() < deadline, self.body[-1000:]
            assert self._more(), f"ended after {self.body[-1000:]!r}"
        return self.body

    def to_the_end(self) -> bytes:
        while self._more():
            pass
        return self.body

    def ids(self) -> list[str]:
        return [line[4:].decode() for line in self.body.splitlines() if line.startswith(b"id: ")]

    def close(self) -> None:
        self._socket.close()


@contextmanager
def running(database_url: str, folder: Path) -> Iterator[House]:
    """All functions in one process, as a pod runs them."""
    store_port, port = free_port(), free_port()
    store = valkey.start(folder / "valkey", store_port, log=folder / "valkey.log")
    variables = {
        "DATABASE_URL": database_url,
        "REDIS_URL": store.url,
        "OLAMCHAT_SECURE_COOKIES": "false",
        "OLAMCHAT_BIND": f"127.0.0.1:{port}",
    }
    environment = {**os.environ, **variables, **keys.make_once(folder / "keys")}
    command = [*LEASH, sys.executable, "-m", "gunicorn", "-c", "functions/server/gunicorn_config.py", "functions.wsgi:app"]
    with (folder / "gunicorn.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    house = House(port, folder, store, store_port, process, RedisLog(redis.connect(store.url)))
    try:
        await_ready(house)
        yield house
    finally:
        house.log._client.close()
        process.terminate()
        process.wait(20)
        house.store.stop()
    said = (folder / "gunicorn.log").read_text()
    assert "Traceback" not in said, said


def await_ready(house: House) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert house.process.poll() is None, (house.folder / "gunicorn.log").read_text()
        try:
            if house.call("GET", "/health/ready")[0] == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError((house.folder / "gunicorn.log").read_text())


def sign_up(house: House) -> Person:
    _, signed = house.call(
        "POST", "/api/auth/signup", {"email": f"{uuid4().hex}@example.org", "password": PASSWORD, "name": "x", "tokens": True}
    )
    token = signed["access_token"]
    _, conversation = house.call("POST", "/api/conversations", {}, token)
    claims = json.loads(decoded(token.split(".")[1]))
    return Person(house, token, signed["user"]["id"], claims["sid"], conversation["id"])


def decoded(part: str) -> bytes:
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
