"""Embeddings as turns: what becomes of them when workers and engines die, and when nobody wants them any more."""

import signal
from uuid import UUID, uuid4

from olamchat import jobs
from olamchat.clock import now, uuid7
from olamchat.db import completions as statements
from olamchat.db.pool import connected
from olamchat.services import completions
from tests.scripted_engine.embeddings import vector
from tests.worker.conftest import House, until

TEXTS = [f"text {number}" for number in range(130)]


def ask(house: House, texts: list[str] = TEXTS) -> UUID:
    """Do what the function does: the turn's row, then a job."""
    turn_id = uuid7()
    turn = {"id": turn_id, "user_id": house.user(), "pool": "ollama", "model": "embedder", "key_id": None, "weight": 1}
    with connected():
        statements.add(turn, {}, {"embed": {"texts": texts, "dimensions": None, "truncate": False}})
    jobs.enter("ollama", turn_id)
    return turn_id


def made(house: House, turn_id: UUID) -> bytes | None:
    found = house.run("SELECT vectors FROM completions WHERE id = %s", turn_id)
    return bytes(found[0][0]) if found and found[0][0] is not None else None


def ended(house: House, turn_id: UUID) -> str | None:
    found = house.run("SELECT status FROM completions WHERE id = %s", turn_id)
    return str(found[0][0]) if found else None


def test_a_worker_that_dies_over_them_is_followed_by_another(house: House) -> None:
    house.script("embedder", embeds=True, delay_s=1.0)
    worker = house.start()
    turn_id = ask(house)
    until(lambda: len(house.engine.book.embedded) >= 2, "the second batch")

    worker.send(signal.SIGKILL)
    house.script("embedder", embeds=True)
    house.start()

    until(lambda: made(house, turn_id) is not None, "the vectors")
    assert len(made(house, turn_id) or b"") == len(TEXTS) * len(vector("x")) * 4
    until(lambda: house.run("SELECT id FROM turns") == [], "the turn's end")


def test_what_nobody_waits_for_any_more_is_not_made(house: House) -> None:
    house.script("embedder", embeds=True, delay_s=0.5)
    house.start()
    turn_id = ask(house)
    until(lambda: bool(house.engine.book.embedded), "the first batch")

    completions.stop(turn_id)

    until(lambda: ended(house, turn_id) == "stopped", "the stop")
    assert (made(house, turn_id), len(house.engine.book.embedded) < 3) == (None, True)


def test_an_engine_that_fails_is_asked_again_and_then_said_to_have_failed(house: House) -> None:
    house.script("embedder", embeds=True, status=500, times=1)
    house.script("embedder", embeds=True, status=500, times=2)
    house.start()
    first = ask(house, ["tea"])
    until(lambda: ended(house, first) is not None, "the end")
    second = ask(house, ["tea"])
    until(lambda: ended(house, second) is not None, "the second's end")

    assert [ended(house, first), ended(house, second)] == ["failed", "done"]


def test_vectors_that_nobody_has_come_for_are_forgotten(house: House) -> None:
    house.run(
        """INSERT INTO completions (id, created_at, finished_at, user_id, model, pool, status, vectors)
           VALUES (%s, %s, now() - interval '11 minutes', %s, 'm', 'p', 'done', '1234')""",
        uuid4(), now(), house.user(),
    )  # fmt: skip
    with connected():
        assert (statements.forget_vectors(), statements.forget_vectors()) == (1, 0)
