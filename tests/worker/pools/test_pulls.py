"""Models that Ollama fetches: asked for by an administrator, seen to by one worker, taken over when it dies, stopped when nobody wants them."""

import signal
from collections.abc import Iterator

import pytest

from olamchat import pulls, roster
from olamchat.pulls import Pull
from tests.scripted_engine.book import Book
from tests.scripted_engine.pulling import ABSENT
from tests.scripted_engine.server import Server, serving
from tests.worker.conftest import House, until

NEW = "llama3.2:1b"


@pytest.fixture
def ollama() -> Iterator[Server]:
    """An Ollama without a model."""
    with serving(Book({})) as server:
        yield server


def test_a_model_is_fetched_told_and_then_offered(house: House, ollama: Server) -> None:
    house.start(OLLAMA_URL=ollama.url)
    until(lambda: [replica.fetches for worker in roster.workers() for replica in worker.replicas] == [True], "an engine that fetches")

    asked = pulls.ask("ollama", NEW)
    assert (asked.status, pulls.ask("ollama", NEW)) == ("waiting", asked), "asking twice is asking once"
    ollama.book.library.more(11)
    until(lambda: pull().completed == 2_000_000, "half of it")
    assert pull() == Pull(pool="ollama", model=NEW, status="pulling", completed=2_000_000, total=4_000_000)
    ollama.book.library.more()

    until(lambda: pull().status == "done", "the end")
    assert (pull().completed, pull().total) == (4_001_000, 4_001_000)
    until(lambda: house.offer(NEW) is not None, "the model on the roster")
    assert ollama.book.library.asked == [NEW]


def test_what_the_engine_says_against_it_is_told_and_it_can_be_asked_again(house: House, ollama: Server) -> None:
    house.start(OLLAMA_URL=ollama.url)
    pulls.ask("ollama", "absent")
    until(lambda: pull().status == "failed", "a failure")
    assert pull().trouble == ABSENT

    assert pulls.ask("ollama", "absent").status == "waiting"
    until(lambda: ollama.book.library.asked == ["absent", "absent"], "a second try")


def test_another_worker_goes_on_when_one_dies(house: House, ollama: Server) -> None:
    first = house.start(OLLAMA_URL=ollama.url)
    pulls.ask("ollama", NEW)
    ollama.book.library.more(11)
    until(lambda: pull().completed == 2_000_000, "half of it")
    first.send(signal.SIGKILL)
    first.wait()

    house.start(OLLAMA_URL=ollama.url)
    until(lambda: ollama.book.library.asked == [NEW, NEW], "the second worker's pull")
    ollama.book.library.more()
    until(lambda: pull().status == "done", "the end")


def test_one_of_two_workers_sees_to_it(house: House, ollama: Server) -> None:
    for _ in range(2):
        house.start(OLLAMA_URL=ollama.url)
    until(lambda: len(roster.workers()) == 2, "two workers")
    pulls.ask("ollama", NEW)
    ollama.book.library.more()
    until(lambda: pull().status == "done", "the end")
    assert ollama.book.library.asked == [NEW]


def test_a_pull_that_nobody_wants_any_more_stops_at_the_engine(house: House, ollama: Server) -> None:
    house.start(OLLAMA_URL=ollama.url)
    pulls.ask("ollama", NEW)
    until(lambda: pull().status == "pulling", "the pull")

    assert pulls.forget("ollama", NEW)
    until(lambda: ollama.book.library.left == [NEW], "the engine's end of it")
    assert pulls.every() == []
    assert not pulls.forget("ollama", NEW)


def test_a_worker_that_is_asked_to_end_leaves_it_to_the_next(house: House, ollama: Server) -> None:
    worker = house.start(OLLAMA_URL=ollama.url)
    pulls.ask("ollama", NEW)
    until(lambda: pull().status == "pulling", "the pull")
    worker.send(signal.SIGTERM)
    worker.wait()

    assert pull().status == "pulling"
    assert pulls.hold(pull(), "the next"), "at once"


def pull() -> Pull:
    [only] = pulls.every()
    return only
