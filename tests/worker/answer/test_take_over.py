"""Workers die, freeze and are sent away; the answer goes on in another, and its text is what an undisturbed run gives."""

import signal
from typing import Any

import pytest

from olamchat.tokenlog.events import Reset, Started
from tests.worker.conftest import Asked, House, Worker, counted, until

PACED: dict[str, Any] = {"length": 150, "rate": 50}


def begun(house: House) -> tuple[Asked, Worker]:
    """An answer that is being written, and the worker that writes it."""
    house.script(**PACED)
    worker = house.start()
    asked = house.ask()
    asked.until_read(10)
    return asked, worker


def assert_whole(asked: Asked, words: int = 150) -> None:
    row = asked.row
    assert (row["status"], row["content"], asked.read) == ("done", counted(words), counted(words))
    assert len(asked.ends) == 1
    assert asked.house.run("SELECT count(*) FROM turns") == [(0,)]


def test_a_killed_workers_answer_goes_on_where_it_was(house: House) -> None:
    asked, worker = begun(house)

    worker.send(signal.SIGKILL)
    house.start()
    row = asked.until_told()

    assert_whole(asked)
    assert row["attempt"] == 2
    started = [event for event in asked.events if isinstance(event, Started)]
    assert [event.attempt for event in started] == [1, 2]
    assert started[1].at > 0
    assert not [event for event in asked.events if isinstance(event, Reset)]
    assert house.requests()[1]["continues"]


def test_a_worker_killed_before_the_first_word_loses_nothing(house: House) -> None:
    house.script(length=20)
    house.script(length=20, delay_s=30, times=1)
    worker = house.start()
    asked = house.ask()
    until(house.requests, "a request")
    worker.send(signal.SIGKILL)
    house.start()
    asked.until_told()
    assert_whole(asked, 20)


def test_a_frozen_worker_that_wakes_writes_not_one_character(house: House) -> None:
    asked, frozen = begun(house)

    frozen.send(signal.SIGSTOP)
    house.start()
    row = asked.until_told()
    length = len(asked.events)
    frozen.send(signal.SIGCONT)
    until(lambda: all(request["how"] for request in house.requests()), "the end of the old worker's call")
    frozen.send(signal.SIGTERM)

    assert frozen.wait() == 0
    assert_whole(asked)
    assert asked.row == row
    assert len(asked.events) == length


def test_a_worker_that_is_sent_away_hands_over(house: House) -> None:
    house.script(**PACED)
    leaving = house.start(OLAMCHAT_WORKER_GRACE_S="0.2")
    asked = house.ask()
    asked.until_read(10)
    house.start()

    leaving.send(signal.SIGTERM)
    assert leaving.wait() == 0
    asked.until_told()

    assert_whole(asked)
    assert house.requests()[0]["how"] == "cancelled"


def test_a_worker_that_is_sent_away_finishes_within_its_grace(house: House) -> None:
    asked, leaving = begun(house)
    leaving.send(signal.SIGTERM)
    assert leaving.wait() == 0
    assert_whole(asked)
    assert asked.row["attempt"] == 1


def test_everything_restarted_at_once_loses_nothing(house: House) -> None:
    house.script(**PACED)
    workers = [house.start(), house.start()]
    several = [house.ask() for _ in range(6)]
    for asked in several:
        asked.until_read(1)
    for worker in workers:
        worker.send(signal.SIGKILL)
    house.start()
    house.start()
    for asked in several:
        asked.until_told()
        row = asked.row
        assert (row["status"], row["content"], asked.read, len(asked.ends)) == ("done", counted(150), counted(150), 1)


def test_an_engine_that_cannot_continue_begins_anew_and_says_so(house: House) -> None:
    house.script(**PACED)
    openai = {"OLLAMA_URL": "", "OPENAI_BASE_URL": house.engine.url + "/v1"}
    worker = house.start(**openai)
    asked = house.ask(pool="openai")
    asked.until_read(10)
    worker.send(signal.SIGKILL)
    house.start(**openai)
    asked.until_told()
    assert_whole(asked)
    assert [(event.at, event.attempt) for event in asked.events if isinstance(event, Reset)] == [(0, 2)]


@pytest.mark.parametrize("pool", ["vllm"])
def test_vllm_goes_on_where_it_was(house: House, pool: str) -> None:
    house.script(**PACED)
    vllm = {"OLLAMA_URL": "", "VLLM_URL": house.engine.url}
    worker = house.start(**vllm)
    asked = house.ask(pool=pool)
    asked.until_read(10)
    worker.send(signal.SIGKILL)
    house.start(**vllm)
    asked.until_told()
    assert_whole(asked)
    assert house.requests()[1]["continues"]


def test_a_lost_job_is_made_again(house: House) -> None:
    house.start()
    asked = house.ask(send=False)
    asked.until_told()
    assert_whole(asked, 20)


def test_doubled_jobs_do_no_harm(house: House) -> None:
    from olamchat import jobs

    house.start()
    house.start()
    for _ in range(20):
        jobs.send_turn("ollama")
    several = [house.ask() for _ in range(10)]
    for asked in several:
        asked.until_told()
        assert asked.read == counted(20)
    assert len(house.requests()) == 10


def test_an_end_that_was_not_told_is_told_by_the_sweeper(house: House) -> None:
    asked = house.ask(send=False)
    house.run("UPDATE turns SET state = 'closed', attempt = 1")
    house.run("UPDATE messages SET status = 'done', attempt = 1, content = 'x', finished_at = now() WHERE id = %s", asked.id)
    house.start()
    asked.until_told()
    assert [(type(end).name, end.length) for end in asked.ends] == [("done", 1)]
