"""Raw connections: requests that never end, and requests that two servers would read differently."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from tests.conftest import fresh_database
from tests.functions.server.serving import PASSWORD, Served, serving

SLOW = 300


@pytest.fixture(scope="module")
def served(
    postgres_server: str, valkey_server: str, key_files: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """All functions under gunicorn, for all tests of this file: a connection that ends badly leaves nothing for the next."""
    folder = tmp_path_factory.mktemp("served")
    with (
        fresh_database(postgres_server) as database_url,
        serving(folder, DATABASE_URL=database_url, REDIS_URL=valkey_server, **key_files) as found,
    ):
        yield found


def connect(served: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.port), timeout=30)


def read(wire: socket.socket) -> bytes:
    """Return what comes until the server closes; a reset after it has said its word is a close, too."""
    said = b""
    with suppress(ConnectionResetError):
        while piece := wire.recv(65_536):
            said += piece
    return said


@pytest.mark.parametrize(
    "begun",
    [
        b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nX-Slow: ",
        b'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"email": "',
        b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n",
    ],
    ids=["in their head", "in their body", "in a chunk"],
)
def test_requests_that_never_end_hold_up_nobody(served: Served, begun: bytes) -> None:
    token = served.sign_up(uuid4().hex)["access_token"]
    stream = served.open("/api/events", token)
    slow = [connect(served) for _ in range(SLOW)]
    try:
        for one in slow:
            one.sendall(begun)

        assert {served.call("GET", "/api/auth/me", token=token)[0] for _ in range(10)} == {200}
        for one in slow:
            one.sendall(b"a")
        served.call("POST", "/api/conversations", {"title": "still heard"}, token)

        stream.read_until("still heard")
    finally:
        for one in slow:
            one.close()


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked",
        b"Content-Length: 4\r\nContent-Length: 40",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        b"Transfer-Encoding : chunked",
        b"Transfer-Encoding: xchunked",
        b"Content-Length: -1",
        b"Content-Length: +4",
    ],
)
def test_a_request_that_could_hide_another_is_refused(served: Served, head: bytes) -> None:
    hidden = b"0\r\n\r\nGET /api/health HTTP/1.1\r\nHost: x\r\n\r\n"
    with connect(served) as wire:
        wire.sendall(b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + head + b"\r\n\r\n" + hidden)
        said = read(wire)

    assert said.split(b" ", 2)[1] in {b"400", b"501"}
    assert b'"ok"' not in said, "the hidden request was answered"


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For: 6.6.6.6", "Forwarded: for=6.6.6.6", "Origin: https://evil.example", "Sec-Fetch-Site: cross-site"]
)
def test_no_proxy_and_no_page_on_the_same_machine_sends_the_readers_away(served: Served, header: str) -> None:
    with connect(served) as wire:
        wire.sendall(f"POST /health/drain HTTP/1.1\r\nHost: x\r\n{header}\r\nContent-Length: 0\r\n\r\n".encode())
        said = wire.recv(65_536)

    assert said.split(b" ", 2)[1] == b"403"
    assert served.call("GET", "/health/ready")[0] == 200


@pytest.mark.parametrize(
    "chunks", [b"zz\r\n{}\r\n0\r\n\r\n", b"-1\r\n{}\r\n0\r\n\r\n", b"2\r\n{}xx0\r\n\r\n", b"0x2\r\n{}\r\n0\r\n\r\n", b"5\r\n{}"]
)
def test_chunks_that_are_none_are_refused_as_malformed(served: Served, chunks: bytes) -> None:
    """And what follows them is not answered as if it were a request."""
    with connect(served) as wire:
        with suppress(OSError):  # it may refuse, and close, before it has heard all
            wire.sendall(
                b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
            )
            wire.sendall(b"GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n")
            wire.shutdown(socket.SHUT_WR)
        said = read(wire)

    assert said.split(b" ", 2)[1] == b"400"
    assert b'"ok"' not in said


def test_a_head_without_bounds_is_refused(served: Served) -> None:
    with connect(served) as wire:
        wire.sendall(b"GET /api/health HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n")
        said = wire.recv(65_536)

    assert said.split(b" ", 2)[1] in {b"400", b"431"}


def test_no_header_is_read_as_another_by_its_spelling(database_url: str, redis_url: str, key_files: dict[str, str], tmp_path: Path) -> None:
    """What a proxy has written in X-Forwarded-For is not to be said anew by X_Forwarded_For, which WSGI would call by the same name."""
    given = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "OLAMCHAT_TRUSTED_HOPS": "1", **key_files}
    with serving(tmp_path, **given) as served:
        body = {"email": "ann@example.org", "password": PASSWORD, "tokens": True}
        written = {
            "X_Forwarded_For": "6.6.6.6",
            "X-Forwarded-For": "9.9.9.9",
            "X_FORWARDED_FOR": "7.7.7.7",
            "Script_Name": "/api",
            "Remote_Addr": "5.5.5.5",
        }
        status, signed = served.call("POST", "/api/auth/signup", body, **written)
        assert status == 201

        _, listed = served.call("GET", "/api/auth/sessions", token=signed["access_token"])

        assert [each["address"] for each in listed["items"]] == ["9.9.9.9"]
