"""What waits for an answer is asked once and in its order, whichever worker dies between an end and the next question."""

import random
import time
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.clock import now
from olamchat.db import follow_ups
from olamchat.db.pool import connected
from tests.worker.conftest import Asked, House, counted, until

WORDS = [f"question {number}" for number in range(6)]


def keep(asked: Asked) -> None:
    """Put down what a person says while the answer is written."""
    for number, words in enumerate(WORDS):
        row = {
            "conversation_id": asked.conversation, "user_id": asked.user, "follows_id": asked.id, "content": words, "attachments": [], "model": "counter",
            "options": {}, "key_id": None, "idempotency_key": f"key {number}", "idempotency_digest": "x", "urgent_at": None,
        }  # fmt: skip
        with connected():
            follow_ups.add(row, [])


def ended(house: House, conversation: UUID) -> int:
    [(number,)] = house.run(
        "SELECT count(*) FROM messages WHERE conversation_id = %s AND role = 'assistant' AND status = 'done'", conversation
    )
    return int(number)


def test_workers_that_die_lose_and_double_nothing_that_waits(house: House) -> None:
    house.script(length=20, rate=100)
    workers = [house.start(), house.start()]
    until(lambda: house.offer("counter"), "an offer")
    asked = house.ask(settings={})
    house.run("UPDATE conversations SET settings = %s WHERE id = %s", Jsonb({}), asked.conversation)
    keep(asked)
    chance, began = random.Random(7), now()

    while ended(house, asked.conversation) <= len(WORDS):
        before = ended(house, asked.conversation)
        until(lambda: ended(house, asked.conversation) != before, "the next end")  # noqa: B023, looked at in this round alone
        time.sleep(chance.random() * 0.03)  # somewhere between an answer's end and the next question
        workers.pop(0).process.kill()
        workers.append(house.start())

    said = house.run(
        "SELECT content FROM messages WHERE conversation_id = %s AND role = 'user' ORDER BY created_at, id", asked.conversation
    )
    answers = house.run("SELECT content FROM messages WHERE conversation_id = %s AND role = 'assistant'", asked.conversation)
    assert [words for (words,) in said] == ["Count.", *WORDS]
    assert answers == [(counted(20),)] * (len(WORDS) + 1)
    assert house.run("SELECT 1 FROM follow_ups") == []
    assert now() >= began
