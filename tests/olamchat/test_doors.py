"""Jobs, the load of a pool, the roster and the nudge, over a real Valkey."""

import json
import time
from typing import Any

import pytest
from celery import Celery

from olamchat import environment, jobs, redis, roster, stops
from tests.conftest import free_port

# What names a message and who sent it.
NAMES = {"id", "root_id", "correlation_id", "delivery_tag", "reply_to", "origin"}
LLAMA = roster.Offer(model="llama", pool="ollama", engine="ollama", state="cold")


def parts(job: dict[str, Any]) -> dict[str, Any]:
    """Return a message without what differs from one to the next."""
    return {name: parts(part) if isinstance(part, dict) else part for name, part in job.items() if name not in NAMES}


def test_a_job_says_only_that_there_is_work(wire: str) -> None:
    jobs.send_turn("ollama")
    (message,) = redis.client().lrange("inference.ollama", 0, -1)
    assert json.loads(message)["headers"]["task"] == "olamchat.take_turn"


def test_a_job_is_what_celery_itself_sends_but_for_its_names(wire: str) -> None:
    jobs.send_turn("ollama")
    jobs.send_turn("ollama")
    celery = Celery("theirs", broker=wire, set_as_current=False)
    celery.send_task(jobs.TASK, kwargs={"pool": "ollama"}, queue="inference.ollama", ignore_result=True)

    theirs, second, first = map(json.loads, redis.client().lrange("inference.ollama", 0, -1))

    assert [parts(job) for job in (first, second)] == [parts(theirs)] * 2
    assert len({job["headers"]["id"] for job in (first, second, theirs)}) == 3
    assert len({job["properties"]["delivery_tag"] for job in (first, second, theirs)}) == 3


def test_a_job_reaches_the_queue_after_redis_forgot_it(wire: str) -> None:
    jobs.send_turn("ollama")
    redis.client().flushall()
    jobs.send_turn("ollama")
    assert redis.client().llen("inference.ollama") == 1


def test_a_job_is_refused_soon_when_redis_is_gone(wire: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    environment.environment.cache_clear()
    redis.client.cache_clear()
    with pytest.raises(redis.Lost):
        jobs.send_turn("ollama")


def test_the_load_of_a_pool_counts_each_turn_once(wire: str) -> None:
    for turn in ("a", "b", "a", "c"):
        jobs.enter("ollama", turn)
    assert jobs.load("ollama") == 3
    jobs.leave("ollama", "a", "c")
    assert jobs.load("ollama") == 1


def test_a_turn_is_counted_and_told_in_one_trip(wire: str) -> None:
    jobs.enter("ollama", "a")
    assert (jobs.load("ollama"), redis.client().llen("inference.ollama")) == (1, 1)


def test_a_model_of_two_workers_is_offered_once_in_its_best_state(wire: str) -> None:
    roster.announce("one", [LLAMA], capacity=4, running=0)
    roster.announce("two", [roster.Offer(model="llama", pool="ollama", engine="ollama", state="loaded")], capacity=4, running=1)
    assert [(offer.model, offer.state) for offer in roster.offers()] == [("llama", "loaded")]
    assert roster.last_known() == roster.offers()


def test_a_worker_that_fell_silent_is_missed_for_a_while_and_then_forgotten(wire: str) -> None:
    roster.announce("one", [LLAMA], capacity=4, running=0, ttl_s=-1)
    assert roster.workers() == []
    assert [offer.state for offer in roster.offers()] == ["down"]
    roster.announce("one", [LLAMA], capacity=4, running=0, ttl_s=-roster.MISSED_S - 1)
    assert roster.offers() == []
    assert redis.client().hlen(roster.KEY) == 0


def test_a_demo_model_comes_last(wire: str) -> None:
    roster.announce("one", [roster.Offer(model="demo", pool="demo", engine="demo"), LLAMA], capacity=4, running=0)
    assert [offer.model for offer in roster.offers()] == ["llama", "demo"]


def test_a_nudge_reaches_who_listens(wire: str) -> None:
    heard = stops.listen(wait_s=0.01)
    assert next(heard) is None
    deadline = time.monotonic() + 5
    while redis.client().pubsub_numsub(stops.CHANNEL)[0][1] == 0 and time.monotonic() < deadline:
        next(heard)
    stops.nudge("a")
    assert next(turn for turn in heard if turn) == "a"
