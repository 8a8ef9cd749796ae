"""Clocks that are wrong: such workers are offered, answer at once and leave no end untold; and nothing waits for a time that was set back."""

import signal
from pathlib import Path

import pytest

from tests.faults import clocks
from tests.worker.conftest import House, counted, until

# When an answer's row says something happened, had Postgres' clock been set back by two hours since.
LATER = "now() + interval '2 hours'"


@pytest.mark.skipif(bool(clocks.MISSING), reason=clocks.MISSING)
@pytest.mark.parametrize("shift", ["-3600s", "+3600s"])
def test_a_worker_with_a_wrong_clock_answers(house: House, shift: str, tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text(shift)
    worker = house.start(**clocks.told(file))
    until(lambda: house.offer("counter") == "loaded", "a worker on the roster")

    house.script(length=20)
    asked = [house.ask() for _ in range(2)]
    for one in asked:
        one.until_told()

    assert [one.row["content"] for one in asked] == [counted(20)] * 2
    [(waited,)] = house.run("SELECT max(finished_at - created_at) < interval '1 minute' FROM messages WHERE role = 'assistant'")
    [(ordered,)] = house.run("SELECT bool_and(finished_at >= created_at - interval '1 second') FROM messages WHERE role = 'assistant'")
    assert waited
    assert ordered
    assert worker.process.poll() is None


def test_a_question_asked_before_the_databases_clock_was_set_back_is_taken_though_its_message_was_lost(house: House) -> None:
    asked = house.ask(send=False)
    house.run(f"UPDATE turns SET created_at = {LATER}, not_before = {LATER} WHERE id = %s", asked.id)

    house.start()

    assert asked.until_told()["status"] == "done"


def test_a_dead_workers_answer_goes_on_though_the_databases_clock_was_set_back_meanwhile(house: House) -> None:
    house.script(length=60, rate=20)
    dying = house.start()
    asked = house.ask()
    asked.until_read(3)
    dying.send(signal.SIGKILL)
    house.run(f"UPDATE turns SET started_at = {LATER} WHERE id = %s", asked.id)

    house.start()

    row = asked.until_told()
    assert (row["status"], row["content"], row["attempt"]) == ("done", counted(60), 2)


def test_an_end_that_was_not_told_is_told_though_the_databases_clock_was_set_back_meanwhile(house: House) -> None:
    asked = house.ask(send=False)
    house.run("UPDATE turns SET state = 'closed', attempt = 1 WHERE id = %s", asked.id)
    house.run(f"UPDATE messages SET status = 'done', attempt = 1, content = 'So.', finished_at = {LATER} WHERE id = %s", asked.id)

    house.start()

    asked.until_told()
    assert [end.message["id"] for end in asked.ends] == [str(asked.id)]
