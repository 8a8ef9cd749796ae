"""Jobs, the load of a pool, the roster and the nudge, over a real Valkey."""

import json
import time

import pytest

from olamchat import jobs, redis, roster, stops
from tests.conftest import free_port

LLAMA = roster.Offer(model="llama", pool="ollama", engine="ollama", state="cold")


def test_a_job_says_only_that_there_is_work(wire: str) -> None:
    jobs.send_turn("ollama")
    (message,) = redis.client().lrange("inference.ollama", 0, -1)
    assert json.loads(message)["headers"]["task"] == "olamchat.take_turn"


def test_a_job_reaches_the_queue_after_redis_forgot_it(wire: str) -> None:
    jobs.send_turn("ollama")
    redis.client().flushall()
    jobs.send_turn("ollama")
    assert redis.client().llen("inference.ollama") == 1


def test_a_job_is_refused_soon_when_redis_is_gone(wire: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "environment", lambda: type("Gone", (), {"redis_url": f"redis://127.0.0.1:{free_port()}/0"}))
    jobs._producer.cache_clear()
    with pytest.raises(redis.Lost):
        jobs.send_turn("ollama")


def test_the_load_of_a_pool_counts_each_turn_once(wire: str) -> None:
    for turn in ("a", "b", "a"):
        jobs.enter("ollama", turn)
    assert jobs.load("ollama") == 2
    jobs.leave("ollama", "a")
    assert jobs.load("ollama") == 1


def test_a_model_of_two_workers_is_offered_once_in_its_best_state(wire: str) -> None:
    roster.announce("one", [LLAMA], capacity=4, running=0)
    roster.announce("two", [roster.Offer(model="llama", pool="ollama", engine="ollama", state="loaded")], capacity=4, running=1)
    assert [(offer.model, offer.state) for offer in roster.offers()] == [("llama", "loaded")]
    assert roster.last_known() == roster.offers()


def test_a_worker_that_fell_silent_offers_nothing(wire: str) -> None:
    roster.announce("one", [LLAMA], capacity=4, running=0, ttl_s=-1)
    assert roster.workers() == []
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
