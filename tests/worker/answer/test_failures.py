"""Engines break; what can go on goes on, what can't ends as failed with its text and a reason."""

from typing import Any

import pytest

from olamchat.tokenlog.events import Reset, Started
from tests.worker.conftest import House, counted, until


def test_an_answer_goes_on_after_the_engine_broke_off(house: House) -> None:
    house.start()
    house.script(length=40)
    house.script(length=40, cut_at=15, rate=200, times=1)
    asked = house.ask()
    row = asked.until_told()
    assert (row["status"], row["content"], asked.read, row["attempt"]) == ("done", counted(40), counted(40), 1)
    assert [request["how"] for request in house.requests()] == ["cut", "done"]
    assert house.requests()[1]["continues"]


@pytest.mark.parametrize(
    ("script", "code", "retryable"),
    [
        ({"status": 404}, "model_not_found", False),
        ({"too_long": True}, "context_too_long", False),
        ({"status": 400}, "request_rejected", False),
    ],
)
def test_what_no_retry_can_help_fails_at_once(house: House, script: dict[str, Any], code: str, retryable: bool) -> None:
    house.script(**script)
    house.start()
    asked = house.ask()
    row = asked.until_told()
    assert row["status"] == "failed"
    assert (row["error"]["code"], row["error"]["retryable"]) == (code, retryable)
    assert row["error"]["title"]
    assert row["error"]["detail"]
    assert len(house.requests()) == 1
    assert asked.ends[0].message["error"] == row["error"]


def test_an_engine_that_keeps_breaking_fails_with_the_text_kept(house: House) -> None:
    house.script(length=40, cut_at=10)
    house.start()
    asked = house.ask()
    row = asked.until_told()
    assert (row["status"], row["error"]["code"], row["error"]["retryable"]) == ("failed", "stream_interrupted", True)
    assert row["content"] == asked.read == counted(30)
    assert [request["how"] for request in house.requests()] == ["cut"] * 3


def test_a_failed_answer_can_be_gone_on_with_in_the_same_row(house: House) -> None:
    house.script(length=40, cut_at=10)
    house.start()
    asked = house.ask()
    asked.until_told()

    house.script(length=40)
    house.run("UPDATE messages SET status = 'queued' WHERE id = %s", asked.id)
    house.run(
        "INSERT INTO turns (id, created_at, kind, user_id, conversation_id, pool, model, attempt, not_before) "
        "SELECT m.id, now(), 'answer', c.user_id, c.id, 'ollama', 'counter', m.attempt, now() FROM messages m JOIN conversations c "
        "ON c.id = m.conversation_id WHERE m.id = %s",
        asked.id,
    )
    until(lambda: len(asked.ends) == 2, "a second end")

    assert (asked.row["status"], asked.row["content"], asked.read, asked.row["error"]) == ("done", counted(40), counted(40), None)


@pytest.mark.parametrize("counts", ["deaths = 4", "failures = 100"])
def test_a_turn_that_brings_down_every_worker_is_given_up_with_its_text(house: House, counts: str) -> None:
    asked = house.ask(send=False)
    house.run(f"UPDATE turns SET {counts}")
    house.run("UPDATE messages SET content = ' w0 w1' WHERE id = %s", asked.id)
    house.start()
    row = asked.until_told()
    assert (row["status"], row["content"], row["error"]["code"]) == ("failed", " w0 w1", "internal")
    assert house.requests() == []


def test_an_answer_that_finds_no_end_is_ended(house: House) -> None:
    house.script(length=100_000, rate=100)
    house.start(OLAMCHAT_MAX_ANSWER_CHARS="300")
    asked = house.ask()
    row = asked.until_told()
    assert (row["status"], row["usage"]["finish_reason"], row["content"]) == ("done", "length", asked.read)
    assert 300 <= len(row["content"]) < 400
    assert counted(200).startswith(row["content"])
    assert row["usage"]["completion_tokens"] > 0
    until(lambda: house.requests()[0]["how"] == "cancelled", "the engine is free")


def test_reasoning_is_told_and_kept_apart(house: House) -> None:
    house.script(length=5, think=6)
    house.start()
    row = house.ask().until_told()
    assert (row["reasoning"], row["content"]) == (" r0 r1 r2 r3 r4 r5", counted(5))


def test_a_model_that_loads_is_said_to_load(house: House) -> None:
    house.script(length=5, loading_s=1.5)
    house.start()
    until(lambda: house.offer("counter") == "cold", "the roster")
    asked = house.ask()
    assert asked.until_told()["content"] == counted(5)
    assert any(isinstance(event, Started) and event.loading for event in asked.events)
    assert not [event for event in asked.events if isinstance(event, Reset)]


def test_settings_and_system_prompt_reach_the_engine(house: House) -> None:
    house.start()
    settings = {"system_prompt": "Be brief.", "temperature": 0.1, "max_tokens": 7}
    row = house.ask(settings=settings, options={"temperature": 0.9}).until_told()
    asked = house.requests()[0]
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert (asked["options"]["temperature"], asked["options"]["num_predict"]) == (0.9, 7)
    assert (row["content"], row["usage"]["finish_reason"]) == (counted(7), "length")


def test_a_conversation_without_a_title_gets_one_after_its_first_answer(house: House) -> None:
    house.start()
    house.script(text='"Counting to twenty."')
    asked = house.ask(title=None)
    until(lambda: house.run("SELECT title FROM conversations WHERE id = %s", asked.conversation) == [("Counting to twenty",)], "a title")
    until(lambda: house.run("SELECT count(*) FROM turns") == [(0,)], "no turn")
    until(lambda: any(type(event).name == "title" for event in asked.events), "the title's event")
