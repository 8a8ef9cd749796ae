"""What a reader is given first, over the log in memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olamchat.services import following
from olamchat.services.following import open_log
from olamchat.tokenlog import START, Append, conv_topic
from olamchat.tokenlog.events import FRAME_BYTES, Delta, DeltaFrames, Done, Event, Queued, Reset, Snapshot, Started, frame, parse
from olamchat.tokenlog.memory_log import MemoryLog

TOPIC = conv_topic("a")
WORDS = [f" w{number}" for number in range(12)]


def tell(log: MemoryLog, *events: Event) -> str:
    return log.tell(TOPIC, [frame(event) for event in events])


def body(sent: bytes) -> bytes:
    return sent.split(b"\n", 1)[1] if sent.startswith(b"id: ") else sent


def told(frames: list[bytes]) -> list[Event]:
    return [parse(body(sent)) for sent in frames]


def deltas(message_id: str = "m", attempt: int = 1) -> list[Delta]:
    offsets = [sum(map(len, WORDS[:index])) for index in range(len(WORDS))]
    return [Delta(message_id=message_id, attempt=attempt, at=at, text=word) for at, word in zip(offsets, WORDS, strict=True)]


def started(attempt: int = 1, at: int = 0) -> Started:
    return Started(message_id="m", attempt=attempt, model="llama", at=at)


def test_an_empty_log_opens_with_a_snapshot_of_nothing() -> None:
    opening = open_log(MemoryLog(), TOPIC, None)
    assert told(opening.frames) == [Snapshot()]
    assert opening.frames[0].startswith(b"id: 0-0\n")


def test_a_late_joiner_gets_the_text_so_far_and_the_id_it_reaches_to() -> None:
    log = MemoryLog()
    last = tell(log, started(), *deltas()[:3])
    opening = open_log(log, TOPIC, None)
    assert told(opening.frames) == [Snapshot(message_id="m", attempt=1, status="running", model="llama", text=" w0 w1 w2")]
    assert opening.reaches == last


def test_a_waiting_answer_is_in_the_snapshot_with_its_position() -> None:
    log = MemoryLog()
    tell(log, Queued(message_id="m", position=3))
    assert told(open_log(log, TOPIC, None).frames) == [Snapshot(message_id="m", status="queued", position=3)]


def test_an_answer_that_has_ended_is_in_no_snapshot() -> None:
    log = MemoryLog()
    tell(log, started(), *deltas(), Done(message={"id": "m"}, length=3))
    assert told(open_log(log, TOPIC, None).frames) == [Snapshot()]


def test_a_take_over_goes_on_from_its_offset() -> None:
    log = MemoryLog()
    tell(log, started(), *deltas()[:3], started(attempt=2, at=6), *deltas(attempt=2)[2:4])
    (snapshot,) = told(open_log(log, TOPIC, None).frames)
    assert isinstance(snapshot, Snapshot)
    assert (snapshot.attempt, snapshot.text) == (2, " w0 w1 w2 w3")


def test_a_reset_drops_what_follows_its_offset() -> None:
    log = MemoryLog()
    tell(log, started(), *deltas()[:3], Reset(message_id="m", attempt=2, at=3))
    (snapshot,) = told(open_log(log, TOPIC, None).frames)
    assert isinstance(snapshot, Snapshot)
    assert snapshot.text == " w0"


def test_a_reader_whose_place_is_gone_is_told_to_sync_before_the_snapshot() -> None:
    log = MemoryLog()
    gone = tell(log, started())
    log.trim(TOPIC, tell(log, *deltas()[:1]))
    assert [event.name for event in told(open_log(log, TOPIC, gone).frames)] == ["sync", "snapshot"]


@pytest.mark.parametrize("text", ["ä" * 40_000, "\x01" * 30_000, "😀" * 20_000, '"' * 50_000])
def test_a_long_snapshot_comes_in_frames_that_fit_and_only_the_last_has_the_id(text: str) -> None:
    log = MemoryLog()
    tell(log, started(), Delta(message_id="m", attempt=1, at=0, reasoning=text), Delta(message_id="m", attempt=1, at=0, text=text))
    frames = open_log(log, TOPIC, None).frames
    answer = None
    for event in told(frames):
        if isinstance(event, Snapshot):
            answer = following.InFlight("m", "running", text=event.text, reasoning=event.reasoning)
        else:
            answer = following.after(answer, event)
    assert answer is not None
    assert (answer.text, answer.reasoning) == (text, text)
    assert all(len(sent) <= FRAME_BYTES for sent in frames)
    assert [sent.startswith(b"id: ") for sent in frames] == [False] * (len(frames) - 1) + [True]


@given(cut=st.integers(0, len(WORDS) + 1))
def test_what_was_read_before_any_cut_and_what_is_resumed_after_it_make_the_whole(cut: int) -> None:
    log = MemoryLog()
    log.claim(TOPIC, "m", 1, frame(started()))
    log.append([Append(TOPIC, "m", 1, [frame(delta) for delta in deltas()])])
    entries = log.read(TOPIC)
    position = entries[cut - 1].id if cut else START
    resumed = open_log(log, TOPIC, position).frames
    assert [entry.body for entry in entries[:cut]] + [body(sent) for sent in resumed] == [entry.body for entry in entries]


def test_a_delta_made_quickly_is_the_same_frame() -> None:
    frames = DeltaFrames("m1", 3)
    for text in ("word ", 'quo"te\n', "ein Wört 🙂", ""):
        assert frames.text(7, text) == frame(Delta(message_id="m1", attempt=3, at=7, text=text))
        assert frames.reasoning(0, text) == frame(Delta(message_id="m1", attempt=3, at=0, reasoning=text))
