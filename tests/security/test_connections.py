"""Raw connections: requests that never end, and requests that two servers would read differently."""

import socket

import pytest

from tests.functions.serving import Served

SLOW = 300


def connect(served: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.port), timeout=30)


def test_requests_that_never_end_hold_up_nobody(served: Served) -> None:
    token = served.sign_up("ann")["access_token"]
    stream = served.open("/api/events", token)
    slow = [connect(served) for _ in range(SLOW)]
    try:
        for one in slow:
            one.sendall(b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nX-Slow: ")

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
        said = b""
        while piece := wire.recv(65_536):
            said += piece

    assert said.split(b" ", 2)[1] in {b"400", b"501"}
    assert b'"ok"' not in said, "the hidden request was answered"


def test_a_head_without_bounds_is_refused(served: Served) -> None:
    with connect(served) as wire:
        wire.sendall(b"GET /api/health HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n")
        said = wire.recv(65_536)

    assert said.split(b" ", 2)[1] in {b"400", b"431"}
