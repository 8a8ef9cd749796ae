"""What a reader is given first, over the log in memory."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from olamchat.fanout import catch_up
from olamchat.fanout.catch_up import open_log
from olamchat.tokenlog import START, Append, conv_topic
from olamchat.tokenlog.events import (
    FRAME_BYTES,
    Closed,
    Delta,
    DeltaFrames,
    Done,
    Event,
    Failed,
    Ping,
    Queued,
    Reset,
    SignedOut,
    Snapshot,
    Started,
    Title,
    frame,
    parse,
)
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
    tell(log, started(), *deltas(), Done(message={"id": "m", "attempt": 1}, length=3))
    assert told(open_log(log, TOPIC, None).frames) == [Snapshot()]


def test_that_an_answer_waits_told_by_a_late_sender_opens_nothing() -> None:
    log = MemoryLog()
    tell(log, started(), *deltas(), Done(message={"id": "m", "attempt": 1}, length=9), Queued(message_id="m", position=1))
    [snapshot] = told(open_log(log, TOPIC, None).frames)
    assert snapshot == Snapshot()


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
    page = Page()
    for event in told(frames):
        page.take(event)
    assert (page.text, page.reasoning) == (text, text)
    assert all(len(sent) <= FRAME_BYTES for sent in frames)
    assert [sent.startswith(b"id: ") for sent in frames] == [False] * (len(frames) - 1) + [True]


def test_a_long_answer_takes_as_few_frames_as_it_can() -> None:
    log = MemoryLog()
    tell(log, started(), Delta(message_id="m", attempt=1, at=0, text="w" * 45_000))
    assert len(open_log(log, TOPIC, None).frames) == 3


def test_continue_goes_on_after_the_text_that_was_told_before_the_end() -> None:
    log = MemoryLog()
    tell(log, started(), *deltas()[:2], Failed(message={"id": "m", "attempt": 1}, length=6), Queued(message_id="m", position=1, attempt=1))
    (waiting,) = told(open_log(log, TOPIC, None).frames)
    assert isinstance(waiting, Snapshot)
    assert (waiting.status, waiting.text) == ("queued", " w0 w1")
    tell(log, started(attempt=2, at=6), *deltas(attempt=2)[2:3])
    (running,) = told(open_log(log, TOPIC, None).frames)
    assert isinstance(running, Snapshot)
    assert (running.attempt, running.text) == (2, " w0 w1 w2")


def test_of_an_answer_with_a_hole_in_its_text_nothing_is_told() -> None:
    log = MemoryLog()
    tell(log, started(), *deltas()[:2], *deltas()[3:4])
    assert told(open_log(log, TOPIC, None).frames) == [Snapshot()]


def test_a_user_log_opens_with_the_id_to_start_from() -> None:
    log = MemoryLog()
    last = tell(log, Title(conversation_id="c", title="Tea"))
    opening = open_log(log, TOPIC, None, snapshot=False)
    assert (told(opening.frames), opening.frames[0].split(b"\n")[0]) == ([Ping()], b"id: %s" % last.encode())
    assert [event.name for event in told(open_log(log, TOPIC, "77-0", snapshot=False).frames)] == ["sync", "ping"]


def test_the_end_of_other_sessions_is_nobodys_to_see() -> None:
    log = MemoryLog()
    first = tell(log, Title(conversation_id="c", title="Tea"))
    last = tell(log, SignedOut(session_id="s"))
    opening = open_log(log, TOPIC, first, snapshot=False)
    assert (opening.frames, opening.reaches) == ([], last)


def test_who_missed_too_much_gets_a_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catch_up, "MOST_MISSED", 5)
    log = MemoryLog()
    first = tell(log, started())
    tell(log, *deltas())
    assert [event.name for event in told(open_log(log, TOPIC, first).frames)] == ["sync", "snapshot"]


class Page:
    """What a page makes of the events: the text it shows, and that each piece joined what was there."""

    def __init__(self) -> None:
        self.answer: str | None = None
        self.status = ""
        self.text = self.reasoning = ""
        self.last = ""

    def take(self, event: Event) -> None:
        match event:
            case Snapshot():
                self.answer, self.status = event.message_id, event.status or ""
                self.text, self.reasoning = event.text, event.reasoning
            case Queued() | Started():
                self._turn_to(event.message_id)
                self.status = "queued" if isinstance(event, Queued) else "running"
                if isinstance(event, Started):
                    self._cut(event.at, event.reasoning_at)
            case Reset():
                self._cut(event.at, event.reasoning_at)
            case Delta(at=at, text=text, reasoning=reasoning):
                if text is not None:
                    assert at <= len(self.text), "a gap"
                    self.text = self.text[:at] + text
                if reasoning is not None:
                    assert at <= len(self.reasoning), "a gap"
                    self.reasoning = self.reasoning[:at] + reasoning
            case Closed():
                self.answer, self.status = None, ""

    def shown(self) -> tuple[object, ...]:
        return (self.answer, self.status, self.text, self.reasoning) if self.answer else ()

    def _turn_to(self, message_id: str) -> None:
        if self.last != message_id:
            self.text = self.reasoning = ""
        self.answer = self.last = message_id

    def _cut(self, at: int, reasoning_at: int) -> None:
        self.text, self.reasoning = self.text[:at], self.reasoning[:reasoning_at]


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    """Some answers, each with take-overs, falls back and, where it failed, perhaps a Continue."""
    events: list[Event] = []
    for number in range(draw(st.integers(1, 3))):
        message, text, reasoning = f"m{number}", "", ""
        for attempt in range(1, draw(st.integers(2, 4))):
            if draw(st.booleans()):
                events.append(Queued(message_id=message, position=draw(st.integers(1, 3)), attempt=attempt - 1))
            text, reasoning = text[: draw(st.integers(0, len(text)))], reasoning[: draw(st.integers(0, len(reasoning)))]
            events.append(Started(message_id=message, attempt=attempt, model="x", at=len(text), reasoning_at=len(reasoning)))
            for _ in range(draw(st.integers(0, 4))):
                said = draw(st.text("aé😀\n", min_size=1, max_size=4))
                if draw(st.booleans()):
                    events.append(Delta(message_id=message, attempt=attempt, at=len(text), text=said))
                    text += said
                else:
                    events.append(Delta(message_id=message, attempt=attempt, at=len(reasoning), reasoning=said))
                    reasoning += said
            if draw(st.booleans()):
                text, reasoning = text[: draw(st.integers(0, len(text)))], ""
                events.append(Reset(message_id=message, attempt=attempt, at=len(text)))
            if draw(st.booleans()):
                events.append(Failed(message={"id": message, "attempt": attempt}, length=len(text), reasoning_length=len(reasoning)))
    return events


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # other tests' machines are busy too
@given(story=stories(), data=st.data())
def test_whoever_joins_or_comes_back_at_any_moment_sees_what_an_eye_witness_sees(story: list[Event], data: st.DataObject) -> None:
    """For each cut: what was read before it and the resumed rest are the whole; a snapshot there shows what the witness sees."""
    log, witness = MemoryLog(), Page()
    ids = [tell(log, event) for event in story]
    cut = data.draw(st.integers(0, len(story)))
    for event in story[:cut]:
        witness.take(event)
    resumed = open_log(log, TOPIC, ids[cut - 1] if cut else START)
    assert told(resumed.frames) == story[cut:]

    young = MemoryLog()
    for event in story[:cut]:
        tell(young, event)
    joined = Page()
    for event in told(open_log(young, TOPIC, None).frames):
        joined.take(event)
    assert joined.shown() == witness.shown()


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
