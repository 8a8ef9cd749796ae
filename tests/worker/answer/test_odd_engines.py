"""Engines that answer oddly, through a whole worker: one question each, what is kept, and what its reader is told."""

from pathlib import Path

import pytest

from olamchat import roster
from tests.scripted_engine.verbatim import Verbatim
from tests.worker.conftest import House, until

SAMPLES = Path(__file__).parents[2] / "samples" / "engines"
FOX = "The quick brown fox."
FOX_AND_DOG = "The quick brown fox jumps over the lazy dog and runs away."


@pytest.fixture
def openai(house: House) -> House:
    house.script(owned_by="me")
    house.start(OLLAMA_URL="", OPENAI_BASE_URL=f"{house.engine.url}/v1")
    return house


def test_each_odd_answer_is_kept_as_it_was_meant(openai: House) -> None:
    expected = {
        "data-without-space.sse": ("", FOX, "stop"),
        "done-without-finish-reason.sse": ("", FOX, "stop"),
        "content-as-list-of-parts.sse": ("Hmm, a fox.", FOX, "stop"),
        "whole-answer.json": ("", FOX, "stop"),
        "only-closing-think.sse": ("The user asks about a fox. I should be brief.", FOX, "stop"),
        "refusal.sse": ("", "I cannot help with that.", "refusal"),
        "content-filter.sse": ("", "The quick", "content_filter"),
    }
    for name, (reasoning, content, finish) in expected.items():
        openai.engine.book.forget()
        openai.engine.book.say("counter", Verbatim(body=(SAMPLES / name).read_bytes(), holds_s=30))
        asked = openai.ask(pool="openai")
        row = asked.until_told()
        assert (row["status"], row["reasoning"], row["content"], asked.read) == ("done", reasoning, content, content), name
        assert row["usage"]["finish_reason"] == finish
        assert len(openai.requests()) == 1


def test_an_error_under_status_200_fails_at_once_with_the_engines_words_in_the_log(openai: House) -> None:
    body = (SAMPLES / "error-under-status-200.json").read_bytes()
    openai.engine.book.say("counter", Verbatim(body=body, content_type="application/json", framing="length"))
    row = openai.ask(pool="openai").until_told()
    assert (row["status"], row["error"]["code"], row["error"]["retryable"]) == ("failed", "engine_quota_spent", False)
    assert "Your credit balance is too low for this model." in openai.workers[0].log.read_text()
    assert "credit balance" not in str(row["error"])
    assert len(openai.requests()) == 1
    until(lambda: troubles() == {"engine_quota_spent: Your credit balance is too low for this model."}, "the roster", 30)

    openai.engine.book.say("counter", Verbatim(body=(SAMPLES / "data-without-space.sse").read_bytes()))
    assert openai.ask(pool="openai").until_told()["status"] == "done"
    until(lambda: troubles() == {""}, "the roster", 30)


def troubles() -> set[str]:
    return {replica.trouble for worker in roster.workers() for replica in worker.replicas}


def test_thoughts_that_readers_saw_as_text_are_taken_back_from_them(house: House) -> None:
    house.script(text="The user wants a fox, and I should be brief about it.\n</think>\n\nThe quick brown fox.", rate=40)
    house.start()
    asked = house.ask()
    row = asked.until_told()
    assert (row["reasoning"], row["content"]) == ("The user wants a fox, and I should be brief about it.", FOX)
    assert asked.read == FOX


@pytest.mark.parametrize("kind", ["ollama", "openai"])
def test_an_engine_that_only_says_it_continues_is_found_out_before_it_repeats_itself(house: House, kind: str) -> None:
    house.script(text=FOX_AND_DOG, begins_again=True, owned_by="vllm")
    house.script(text="Sure! A quick brown fox was here.", begins_again=True, cut_at=5, rate=200, owned_by="vllm", times=1)
    house.start(**({"OLLAMA_URL": "", "OPENAI_BASE_URL": f"{house.engine.url}/v1"} if kind == "openai" else {}))
    asked = house.ask(pool=kind)
    row = asked.until_told()
    assert (row["status"], row["content"], asked.read) == ("done", FOX_AND_DOG, FOX_AND_DOG)
    assert [request["how"] for request in house.requests()] == ["cut", "done"]
    assert [request["continues"] for request in house.engine.book.asked()] == [False, True, False, True, False]
