"""The text of an unfinished answer, put together from what the log says."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from olamchat.services.partials import Text, fold, newest
from olamchat.tokenlog import Entry
from olamchat.tokenlog.events import Delta, Event, Reset, Started, Stopped, frame

ID = "m"


def started(attempt: int = 1, at: int = 0, reasoning_at: int = 0) -> Started:
    return Started(message_id=ID, attempt=attempt, model="x", at=at, reasoning_at=reasoning_at)


def delta(at: int, text: str | None = None, reasoning: str | None = None, message_id: str = ID) -> Delta:
    return Delta(message_id=message_id, attempt=1, at=at, text=text, reasoning=reasoning)


def known(*events: Event) -> Text | None:
    return fold([Entry(f"{number}-0", frame(event)) for number, event in enumerate(events, 1)], ID)


def test_deltas_add_up() -> None:
    assert known(started(), delta(0, "Hé"), delta(0, reasoning="so"), delta(2, "llo")) == Text("Héllo", "so")


def test_a_delta_told_twice_counts_once() -> None:
    assert known(started(), delta(0, "abc"), delta(1, "bcd"), delta(1, "bcd")) == Text("abcd", "")


def test_the_next_attempt_goes_on_at_its_offset() -> None:
    assert known(started(), delta(0, "abcdef"), started(2, at=3), delta(3, "DE")) == Text("abcDE", "")


def test_a_reset_drops_what_follows_it() -> None:
    reset = Reset(message_id=ID, attempt=2, at=1)
    assert known(started(), delta(0, "abc"), delta(0, reasoning="so"), reset) == Text("a", "")


def test_other_answers_are_not_this_one() -> None:
    assert known(started(), delta(0, "abc", message_id="another"), delta(0, "x")) == Text("x", "")


def test_a_log_that_begins_after_the_text_knows_nothing() -> None:
    assert known() is None
    assert known(delta(5, "abc")) is None
    assert known(started(2, at=5), delta(5, "abc")) is None


def test_an_answer_that_ended_and_is_gone_on_with_must_be_told_anew() -> None:
    end = Stopped(message={"id": ID}, length=3)
    assert known(started(), delta(0, "abc"), end) is None
    assert known(started(), delta(0, "abc"), end, started(2, at=0), delta(0, "abcd")) == Text("abcd", "")


def test_what_was_saved_counts_where_it_is_the_same_and_more() -> None:
    assert newest(None, Text("abc")) == Text("abc")
    assert newest(Text("ab"), Text("abc")) == Text("abc")
    assert newest(Text("abcd"), Text("abc")) == Text("abcd")
    assert newest(Text("abX"), Text("abc")) == Text("abX")


@given(st.text(max_size=60), st.lists(st.integers(1, 9)), st.integers(0, 60))
def test_however_a_text_is_cut_and_taken_over_it_adds_up(text: str, cuts: Sequence[int], broken: int) -> None:
    events: list[Event] = [started()]
    at = 0
    for size in cuts:
        if at <= broken < at + size:
            events.append(started(2, at=min(at, len(text))))
        events.append(delta(min(at, len(text)), text[at : at + size]))
        at += size
    events.append(delta(min(at, len(text)), text[at:]))
    assert known(*events) == Text(text, "")
