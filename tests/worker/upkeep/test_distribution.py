"""Who answers how much: it follows what a worker can do, and one that comes late takes its share at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from olamchat import roster
from tests.scripted_engine.book import Book
from tests.scripted_engine.script import make
from tests.scripted_engine.server import Server, serving
from tests.worker.conftest import Asked, House, until


def test_a_slow_worker_takes_less_than_fast_ones(house: House) -> None:
    house.script(length=20, rate=100)
    with engine(length=20, rate=5) as slow:
        for url in (house.engine.url, house.engine.url, slow.url):
            house.start(OLLAMA_URL=url, OLAMCHAT_CONCURRENCY="2")
        until(lambda: len(roster.workers()) == 3, "three workers")

        answered([house.ask() for _ in range(60)])

        shares = [len(house.requests()), len(slow.book.asked())]
    assert sum(shares) == 60
    assert shares[1] < 60 / 3, "less than an even share"
    assert shares[1] >= 2, "its slots were used"
    until(lambda: sum(worker.taken for worker in roster.workers()) == 60, "workers that tell how many turns they took")


def test_a_worker_that_comes_late_takes_its_share_at_once(house: House) -> None:
    house.script(length=20, rate=20)
    house.start(OLAMCHAT_CONCURRENCY="2")
    asked = [house.ask() for _ in range(30)]
    asked[0].until("running", "done")
    with engine(length=20, rate=20) as late:
        house.start(OLLAMA_URL=late.url, OLAMCHAT_CONCURRENCY="4")
        answered(asked)
        assert len(late.book.asked()) >= 4


def answered(asked: list[Asked]) -> None:
    for one in asked:
        assert one.until_told(timeout_s=180)["status"] == "done"


@contextmanager
def engine(**script: object) -> Iterator[Server]:
    """A scripted engine of its own."""
    with serving(Book({"counter": make(dict(script))})) as server:
        yield server
