"""Stop, at every stage: the text ends where its readers saw it, and the engine is free at once."""

import signal
import time

from olamchat.db import turns as statements
from olamchat.services.turns import lifecycle
from olamchat.tokenlog.replay import Text
from tests.worker.conftest import House, counted, until


def test_a_waiting_answer_is_stopped_by_one_statement(house: House) -> None:
    asked = house.ask(send=False)
    assert lifecycle.stop(asked.id)
    row = asked.row
    assert (row["status"], row["content"], len(asked.ends)) == ("stopped", "", 1)
    assert house.run("SELECT count(*) FROM turns") == [(0,)]
    assert not lifecycle.stop(asked.id)


def test_an_answer_is_stopped_before_its_first_word(house: House) -> None:
    house.script(headers_s=30)
    house.start()
    asked = house.ask()
    until(house.requests, "a request")
    lifecycle.stop(asked.id)
    assert asked.until_told()["status"] == "stopped"
    assert house.requests()[0]["how"] == "cancelled"


def test_an_answer_is_stopped_in_the_middle_and_its_text_kept(house: House) -> None:
    house.script(length=5000, rate=100)
    house.start()
    asked = house.ask()
    asked.until_read(20)

    begin = time.time()
    lifecycle.stop(asked.id)
    row = asked.until_told()

    assert (row["status"], row["content"]) == ("stopped", asked.read)
    assert counted(5000).startswith(row["content"])
    assert row["content"]
    until(lambda: house.requests()[0]["ended"], "the engine's end")
    assert house.requests()[0]["ended"] - begin < 30  # some 10 ms; a busy machine gets its time


def test_a_nudge_that_was_missed_is_made_good(house: House) -> None:
    house.script(length=5000, rate=100)
    house.start()
    asked = house.ask()
    asked.until_read(5)
    house.run("UPDATE turns SET stop_at = now()")
    assert asked.until_told()["status"] == "stopped"


def test_a_stop_finds_an_answer_whose_worker_is_dead(house: House) -> None:
    house.script(length=5000, rate=100)
    worker = house.start()
    asked = house.ask()
    asked.until_read(20)
    worker.send(signal.SIGKILL)
    worker.wait()
    seen = asked.read

    lifecycle.stop(asked.id)
    house.start()
    row = asked.until_told()

    assert (row["status"], row["content"], asked.read) == ("stopped", seen, seen)


def test_stopping_a_handed_back_answer_keeps_what_readers_saw(house: House) -> None:
    house.script(length=5000, rate=100)
    worker = house.start()
    asked = house.ask()
    asked.until_read(20)
    worker.send(signal.SIGKILL)
    worker.wait()
    house.run("UPDATE turns SET state = 'queued'")
    house.run("UPDATE messages SET status = 'queued' WHERE id = %s", asked.id)
    seen = asked.read
    lifecycle.stop(asked.id)
    assert (asked.row["status"], asked.row["content"], asked.read, len(asked.ends)) == ("stopped", seen, seen, 1)


def test_stopping_twice_is_one_stop(house: House) -> None:
    house.script(length=5000, rate=100)
    house.start()
    asked = house.ask()
    asked.until_read(5)
    for _ in range(3):
        lifecycle.stop(asked.id)
    asked.until_told()
    assert len(asked.ends) == 1


def test_a_late_teller_leaves_the_turn_of_a_continued_answer(house: House) -> None:
    asked = house.ask(send=False)
    first = lifecycle.take(worker="first", pools=["ollama"])
    assert first is not None
    lifecycle.close(turn_id=asked.id, attempt=1, ending=lifecycle.Ending(status="stopped", text=Text("one")))
    house.run("UPDATE turns SET state = 'queued' WHERE id = %s", asked.id)  # somebody continues it
    house.run("UPDATE messages SET status = 'queued' WHERE id = %s", asked.id)
    lifecycle.take(worker="second", pools=["ollama"])
    lifecycle.close(turn_id=asked.id, attempt=2, ending=lifecycle.Ending(status="done", text=Text("one two")))

    statements.delete([asked.id], [first.attempt])

    assert house.run("SELECT state, attempt FROM turns WHERE id = %s", asked.id) == [("closed", 2)]
