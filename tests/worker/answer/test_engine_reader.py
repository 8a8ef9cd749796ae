"""One thread hears many sources: each is heard when there is something, and goes back to its own thread at its end, with its error."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from olamchat.tokenlog.memory_log import MemoryLog
from worker.answer import engine_reader as listening
from worker.answer.engine_reader import Heard, Listener
from worker.answer.flusher import Flusher


@pytest.fixture
def listener() -> Iterator[Listener]:
    flusher = Flusher(MemoryLog(), claim_again=lambda _: "ok", on_stale=lambda _: None)
    listener = Listener(flusher)
    flusher.start()
    listener.start()
    yield listener
    listener.stop()
    flusher.stop()


class Source:
    """A socket, and what was heard from it until it said `.`."""

    def __init__(self) -> None:
        self.near, self.far = socket.socketpair()
        self.heard, self.threads = b"", set[str]()

    def hear(self) -> Heard:
        self.threads.add(threading.current_thread().name)
        piece = self.near.recv(100)
        if piece == b"!":
            raise ValueError("said !")
        self.heard += piece
        return "over" if not piece or piece.endswith(b".") else "quiet"

    def end(self) -> None:
        self.far.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.near.close()
        self.far.close()


@pytest.fixture
def sources() -> Iterator[list[Source]]:
    sources = [Source() for _ in range(20)]
    yield sources
    for source in sources:
        source.close()


def test_many_are_heard_by_one_thread(listener: Listener, sources: list[Source]) -> None:
    with ThreadPoolExecutor(20) as threads:
        answers = [threads.submit(listener.follow, source.near, source.hear, source.end) for source in sources]
        for word in (b"a", b"b", b"c."):
            for source in sources:
                source.far.send(word)

        assert [answer.result() for answer in answers] == ["over"] * 20

    assert {source.heard for source in sources} == {b"abc."}
    assert set.union(*(source.threads for source in sources)) == {"engine-reader"}


def test_an_error_is_raised_in_the_thread_it_belongs_to(listener: Listener, sources: list[Source]) -> None:
    bad, good = sources[:2]
    with ThreadPoolExecutor(2) as threads:
        answers = [threads.submit(listener.follow, source.near, source.hear, source.end) for source in (bad, good)]
        bad.far.send(b"!")

        with pytest.raises(ValueError, match="said !"):
            answers[0].result()

        good.far.send(b"fine.")
        assert answers[1].result() == "over"


def test_a_socket_that_was_closed_leaves_its_number_to_the_next(listener: Listener, sources: list[Source]) -> None:
    for source in sources:

        def hear(source: Source = source) -> Heard:
            try:
                return source.hear()
            finally:
                source.close()

        source.far.send(b"x.")
        assert listener.follow(source.near, hear, source.end) == "over"

    assert listener._followers() == []


def test_a_silence_that_no_engine_is_allowed_is_ended(listener: Listener, sources: list[Source], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "SILENCE_S", 0.0)
    monkeypatch.setattr(listening, "LOOK_S", 0.01)

    assert listener.follow(sources[0].near, sources[0].hear, sources[0].end) == "over"


def test_who_follows_is_let_go_when_the_thread_ends(listener: Listener, sources: list[Source]) -> None:
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(listener.follow, sources[0].near, sources[0].hear, sources[0].end)
        while not listener._followers():
            listener.wake()

        listener.stop()

        assert answer.result() == "more"


def test_who_comes_after_the_thread_has_ended_waits_for_its_own_source(listener: Listener, sources: list[Source]) -> None:
    listener.stop()
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(listener.follow, sources[0].near, sources[0].hear, sources[0].end)
        sources[0].far.send(b"late.")

        assert answer.result() == "more"

    assert sources[0].hear() == "over"


def test_a_source_that_is_closed_already_goes_back_and_the_others_are_heard(listener: Listener, sources: list[Source]) -> None:
    gone, lives = sources[0], sources[1]
    gone.close()

    assert listener.follow(gone.near, gone.hear, gone.end) == "more"

    lives.far.send(b"still.")
    assert listener.follow(lives.near, lives.hear, lives.end) == "over"
    assert lives.heard == b"still."
