"""Times are the database's, whatever the machine's own clock says."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from olamchat import clock, roster
from olamchat.db.pool import connected, database, open_database
from olamchat.db.rows import run


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A process that has not asked anybody for the time yet."""
    monkeypatch.setattr(clock, "_measured", None)
    monkeypatch.setattr(clock, "_last_tick", 0)
    yield monkeypatch
    database.close_idle()


@pytest.mark.parametrize("seconds", [-3600, -2, -0.05, 0.05, 2, 3600])
def test_a_machine_whose_clock_is_wrong_goes_by_the_database(fresh: pytest.MonkeyPatch, database_url: str, seconds: float) -> None:
    right = time.time
    fresh.setattr("olamchat.clock.time.time", lambda: right() + seconds)
    open_database(database_url)
    with connected():
        before = run("SELECT clock_timestamp() AS at")[0]["at"]
        here = clock.now()
        after = run("SELECT clock_timestamp() AS at")[0]["at"]
    slack = timedelta(seconds=clock._measured.doubt_s if clock._measured else 0)
    assert before - slack <= here <= after + slack
    made = clock.uuid7().int >> 80
    assert abs(made / 1000 - here.timestamp()) < 1


def test_a_clock_that_is_set_meanwhile_changes_nothing(fresh: pytest.MonkeyPatch, database_url: str) -> None:
    open_database(database_url)
    with connected():
        before = clock.now()
    fresh.setattr("olamchat.clock.time.time", lambda: 0.0)
    assert timedelta(0) <= clock.now() - before < timedelta(minutes=1)


def test_the_time_is_asked_for_again_after_a_while(fresh: pytest.MonkeyPatch) -> None:
    clock.follow(lambda: datetime(2026, 1, 1, tzinfo=UTC))
    ticks = clock._ticks
    fresh.setattr(clock, "_ticks", lambda: ticks() + clock.ASK_AGAIN_S + 1)
    assert clock.is_old()
    clock.follow(lambda: datetime(2026, 1, 2, tzinfo=UTC))
    assert clock.now().date() == datetime(2026, 1, 2, tzinfo=UTC).date()


def test_a_worker_whose_clock_is_behind_is_on_the_roster(wire: str, fresh: pytest.MonkeyPatch) -> None:
    fresh.setattr("time.time", lambda: 0.0)
    roster.announce("w", [], capacity=1, running=0)
    assert [worker.id for worker in roster.workers()] == ["w"]


def test_a_worker_that_fell_silent_is_not_but_what_it_offered_is_missed_for_a_while(wire: str) -> None:
    offers = [roster.Offer(model="m", pool="p", engine="ollama", state="loaded"), roster.Offer(model="n", pool="p", engine="ollama")]
    roster.announce("silent", offers, capacity=1, running=0, ttl_s=-1)
    roster.announce("there", offers[1:], capacity=1, running=0)
    roster.announce("gone", [roster.Offer(model="o", pool="q", engine="ollama")], capacity=1, running=0, ttl_s=-roster.MISSED_S - 1)

    assert [worker.id for worker in roster.workers()] == ["there"]
    assert [(offer.model, offer.state) for offer in roster.offers()] == [("m", "down"), ("n", offers[1].state)]

    roster.withdraw("silent")
    assert [offer.model for offer in roster.offers()] == ["n"]


@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b"7", b'{"id": 1}', b"\xff\xfe"])
def test_junk_on_the_roster_hides_nobody(wire: str, junk: bytes) -> None:
    from olamchat import redis

    redis.client().hset(roster.KEY, b"\xff", junk)
    roster.announce("w", [], capacity=1, running=0)
    assert [worker.id for worker in roster.workers()] == ["w"]
