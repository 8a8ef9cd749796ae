"""The text of an answer, put together from what its log says."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from olamchat.tokenlog.events import Closed, Delta, Event, Queued, Reset, Started, Stopped, frame
from olamchat.tokenlog.memory_log import MemoryLog
from olamchat.tokenlog.replay import Draft, Replay, Text, newest, told
from tests.olamchat.tokenlog.histories import VECTORS, history, vectors

ID = "m"
HOLE = "\0"


def started(attempt: int = 1, at: int = 0, reasoning_at: int = 0) -> Started:
    return Started(message_id=ID, attempt=attempt, model="x", at=at, reasoning_at=reasoning_at)


def delta(at: int, text: str | None = None, reasoning: str | None = None, message_id: str = ID, attempt: int = 1) -> Delta:
    return Delta(message_id=message_id, attempt=attempt, at=at, text=text, reasoning=reasoning)


def stopped(length: int, attempt: int = 1) -> Stopped:
    return Stopped(message={"id": ID, "attempt": attempt}, length=length)


def known(*events: Event) -> Text | None:
    log = MemoryLog()
    for event in events:
        log.tell("topic", [frame(event)])
    return told(log, "topic", ID)


def test_deltas_add_up() -> None:
    assert known(started(), delta(0, "Hé"), delta(0, reasoning="so"), delta(2, "llo")) == Text("Héllo", "so")


def test_a_delta_told_twice_counts_once() -> None:
    assert known(started(), delta(0, "abc"), delta(1, "bcd"), delta(1, "bcd"), delta(0, "a")) == Text("abcd", "")


def test_the_next_attempt_goes_on_at_its_offset() -> None:
    assert known(started(), delta(0, "abcdef"), started(2, at=3), delta(3, "DE", attempt=2)) == Text("abcDE", "")


def test_a_reset_drops_what_follows_it() -> None:
    reset = Reset(message_id=ID, attempt=2, at=1)
    assert known(started(), delta(0, "abc"), delta(0, reasoning="so"), reset) == Text("a", "")


def test_other_answers_are_not_this_one() -> None:
    assert known(started(), delta(0, "abc", message_id="another"), delta(0, "x")) == Text("x", "")


def test_a_log_that_begins_after_the_text_knows_nothing() -> None:
    assert known() is None
    assert known(delta(5, "abc")) is None
    assert known(started(2, at=5), delta(5, "abc", attempt=2)) is None
    assert known(Queued(message_id=ID, position=1, attempt=1)) is None
    assert known(Queued(message_id=ID, position=1)) == Text()


def test_an_answer_that_is_continued_goes_on_after_the_text_that_was_told_before() -> None:
    first = [started(), delta(0, "abc"), stopped(3), Queued(message_id=ID, position=1, attempt=1)]
    assert known(*first) == Text("abc", "")
    assert known(*first, started(2, at=3), delta(3, "def", attempt=2)) == Text("abcdef", "")


def test_an_end_that_fits_not_what_was_told_leaves_nothing_known() -> None:
    assert known(started(), delta(0, "abc"), stopped(4)) is None
    assert known(started(), delta(0, "abc"), stopped(3, attempt=2)) is None
    assert known(started(), delta(0, "abc"), stopped(4), started(2, at=3)) is None
    assert known(started(), delta(0, "abc"), stopped(4), started(2), delta(0, "abcd", attempt=2)) == Text("abcd", "")


def test_nothing_is_known_across_a_hole_until_the_text_begins_anew() -> None:
    hole = [started(), delta(0, "abc"), delta(7, "x")]
    assert known(*hole) is None
    assert known(*hole, Reset(message_id=ID, attempt=1, at=2), delta(2, "c")) is None
    assert known(*hole, Reset(message_id=ID, attempt=1), delta(0, "new")) == Text("new", "")
    assert known(started(), Reset(message_id=ID, attempt=1, at=2)) is None


def test_what_an_older_attempt_says_is_not_heard() -> None:
    late = [delta(0, "old"), Reset(message_id=ID, attempt=1), started(1), stopped(3)]
    assert known(started(), started(2), delta(0, "abc", attempt=2), *late) == Text("abc", "")


def test_what_was_saved_counts_where_it_is_the_same_and_more() -> None:
    assert newest(None, Text("abc")) == Text("abc")
    assert newest(Text("ab"), Text("abc")) == Text("abc")
    assert newest(Text("abcd"), Text("abc")) == Text("abcd")
    assert newest(Text("abX"), Text("abc")) == Text("abX")


@given(st.text(max_size=60), st.lists(st.integers(1, 9)), st.integers(0, 60))
def test_however_a_text_is_cut_and_taken_over_it_adds_up(text: str, cuts: Sequence[int], broken: int) -> None:
    events: list[Event] = [started()]
    at, attempt = 0, 1
    for size in cuts:
        if at <= broken < at + size:
            attempt = 2
            events.append(started(2, at=min(at, len(text))))
        events.append(delta(min(at, len(text)), text[at : at + size], attempt=attempt))
        at += size
    events.append(delta(min(at, len(text)), text[at:], attempt=attempt))
    assert known(*events) == Text(text, "")


@given(st.data(), st.booleans())
def test_what_any_history_leaves_known_is_what_it_says_and_has_no_hole(data: st.DataObject, loses: bool) -> None:
    replay, naive = Replay(), Naive()
    for event in history(lambda below: data.draw(st.integers(0, below - 1)), loses=loses):
        replay.take(frame(event))
        naive.take(event)
        texts = replay.answer.texts() if replay.answer else None
        if texts is None:
            assert naive.doubted
        else:
            assert texts == Text(naive.texts[0], naive.texts[1])
            assert HOLE not in texts.content + texts.reasoning


class Naive:
    """A reader that fills what is missing with holes, and remembers that it did."""

    def __init__(self) -> None:
        self.texts, self.attempt, self.over, self.doubted = ["", ""], 0, False, True

    def take(self, event: Event) -> None:
        match event:
            case Queued(attempt=attempt) if attempt >= self.attempt:
                self.over, self.doubted = False, self.doubted and attempt > 0
            case Started(attempt=attempt) if attempt > self.attempt or (attempt == self.attempt and not self.over):
                self.over = False
                self._begin(event)
            case Reset(attempt=attempt) if attempt >= self.attempt and not self.over:
                self._begin(event)
            case Delta(attempt=attempt) if attempt >= self.attempt and not self.over:
                self.doubted |= attempt != self.attempt
                self.attempt = attempt
                self._write(0 if event.reasoning is None else 1, event.at, event.text or event.reasoning or "")
            case Closed() if event.message["attempt"] >= self.attempt:
                self._end(event)

    def _end(self, event: Closed) -> None:
        told = [event.length, event.reasoning_length]
        if told == [0, 0]:
            self.texts, self.doubted = ["", ""], False
        else:
            self.doubted |= [len(text) for text in self.texts] != told or event.message["attempt"] != self.attempt
        self.attempt, self.over = event.message["attempt"], True

    def _begin(self, event: Started | Reset) -> None:
        self.attempt = event.attempt
        self.doubted = (self.doubted or event.at > len(self.texts[0]) or event.reasoning_at > len(self.texts[1])) and bool(
            event.at or event.reasoning_at
        )
        self.texts = [text[:at] for text, at in zip(self.texts, (event.at, event.reasoning_at), strict=True)]

    def _write(self, which: int, at: int, piece: str) -> None:
        text = self.texts[which]
        self.doubted |= at > len(text)
        if text[at : at + len(piece)] != piece:
            self.texts[which] = text[:at].ljust(at, HOLE) + piece


@given(st.lists(st.tuples(st.integers(0, 20), st.text(max_size=5))), st.integers(0, 30))
def test_the_end_of_a_draft_is_what_follows_an_offset(steps: list[tuple[int, str]], at: int) -> None:
    draft = Draft()
    for begins, piece in steps:
        draft.put(min(begins, draft.length), piece)
        assert draft.since(at) == draft.whole()[at:]
        assert draft.length == len(draft.whole())


def test_the_page_is_tried_with_the_histories_that_are_made_here() -> None:
    assert VECTORS.read_text() == vectors(), "python -m tests.olamchat.tokenlog.histories writes them anew"
