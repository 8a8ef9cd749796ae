"""A part of a worker goes round whatever happens in a round, and is known to hang when it does not."""

import threading
from collections.abc import Callable, Iterator

import pytest
from prometheus_client import REGISTRY

from olamchat.db.pool import DatabaseLost
from olamchat.redis import Lost, Refused
from olamchat.tokenlog.events import Started, frame
from olamchat.tokenlog.memory_log import MemoryLog
from olamchat.tokenlog.replay import Text, told
from worker.answer.flusher import Flusher
from worker.answer.text import Writing
from worker.periodic import Periodic

ERRORS = [Lost("gone"), DatabaseLost("gone"), Refused("NOREPLICAS Not enough good replicas to write."), ZeroDivisionError(), KeyError("x")]


class Part(Periodic):
    """Does what it is given, round for round, and then nothing more."""

    def __init__(self, *rounds: Callable[[], None], limit_s: float = 60) -> None:
        super().__init__("tried", 0.001, limit_s=limit_s)
        self._rounds = iter(rounds)
        self.done = threading.Event()

    def round(self) -> None:
        work = next(self._rounds, None)
        if work is None:
            self.done.set()
        else:
            work()


@pytest.fixture
def parts() -> Iterator[list[Part]]:
    made: list[Part] = []
    yield made
    for part in made:
        part.stop()


def failing(error: Exception) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_part_goes_on_after_any_error_and_counts_it(parts: list[Part], error: Exception) -> None:
    failed = REGISTRY.get_sample_value("olamchat_worker_rounds_failed_total", {"part": "tried"}) or 0
    part = Part(failing(error), failing(error))
    parts.append(part)

    part.start()

    assert part.done.wait(30)
    assert part.is_well
    assert REGISTRY.get_sample_value("olamchat_worker_rounds_failed_total", {"part": "tried"}) == failed + 2


def test_a_part_that_does_not_come_round_is_not_well_until_it_does(parts: list[Part]) -> None:
    hangs, goes_on = threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        goes_on.wait(30)

    part = Part(hang, limit_s=0.05)
    parts.append(part)
    part.start()

    assert hangs.wait(30)
    while part.is_well:
        goes_on.wait(0.01)
    assert (REGISTRY.get_sample_value("olamchat_worker_round_age_seconds", {"part": "tried"}) or 0) > 0.05
    goes_on.set()
    assert part.done.wait(30)


def test_the_flusher_tells_what_a_round_that_failed_left(monkeypatch: pytest.MonkeyPatch) -> None:
    log, refused = MemoryLog(), iter([RuntimeError("not foreseen"), Refused("something new")])
    append = log.append

    def refusing(appends: object) -> object:
        if (error := next(refused, None)) is not None:
            raise error
        return append(appends)  # type: ignore[arg-type]

    monkeypatch.setattr(log, "append", refusing)
    flusher = Flusher(log, claim_again=lambda _: "ok", on_stale=lambda _: None)
    flusher.start()
    log.claim("topic", "t", 1, frame(Started(message_id="t", attempt=1, model="m")))
    writing = Writing("topic", "t", 1, Text(), Text())
    flusher.put(writing, "a word")

    assert flusher.settle(writing, 30)
    assert told(log, "topic", "t") == Text("a word")
    flusher.stop()
