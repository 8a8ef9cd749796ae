"""Floods on one real process: as many streams as it has connections, and as many requests that never end; the others are served meanwhile.

`make test` opens some hundreds, `make security` ten thousand.
"""

import os
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.functions.server.serving import Served, serving
from tests.security.report import Matrix

MANY = 10_000 if os.environ.get("SECURITY") else 300
AT_ONCE = 200
SLOW_HEAD = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nX-Slow: "


@pytest.fixture
def files() -> Iterator[None]:
    """Let this process have as many connections as the system allows it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < MANY + 1_000:
        pytest.skip(f"the system allows {hard:,} open files, {MANY + 1_000:,} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def pod(files: None, database_url: str, redis_url: str, key_files: dict[str, str], tmp_path: Path) -> Iterator[Served]:
    limits = {"OLAMCHAT_CONNECTIONS": str(MANY + 500), "OLAMCHAT_MAX_STREAMS_PER_USER": str(MANY), "OLAMCHAT_LIMIT_REQUESTS": "-"}
    with serving(tmp_path, DATABASE_URL=database_url, REDIS_URL=redis_url, **limits, **key_files) as found:
        yield found


def flood(pod: Served, request: bytes, ends: ExitStack, *, answered: bool) -> list[socket.socket]:
    """Open the connections, some hundreds at a time, and send each the request."""
    opened: list[socket.socket] = []
    while len(opened) < MANY:
        some = [
            ends.enter_context(socket.create_connection(("127.0.0.1", pod.port), timeout=120))
            for _ in range(min(AT_ONCE, MANY - len(opened)))
        ]
        for one in some:
            one.sendall(request)
        if answered:
            assert {one.recv(12, socket.MSG_WAITALL) for one in some} == {b"HTTP/1.1 200"}
        opened += some
    return opened


def memory_mib(pod: Served) -> int:
    """Return the resident memory of gunicorn's worker, its one child."""
    [child] = Path(f"/proc/{pod.process.pid}/task/{pod.process.pid}/children").read_text().split()
    line = next(line for line in Path(f"/proc/{child}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def assert_others_are_served(pod: Served, token: str) -> float:
    """Somebody else reads, writes, and hears of it; returns the longest that an answer took."""
    longest, heard = 0.0, pod.open("/api/events", token)
    heard.read_until("ping", within_s=120)
    for number in range(5):
        begin = time.monotonic()
        assert pod.call("GET", "/api/auth/me", token=token)[0] == 200
        assert pod.call("POST", "/api/conversations", {"title": f"heard {number}"}, token)[0] == 201
        longest = max(longest, time.monotonic() - begin)
        heard.read_until(f"heard {number}", within_s=120)
    return longest


@pytest.mark.timeout(900)
def test_a_flood_of_streams_leaves_the_others_served(pod: Served, matrix: Matrix) -> None:
    stranger, bob = pod.sign_up("stranger")["access_token"], pod.sign_up("bob")["access_token"]
    before = memory_mib(pod)
    with ExitStack() as ends:
        head = b"GET /api/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %b\r\n\r\n" % stranger.encode()
        opened = flood(pod, head, ends, answered=True)

        longest = assert_others_are_served(pod, bob)

        assert pod.open("/api/events", stranger).status == 429, "one more of the same person's"
        took = memory_mib(pod) - before
        tell(
            matrix,
            f"streams of one person open at once in one process (at most {longest:.2f} s for two requests of another, {took} MiB more)",
        )
        assert took < 100 + MANY * 0.1, "100 KiB a stream"
        pod.call("POST", "/api/conversations", {"title": "for all of them"}, stranger)
        for one in (opened[0], opened[-1]):
            said = b""
            while b"for all of them" not in said:
                piece = one.recv(65_536)
                assert piece
                said += piece

    assert assert_others_are_served(pod, bob) >= 0


@pytest.mark.timeout(900)
def test_a_flood_of_requests_that_never_end_leaves_the_others_served(pod: Served, matrix: Matrix) -> None:
    bob = pod.sign_up("bob")["access_token"]
    with ExitStack() as ends:
        opened = flood(pod, SLOW_HEAD, ends, answered=False)

        for one in opened:
            one.sendall(b"a")
        longest = assert_others_are_served(pod, bob)

        tell(matrix, f"requests that never end open at once in one process (at most {longest:.2f} s for two requests of another)")

    assert assert_others_are_served(pod, bob) >= 0


def tell(matrix: Matrix, what: str) -> None:
    matrix.count(what, MANY)
    print(f"{MANY:,} {what}")
