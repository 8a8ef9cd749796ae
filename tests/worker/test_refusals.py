"""Redis refuses, whatever its word, and relents: the same worker process goes on, and answers as before."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis as redis_py

from olamchat import jobs, redis
from tests.refusing import Refusing
from tests.worker.conftest import House, counted, opened, until

POSTGRES = ("08006", "25006", "25P03", "40001", "40P01", "53100", "53300", "55P03", "57014", "57P01", "57P03", "58030")
_TRIGGER = """
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END $$;
CREATE TRIGGER refuse BEFORE UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse()
"""
JUNK = [
    "",
    "no json",
    "[]",
    "7",
    "null",
    '"text"',
    "{}",
    '{"properties": 1}',
    '{"properties": {"delivery_tag": "x"}, "headers": {}, "body": "x"}',
    b"\xff",
]


@pytest.fixture
def door(redis_url: str) -> Iterator[Refusing]:
    door = Refusing(urlsplit(redis_url).port or 0)
    yield door
    door.close()


@pytest.fixture
def house(database_url: str, door: Refusing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with opened(database_url, door.url, tmp_path, monkeypatch) as house:
        yield house


def refuse_a_while(door: Refusing, word: str) -> None:
    before = door.refused
    door.refuse(word)
    until(lambda: door.refused > before + 10, f"refusals {word}")
    door.relent()


def test_a_worker_outlives_every_refusal(house: House, door: Refusing) -> None:
    worker = house.start()
    until(lambda: house.offer("counter"), "a worker")
    for word in redis.REFUSALS:
        # given a refusal while nothing is asked
        refuse_a_while(door, word)

        # then the worker answers again by itself
        house.script(length=20)
        asked = house.ask()
        asked.until_told()
        assert (asked.row["status"], asked.row["content"]) == ("done", counted(20)), word
        assert worker.process.poll() is None, word
    assert "Unrecoverable" not in worker.log.read_text()


@pytest.mark.parametrize("word", ["NOREPLICAS", "LOADING"])
def test_an_answer_outlives_a_refusal_in_its_middle(house: House, door: Refusing, word: str) -> None:
    house.start()
    house.script(length=200, rate=100)
    asked = house.ask()
    asked.until_read(20)

    refuse_a_while(door, word)

    asked.until_told()
    assert (asked.row["status"], asked.row["content"]) == ("done", counted(200))
    until(lambda: asked.read == counted(200), "the whole text in the log")


def test_a_worker_outlives_every_refusal_of_postgres(house: House) -> None:
    worker = house.start()
    until(lambda: house.offer("counter"), "a worker")
    house.script(length=20)
    for state in POSTGRES:
        # given an answer that waits, and a Postgres that lets nobody write
        asked = house.ask(send=False)
        for table in ("turns", "messages"):
            house.run(_TRIGGER.format(state=state, table=table))
        tries = worker.log.read_text().count("no turn could be taken")
        jobs.enter("ollama", asked.id)
        until(lambda tries=tries: worker.log.read_text().count("no turn could be taken") > tries, f"a try under {state}")  # type: ignore[misc]

        # when it lets them
        for table in ("turns", "messages"):
            house.run(f"DROP TRIGGER refuse ON {table}")

        # then the same worker answers
        asked.until_told()
        assert (asked.row["status"], asked.row["content"]) == ("done", counted(20)), state
        assert worker.process.poll() is None, state


def test_junk_in_the_queue_ends_no_worker(house: House) -> None:
    worker = house.start()
    until(lambda: house.offer("counter"), "a worker")
    with redis_py.Redis.from_url(house.redis_url) as other:
        for junk in JUNK:
            other.lpush(jobs.queue_name("ollama"), junk)
        until(lambda: not other.llen(jobs.queue_name("ollama")), "an empty queue")

    house.script(length=20)
    asked = house.ask()
    asked.until_told()

    assert asked.row["content"] == counted(20)
    assert worker.process.poll() is None
    assert "Unrecoverable" not in worker.log.read_text()
