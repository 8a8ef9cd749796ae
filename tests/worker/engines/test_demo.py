"""The demo engine: deterministic, at a pace, and honest about what it is."""

import threading

import pytest

from tests.worker.engines.conftest import hear
from worker.engines.base import ChatRequest, Message, Options, Usage
from worker.engines.demo import Demo, answer


def ask(question: str, said: str = "", **options: object) -> ChatRequest:
    messages = [Message(role="user", content=question)] + ([Message(role="assistant", content=said)] if said else [])
    return ChatRequest(model="demo", messages=messages, options=Options(**options), continues=bool(said))  # type: ignore[arg-type]


def test_it_says_that_it_is_no_model_and_how_to_connect_one() -> None:
    text = hear(Demo(0), ask("Hello?")).text
    assert "not a language model" in text
    assert "OLLAMA_URL=" in text
    assert "\n- " in text
    assert "```bash" in text


def test_the_same_question_has_the_same_answer() -> None:
    assert hear(Demo(0), ask("Why?")).text == hear(Demo(0), ask("Why?")).text == answer([Message(role="user", content="Why?")])


def test_it_counts_when_asked_to() -> None:
    assert hear(Demo(0), ask("Please count to 12!")).text == "1 2 3 4 5 6 7 8 9 10 11 12"


@pytest.mark.parametrize("question", ["Count to 30", "Tell me\n\nall"])
def test_it_goes_on_exactly_from_every_place(question: str) -> None:
    whole = hear(Demo(0), ask(question)).text
    for at in range(1, len(whole)):
        assert whole[:at] + hear(Demo(0), ask(question, said=whole[:at])).text == whole


def test_options_are_kept() -> None:
    heard = hear(Demo(0), ask("count to 20", max_tokens=3))
    assert (heard.text, heard.usage) == ("1 2 3", Usage(3, 3, "length"))
    assert hear(Demo(0), ask("count to 20", stop=(" 7",))).text == "1 2 3 4 5 6"


def test_closing_ends_it_at_once() -> None:
    speech = Demo(0.01).chat(ask("Hello?"))
    reader = threading.Thread(target=lambda: list(speech))
    reader.start()
    speech.close()
    reader.join(20)
    assert not reader.is_alive()
