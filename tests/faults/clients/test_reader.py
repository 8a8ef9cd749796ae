"""The reference reader follows the rules."""

from olamchat.tokenlog.events import Delta, Done, Queued, Reset, Snapshot, Started, Sync
from tests.faults.clients.reader import Reader, Shown


def reading(**given: object) -> Reader:
    return Reader({"a": Shown(**given)})  # type: ignore[arg-type]


def delta(at: int, text: str, attempt: int = 1) -> Delta:
    return Delta(message_id="a", attempt=attempt, at=at, text=text)


def done(length: int, attempt: int = 1) -> Done:
    return Done(message={"id": "a", "attempt": attempt, "status": "done"}, length=length)


def test_an_answer_from_the_first_event_to_the_last() -> None:
    reader = reading()
    told = [Queued(message_id="a", position=1), Started(message_id="a", attempt=1, model="m"), delta(0, "one"), delta(3, " two"), done(7)]
    assert [reader.hear(event) for event in told] == ["nothing"] * 5
    assert reader.answers["a"] == Shown("done", 1, "one two")


def test_a_gap_asks_to_connect_anew_and_changes_nothing() -> None:
    reader = reading(attempt=1, text="one")
    assert reader.hear(delta(9, "!")) == "restart"
    assert (reader.answers["a"].text, reader.gaps) == ("one", 1)


def test_another_worker_goes_on_from_where_it_says() -> None:
    reader = reading(attempt=1, status="running", text="one two")
    reader.hear(Started(message_id="a", attempt=2, model="m", at=3))
    reader.hear(delta(3, " TWO", 2))
    assert reader.answers["a"].text == "one TWO"


def test_what_an_older_attempt_says_is_not_heard() -> None:
    reader = reading(attempt=2, status="running", text="one")
    for event in (delta(0, "x"), Started(message_id="a", attempt=1, model="m"), Reset(message_id="a", attempt=1), done(3)):
        assert reader.hear(event) == "nothing"
    assert reader.answers["a"] == Shown("running", 2, "one")


def test_that_it_waits_is_not_heard_when_it_is_told_late() -> None:
    reader = reading(attempt=1, status="done", text="one")
    reader.hear(Queued(message_id="a", position=1))
    assert reader.answers["a"].status == "done"


def test_the_row_is_fetched_where_the_length_differs_or_several_attempts_wrote() -> None:
    assert reading(attempt=1, text="one").hear(done(4)) == "messages"
    assert reading(attempt=2, text="one").hear(done(3, 2)) == "messages"


def test_an_unknown_answer_a_sync_and_an_empty_snapshot_ask_for_the_messages() -> None:
    assert Reader().hear(delta(0, "x")) == "messages"
    assert Reader().hear(Sync()) == "messages"
    assert Reader().hear(Snapshot()) == "messages"


def test_a_row_that_is_ahead_of_the_stream_makes_no_gap() -> None:
    reader = Reader()
    reader.rows([{"id": "a", "role": "assistant", "status": "running", "attempt": 2, "content": "one", "reasoning": ""}])
    told = [delta(3, " two"), Started(message_id="a", attempt=2, model="m", at=7), delta(7, " three", 2)]
    assert [reader.hear(event) for event in told] == ["nothing"] * 3
    assert reader.answers["a"].text == "one two three"


def test_a_row_that_has_ended_wins_and_one_in_flight_does_not() -> None:
    reader = reading(attempt=1, status="running", text="one two")
    row = {"id": "a", "role": "assistant", "status": "running", "attempt": 1, "content": "one", "reasoning": ""}
    reader.rows([row])
    assert reader.answers["a"].text == "one two"
    reader.rows([{**row, "status": "done", "content": "one two three"}])
    assert reader.answers["a"] == Shown("done", 1, "one two three")
