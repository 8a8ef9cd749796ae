"""While no engine of a pool can be reached its turns wait in line, told as waiting; after a time they fail with the reason."""

from typing import Any

import pytest

from olamchat.tokenlog.events import Queued
from tests.conftest import free_port
from tests.in_a_thread import in_a_thread
from tests.scripted_engine.server import Server
from tests.worker.conftest import House, counted, until


def test_an_answer_in_line_waits_for_an_engine_that_is_not_there_yet(house: House) -> None:
    house.script(length=20)
    port = free_port()
    house.start(OLLAMA_URL=f"http://127.0.0.1:{port}")
    several = [house.ask() for _ in range(5)]
    until(lambda: house.run("SELECT count(*) FROM turns WHERE state = 'queued'") == [(5,)], "the line")

    with in_a_thread(Server(port, house.engine.book)):
        rows = [asked.until_told() for asked in several]

    assert [(row["status"], row["content"], row["error"]) for row in rows] == [("done", counted(20), None)] * 5


def test_an_answer_whose_engine_restarts_is_told_as_waiting_and_goes_on(house: House) -> None:
    house.script(length=40)
    house.script(length=40, cut_at=15, rate=20, times=1)
    port = free_port()
    with in_a_thread(Server(port, house.engine.book)):
        house.start(OLLAMA_URL=f"http://127.0.0.1:{port}")
        asked = house.ask()
        asked.until_read(5)
    until(lambda: [event for event in asked.events if isinstance(event, Queued)], "the word that it waits")

    with in_a_thread(Server(port, house.engine.book)):
        row = asked.until_told()

    assert (row["status"], row["content"], asked.read) == ("done", counted(40), counted(40))
    assert house.run("SELECT count(*) FROM turns") == [(0,)]


@pytest.mark.parametrize("wait", ["0", "1"])
def test_after_a_time_it_fails_with_the_reason(house: House, wait: Any) -> None:
    house.start(OLLAMA_URL=f"http://127.0.0.1:{free_port()}", OLAMCHAT_ENGINE_WAIT_S=wait)
    rows = [asked.until_told() for asked in [house.ask(), house.ask()]]
    assert [(row["status"], row["error"]["code"]) for row in rows] == [("failed", "engine_unavailable")] * 2
