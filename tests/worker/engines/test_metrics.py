"""What a real engine's own metrics say of us: that a closed answer is let go, and that what waits is seen and holds turns back."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from tests.worker.conftest import until
from tests.worker.engines.conftest import Counter
from tests.worker.engines.real import AT_ONCE
from worker.engines.base import Reports, Speech
from worker.pools.replicas import Replica

pytestmark = pytest.mark.timeout(1200)
RUNNING = re.compile(r"^(?:vllm:num_requests_running|llamacpp:requests_processing)(?:\{[^}]*\})? ([0-9.e+]+)$", re.MULTILINE)


def test_a_closed_answer_is_let_go(measured: Counter) -> None:
    with answers(measured, 1):
        until(lambda: running(measured) == 1, "an answer that runs")
    until(lambda: running(measured) == 0, "an engine that is free")


def test_what_waits_is_seen_and_holds_turns_back(measured: Counter) -> None:
    replica = Replica(measured.real.url, measured.engine, concurrency=4 * AT_ONCE)
    replica.look()
    assert (replica.waiting, replica.room) == (0, 4 * AT_ONCE)
    with answers(measured, 2 * AT_ONCE):
        until(lambda: replica.look() and replica.waiting, "requests that wait")
        replica.busy = AT_ONCE
        assert replica.room == AT_ONCE
    until(lambda: replica.look() and not replica.waiting, "an engine where nothing waits")
    assert replica.room == 4 * AT_ONCE


@pytest.fixture
def measured(counter: Counter) -> Counter:
    if counter.book is not None or not isinstance(counter.engine, Reports) or counter.engine.waiting() is None:
        pytest.skip("this engine has no metrics")
    return counter


@contextmanager
def answers(counter: Counter, number: int) -> Iterator[None]:
    """Have so many long answers written at any time, then close them. A small model's is done before anybody looks, so each is followed by another."""
    over = threading.Event()
    calls: list[Speech] = [counter.engine.chat(counter.request()) for _ in range(number)]

    def read(place: int) -> None:
        list(calls[place])
        while not over.is_set():
            calls[place] = call = counter.engine.chat(counter.request())
            if over.is_set():
                call.close()
            list(call)

    readers = [threading.Thread(target=read, args=(place,)) for place in range(number)]
    for reader in readers:
        reader.start()
    yield
    over.set()
    for call in calls:
        call.close()
    for reader in readers:
        reader.join()


def running(counter: Counter) -> int:
    told = requests.get(counter.real.url.removesuffix("/v1") + "/metrics", timeout=5).text
    return round(sum(float(number) for number in RUNNING.findall(told)))
