"""What is going on with an answer: waiting in line, loading, thinking, writing, failed."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.person import Person, ended
from tests.scripted_engine.script import Script
from tests.scripted_engine.server import Server


@pytest.fixture(autouse=True)
def _steady_again(engine: Server) -> Iterator[None]:
    """What a test leaves behind, also where it failed, is not the next one's."""
    engine.book.set("steady", Script(length=20, rate=50.0), None)
    yield
    engine.book.remove("wiser")  # offered for some seconds more; by its name it is not the first, which is the default


def status(person: Person) -> Locator:
    return person.page.get_by_test_id("answer-status")


def test_who_waits_sees_the_place_in_line(ada: Person, engine: Server, sign_up: Callable[..., Person]) -> None:
    engine.book.set("steady", Script(length=5_000, rate=30.0), times=1)
    first = sign_up()
    running = first.ask("Keep the engine busy")
    expect(running).to_contain_text("w3 w4")
    second = sign_up()
    second.ask("I am next")

    ada.ask("And I am after that")
    expect(status(ada)).to_contain_text("In line, position 2")
    ada.page.reload()
    expect(status(ada)).to_contain_text("In line, position 2")
    second.page.get_by_role("button", name="Stop answering").click()
    expect(status(ada)).to_contain_text("You're next…")
    first.page.get_by_role("button", name="Stop answering").click()

    ended(ada.answers)


def test_thinking_is_shown_folded_with_its_time(ada: Person, engine: Server) -> None:
    engine.book.set("steady", Script(length=60, rate=25.0, think=60), times=1)
    answer = ada.ask("Think about it")
    expect(status(ada)).to_contain_text("Thinking…")
    thoughts = answer.locator("details")
    expect(thoughts).to_contain_text("Thinking")
    assert not thoughts.evaluate("e => e.open")
    expect(status(ada)).to_contain_text(re.compile(r"Writing · about \d+ tokens/s"))
    ended(answer)
    expect(thoughts.locator("summary")).to_contain_text("Thought for")
    ada.page.reload()
    expect(thoughts.locator("summary")).to_contain_text(re.compile(r"Thought for \d"))
    thoughts.locator("summary").click()
    expect(thoughts).to_contain_text("r0 r1 r2")


def test_a_refused_request_is_told_in_words_with_one_button(ada: Person, engine: Server) -> None:
    engine.book.set("steady", Script(status=400), None)
    answer = ada.ask("Will this work?")
    ended(answer, "failed")
    alert = answer.get_by_role("alert")
    expect(alert).to_contain_text("steady rejected this request.")
    expect(alert.get_by_role("button")).to_have_count(1)
    engine.book.set("steady", Script(length=20, rate=50.0), None)
    alert.get_by_role("button", name="Try again").click()
    ended(ada.answers)


def test_another_model_answers_the_same_question(ada: Person, engine: Server) -> None:
    engine.book.set("wiser", Script(text="I see it differently."), None)
    ada.ask_and_wait("What do you think?")
    wiser = ada.page.get_by_role("menuitem", name="wiser")
    ada.answers.get_by_role("button", name="Regenerate").click()
    while not wiser.is_visible():  # it is offered some seconds later, and looked for each time
        ada.page.keyboard.press("Escape")
        ada.page.wait_for_timeout(300)
        ada.answers.get_by_role("button", name="Regenerate").click()
        ada.page.wait_for_timeout(300)
    wiser.click()
    expect(ada.answers).to_contain_text("I see it differently.", timeout=40_000)
    expect(ada.answers.get_by_role("group", name="Versions")).to_contain_text("2/2")
    expect(ada.answers).to_contain_text("wiser")
