"""A chunked body read without waiting: cut anywhere, it is the same; what is no such body is refused; and a connection is kept only at its end."""

import socket
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.engines.wire.chunks import Chunked

BODY = b"4\r\nWiki\r\n7;name=value\r\npedia i\r\nB\r\nn \r\nchunks.\r\n0\r\n\r\n"
TEXT = b"Wikipedia in \r\nchunks."


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    near, far = socket.socketpair()
    near.setblocking(False)
    with near, far:
        yield near, far


@given(st.lists(st.integers(0, len(BODY))))
def test_a_body_is_the_same_wherever_it_is_cut(cuts: list[int]) -> None:
    near, far = socket.socketpair()
    near.setblocking(False)
    with near, far:
        body, read = Chunked(near, b""), b""
        places = sorted({0, len(BODY), *cuts})
        for begin, end in pairwise(places):
            far.send(BODY[begin:end])
            read += b"".join(body.read(5) or b"" for _ in BODY)

        assert read == TEXT
        assert body.read(5) == b""


def test_nothing_yet_is_not_the_end(ends: tuple[socket.socket, socket.socket]) -> None:
    near, far = ends
    body = Chunked(near, b"4\r\nWi")

    assert [body.read(100), body.read(100)] == [b"Wi", None]

    far.send(b"ki\r\n0\r\n\r\n")
    assert [body.read(100), body.read(100)] == [b"ki", b""]
    assert body.ended_well


def test_a_body_that_breaks_off_is_an_error(ends: tuple[socket.socket, socket.socket]) -> None:
    near, far = ends
    far.send(b"4\r\nWi")
    far.close()
    body = Chunked(near, b"")

    assert body.read(100) == b"Wi"
    assert body.read(100) is None
    with pytest.raises(ConnectionError):
        body.read(100)
    assert not body.ended_well


@pytest.mark.parametrize("said", [b"no size\r\n", b"-4\r\nWiki\r\n", b"4\r\nWiki!!\r\n", b"\r\n\r\n", b"7" * 2_000])
def test_what_is_no_chunk_is_refused(ends: tuple[socket.socket, socket.socket], said: bytes) -> None:
    near, far = ends
    far.send(said)
    body = Chunked(near, b"")

    with pytest.raises(ValueError, match="chunk"):
        while body.read(3_000) is not None:
            pass
        body.read(3_000)


def test_a_connection_with_more_after_the_body_is_not_used_again(ends: tuple[socket.socket, socket.socket]) -> None:
    near, far = ends
    far.send(BODY + b"HTTP/1.1 200 OK\r\n")
    body = Chunked(near, b"")

    while body.read(100) != b"":
        pass

    assert not body.ended_well
