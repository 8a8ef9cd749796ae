"""What didn't fit is summed up where that is wanted, once, and never in the way of the answer."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from olamchat.services.turns import lifecycle
from olamchat.tokenlog.events import Started
from tests.worker.conftest import Asked, House, until
from tests.worker.prompt.test_context_window import add_before
from worker.answer import summary
from worker.engines.base import ChatRequest, Message
from worker.prompt.context_window import estimate

WANTED = {"OLAMCHAT_SUMMARIES": "true", "OLAMCHAT_TITLE_MODEL": "small"}
TALK = [Message(role="user", content="My cat is called Tom."), Message(role="assistant", content="A fine name.")]


def long_talk(house: House, **given: Any) -> Asked:
    """Ask after an exchange that doesn't fit."""
    house.script(length=5, context_length=64)
    asked = house.ask("Now count.", send=False, **given)
    [(question,)] = house.run("SELECT parent_id FROM messages WHERE id = %s", asked.id)
    add_before(house, asked.conversation, question, ["Once " * 50, "Upon " * 50])
    return asked


def started(asked: Asked) -> list[tuple[int, bool]]:
    return [(event.left_out, event.summarised) for event in asked.events if isinstance(event, Started)]


def test_the_answer_knows_in_short_what_was_left_out(house: House) -> None:
    house.script("small", text="A tale was begun.")
    asked = long_talk(house)
    house.start(**WANTED)

    row = asked.until_told()

    assert (row["content"], row["timings"]["left_out"], row["timings"]["summarised"]) == (" w0 w1 w2 w3 w4", 2, True)
    assert started(asked)[-2:] == [(2, False), (2, True)]
    short, answered = house.requests()
    assert short["model"] == "small"
    assert "user: Once Once" in short["messages"][0]["content"]
    assert [message["role"] for message in answered["messages"]] == ["system", "user"]
    assert answered["messages"][0]["content"].endswith("A tale was begun.")


@pytest.mark.parametrize("failing", [{"status": 500}, {"cut_at": 1}, {"too_long": True}, {"status": 404}])
def test_a_summary_that_fails_is_done_without(house: House, failing: dict[str, Any]) -> None:
    house.script("small", text="A tale was begun.", **failing)
    asked = long_talk(house)
    house.start(**WANTED)

    row = asked.until_told()

    assert (row["status"], row["timings"]["left_out"], row["timings"].get("summarised")) == ("done", 2, None)
    assert started(asked)[-1] == (2, False)


def test_without_the_setting_nothing_is_summed_up(house: House) -> None:
    asked = long_talk(house)
    house.start()
    assert asked.until_told()["status"] == "done"
    assert len(house.requests()) == 1


def test_a_stop_ends_the_summary_too(house: House) -> None:
    house.script("small", delay_s=600)
    asked = long_talk(house)
    house.start(**WANTED)
    until(lambda: house.requests(), "a summary that is asked for")
    lifecycle.stop(asked.id)
    assert asked.until_told()["status"] == "stopped"
    assert [request["model"] for request in house.requests()] == ["small"]


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """What was asked for, with nothing kept from other tests."""
    summary._kept.clear()
    yield []
    summary._kept.clear()


def speaker(heard: list[str], *says: str) -> Callable[[ChatRequest], str]:
    answers = iter(says)

    def speak(asked: ChatRequest) -> str:
        heard.append(asked.messages[0].content)
        return next(answers)

    return speak


def test_the_same_messages_are_summed_up_once_and_new_ones_on_top(heard: list[str]) -> None:
    speak = speaker(heard, "A cat named Tom.", "A cat named Tom, a dog named Rex.")
    assert [summary.summary("m", TALK, None, speak) for _ in range(2)] == ["A cat named Tom."] * 2
    more = [*TALK, Message(role="user", content="And my dog is Rex.")]

    assert summary.summary("m", more, None, speak) == "A cat named Tom, a dog named Rex."

    assert len(heard) == 2
    assert "A cat named Tom.\n\nuser: And my dog is Rex." in heard[1]
    assert "A fine name" not in heard[1]


def test_another_models_or_another_threads_summary_is_not_taken(heard: list[str]) -> None:
    speak = speaker(heard, "one", "two", "three")
    said = [summary.summary("m", TALK, None, speak), summary.summary("n", TALK, None, speak), summary.summary("m", TALK[1:], None, speak)]
    assert said == ["one", "two", "three"]


def test_what_failed_is_not_kept(heard: list[str]) -> None:
    speak = speaker(heard, "", "one")
    assert [summary.summary("m", TALK, None, speak) for _ in range(2)] == ["", "one"]


def test_what_is_read_and_what_is_said_are_bounded(heard: list[str]) -> None:
    long = [Message(role="user", content=f"{number} " + "word " * 2000) for number in range(20)]
    said = summary.summary("m", long, 4096, speaker(heard, "said " * 5000))
    assert estimate([Message(role="user", content=heard[0])]) < 4096 - 2 * summary.TOKENS
    assert estimate([Message(role="user", content=said)]) <= summary.TOKENS + 16
    assert "user: 19 word" in heard[0]


def test_a_summary_follows_the_system_prompt() -> None:
    asked = ChatRequest(model="m", messages=[Message(role="system", content="Be brief."), Message(role="user", content="?")])
    first, question = summary.put(asked, "A tale.").messages
    assert (first.role, question.content) == ("system", "?")
    assert first.content.startswith("Be brief.\n\n")
    assert first.content.endswith("A tale.")
