"""The flusher against the log's twin in memory: order, no gap, no double, and what it does when the log is gone or forgets."""

import threading
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olamchat.redis import Lost
from olamchat.tokenlog import Append, conv_topic
from olamchat.tokenlog.base import Fate
from olamchat.tokenlog.events import FRAME_BYTES, Delta, Reset, parse
from olamchat.tokenlog.memory_log import MemoryLog
from olamchat.tokenlog.replay import Text, told
from worker.answer.flusher import Flusher
from worker.answer.text import Writing

TOPIC = conv_topic("c")


class Shaky(MemoryLog):
    """A log that can be made unreachable."""

    gone = False
    trips = 0

    def append(self, appends: Sequence[Append]) -> list[Fate]:
        self.trips += 1
        if self.gone:
            raise Lost("gone")
        return super().append(appends)


class Room:
    """A flusher, its log, and what it reported."""

    def __init__(self) -> None:
        self.log = Shaky()
        self.stale: list[str] = []
        self.told_stale = threading.Event()
        self.flusher = Flusher(self.log, claim_again=self._claim, on_stale=self._note)

    def writing(self, attempt: int = 1, text: Text | None = None, told: Text | None = None, turn: str = "t") -> Writing:
        writing = Writing(TOPIC, turn, attempt, text or Text(), told or Text())
        self.log.claim(TOPIC, turn, attempt, b"started")
        self.flusher.begin(writing, claimed=True)
        return writing

    def read(self, turn: str = "t") -> Text | None:
        return told(self.log, TOPIC, turn)

    def _claim(self, writing: Writing) -> Fate:
        return self.log.claim(TOPIC, writing.turn_id, writing.attempt, b"started")

    def _note(self, writing: Writing) -> None:
        self.stale.append(writing.turn_id)
        self.told_stale.set()


@pytest.fixture
def room() -> Iterator[Room]:
    room = Room()
    room.flusher.start()
    yield room
    room.flusher.stop()


def known(room: Room, turn: str = "t") -> str:
    """The text in the log, read from its deltas alone."""

    text = ""
    for entry in room.log.read(TOPIC, limit=100_000):
        if entry.body.startswith(b"event: delta"):
            event = parse(entry.body)
            assert isinstance(event, Delta)
            if event.message_id == turn and event.text is not None:
                assert event.at <= len(text)
                text = text[: event.at] + event.text
        elif entry.body.startswith(b"event: reset"):
            reset = parse(entry.body)
            assert isinstance(reset, Reset)
            text = text[: reset.at]
    return text


def test_what_is_put_is_told_in_order(room: Room) -> None:
    writing = room.writing()
    for number in range(500):
        room.flusher.put(writing, f" w{number}")
    assert room.flusher.settle(writing, 30)
    assert known(room) == "".join(f" w{number}" for number in range(500))
    assert room.log.trips < 100


def test_many_answers_share_a_trip(room: Room) -> None:
    writings = [room.writing(turn=f"t{number}") for number in range(50)]
    for _ in range(20):
        for writing in writings:
            room.flusher.put(writing, "x")
    assert all(room.flusher.settle(writing, 30) for writing in writings)
    assert all(known(room, f"t{number}") == "x" * 20 for number in range(50))
    assert room.log.trips < 200


def test_a_huge_piece_is_told_in_frames_that_fit(room: Room) -> None:
    writing = room.writing()
    text = "漢😀\x01" * 20_000
    room.flusher.put(writing, text)
    assert room.flusher.settle(writing, 30)
    assert known(room) == text
    assert max(len(entry.body) for entry in room.log.read(TOPIC, limit=100_000)) <= FRAME_BYTES


def test_a_log_that_is_gone_is_told_everything_when_it_is_back(room: Room) -> None:
    writing = room.writing()
    room.flusher.put(writing, "a")
    room.flusher.settle(writing, 30)
    room.log.gone = True
    room.flusher.put(writing, "b")
    assert not room.flusher.settle(writing, 0.4)
    room.flusher.put(writing, "c")
    room.log.gone = False
    assert room.flusher.settle(writing, 30)
    assert known(room) == "abc"


def test_a_replica_that_was_behind_is_told_what_it_lacks(room: Room) -> None:
    writing = room.writing()
    room.flusher.put(writing, "one ")
    assert room.flusher.settle(writing, 30)
    replica = room.log.replica()
    room.flusher.put(writing, "two ")
    assert room.flusher.settle(writing, 30)
    room.log.promote(replica)
    room.flusher.put(writing, "three")
    assert room.flusher.settle(writing, 30)
    assert known(room) == "one two three"


def test_a_log_that_forgot_is_told_the_whole_text_from_the_start(room: Room) -> None:
    writing = room.writing()
    room.flusher.put(writing, "abc")
    room.flusher.settle(writing, 30)
    room.log.forget()
    room.flusher.put(writing, "d")
    assert room.flusher.settle(writing, 30)
    assert known(room) == "abcd"


def test_a_newer_attempt_silences_the_older(room: Room) -> None:
    old = room.writing()
    room.flusher.put(old, "abc")
    room.flusher.settle(old, 30)
    room.log.claim(TOPIC, "t", 2, b"started")
    room.flusher.put(old, "zombie")
    assert room.told_stale.wait(30)
    assert not room.flusher.settle(old, 1)
    room.flusher.put(old, "zombie")
    assert known(room) == "abc"
    assert room.stale == ["t"]


def test_an_attempt_that_goes_on_tells_only_what_is_new(room: Room) -> None:
    writing = room.writing(attempt=2, text=Text("abcdef"), told=Text("abc"))
    room.flusher.put(writing, "g")
    room.flusher.settle(writing, 30)

    deltas = [event for entry in room.log.read(TOPIC) if b"delta" in entry.body and isinstance(event := parse(entry.body), Delta)]
    assert deltas[0].at == 3
    assert "".join(delta.text or "" for delta in deltas) == "defg"


def test_falling_back_tells_the_readers_to_drop_what_they_saw(room: Room) -> None:
    writing = room.writing()
    room.flusher.put(writing, "abc  ")
    room.flusher.settle(writing, 30)
    room.flusher.cut(writing, Text("abc"))
    room.flusher.put(writing, "  def")
    room.flusher.settle(writing, 30)
    assert known(room) == "abc  def" == room.flusher.text(writing).content


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(st.text(min_size=1, max_size=5), st.integers(0, 30), st.sampled_from(["gone", "back", "forget"])), max_size=25))
def test_whatever_happens_the_readers_have_the_text_in_the_end(steps: Sequence[str | int]) -> None:
    room = Room()
    room.flusher.start()
    writing = room.writing()
    try:
        for step in steps:
            if isinstance(step, int):
                room.flusher.cut(writing, Text(room.flusher.text(writing).content[:step]))
            elif step in {"gone", "back"}:
                room.log.gone = step == "gone"
            elif step == "forget":
                room.log.forget()
            else:
                room.flusher.put(writing, step)
        room.log.gone = False
        room.flusher.put(writing, ".")
        assert room.flusher.settle(writing, 30)
        assert known(room) == room.flusher.text(writing).content
    finally:
        room.flusher.stop()


def test_what_the_log_has_lost_is_not_told_before_it_is_claimed_again() -> None:
    room = Room()  # its thread is not started: the trip is made by hand
    writing = room.writing()
    room.flusher.put(writing, "one")
    room.flusher._flush()
    room.flusher.put(writing, " two")
    writing.state = "lost"  # as another trip found, while this piece came
    assert room.flusher._flush() == 0
    assert known(room) == "one"
