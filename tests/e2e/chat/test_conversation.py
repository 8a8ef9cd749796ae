"""What can be done within a conversation."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import watch
from tests.e2e.person import Person, counted, ended, text_of


def test_an_answer_can_be_made_again_and_both_versions_are_there(ada: Person) -> None:
    ada.ask_and_wait("count to 5")
    ada.page.get_by_role("button", name="Regenerate").click()
    ada.page.get_by_role("menuitem", name="Regenerate").click()
    versions = ada.page.get_by_role("group", name="Versions")
    expect(versions).to_contain_text("2/2")
    ended(ada.answers)

    versions.get_by_role("button", name="Previous version").click()

    expect(versions).to_contain_text("1/2")
    ada.page.reload()
    expect(ada.page.get_by_role("group", name="Versions")).to_contain_text("1/2")


def test_an_edited_question_makes_a_branch(ada: Person) -> None:
    ada.ask_and_wait("count to 5")
    ada.questions.hover()
    ada.page.get_by_role("button", name="Edit message").click()
    box = ada.page.get_by_role("textbox", name="Edit message")
    box.fill("count to 7")
    ada.page.locator("form").filter(has=box).get_by_role("button", name="Send").click()

    expect(ada.answers).to_contain_text(counted(7))
    versions = ada.questions.get_by_role("group", name="Versions")
    expect(versions).to_contain_text("2/2")
    versions.get_by_role("button", name="Previous version").click()
    expect(ada.answers).to_contain_text(counted(5))
    assert text_of(ada.answers) == counted(5)


def test_up_edits_the_last_message_and_escape_leaves_it(sign_up: Callable[..., Person]) -> None:
    ada = sign_up()
    ada.ask_and_wait("count to 2")
    ada.box.press("ArrowUp")
    box = ada.page.get_by_role("textbox", name="Edit message")
    expect(box).to_have_value("count to 2")
    expect(box).to_be_focused()
    box.press("Escape")
    expect(box).to_have_count(0)


def test_an_answer_can_be_deleted_which_shows_everywhere_and_asked_for_anew(ada: Person, faults: list[str]) -> None:
    ada.ask_and_wait("count to 2")
    other = Person(watch(ada.page.context.new_page(), faults), ada.email, ada.phone)
    other.page.goto(ada.page.url)
    expect(other.answers).to_have_count(1)
    ada.page.get_by_role("button", name="More", exact=True).click()
    ada.choose("Delete from here")
    for person in (ada, other):
        expect(person.answers).to_have_count(0)
        expect(person.questions).to_have_count(1)

    assert text_of(ada.ask_and_wait("count to 3")) == counted(3)
    expect(ada.questions.get_by_role("group", name="Versions")).to_contain_text("2/2")


def test_what_was_said_is_copied_and_the_details_of_an_answer_are_there_on_demand(ada: Person) -> None:
    ada.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer = ada.ask_and_wait("count to 20")
    ada.questions.hover()
    for name, said in (("Copy answer", counted(20)), ("Copy message", "count to 20")):
        ada.page.get_by_role("button", name=name).click()
        while " ".join(ada.page.evaluate("navigator.clipboard.readText()").split()) != said:
            ada.page.wait_for_timeout(50)
    ada.page.get_by_role("button", name="More", exact=True).click()
    ada.choose("Show details")
    expect(answer).to_contain_text("20 tokens written")
    expect(answer).to_contain_text(re.compile(r"first word after [\d.]+ sec"))
    expect(answer).to_contain_text("tokens/s")


def test_a_draft_survives_a_reload_and_belongs_to_its_conversation(ada: Person) -> None:
    ada.box.fill("something I was about to say")
    ada.page.reload()
    expect(ada.box).to_have_value("something I was about to say")
    ada.box.fill("")
    ada.ask_and_wait("count to 2")
    expect(ada.box).to_have_value("")
    ada.box.fill("later")
    ada.page.reload()
    expect(ada.box).to_have_value("later")


def test_the_settings_of_a_conversation_are_kept_and_obeyed(ada: Person) -> None:
    ada.ask_and_wait("count to 2")
    with ada.page.expect_response(lambda response: response.request.method == "PATCH" and response.ok):
        ada.page.get_by_role("button", name="Chat settings").click()
        ada.page.get_by_label("Maximum length").fill("3")
    ada.page.get_by_role("button", name="Close").click()

    answer = ada.ask_and_wait("count to 50")

    assert text_of(answer) == counted(3)
    expect(answer).to_contain_text("maximum length")
    ada.page.reload()
    ada.page.get_by_role("button", name="Chat settings").click()
    expect(ada.page.get_by_label("Maximum length")).to_have_value("3")
    ada.page.get_by_label("Temperature").fill("5")
    expect(ada.page.get_by_text("Enter a number from 0 to 2.")).to_be_visible()


def test_it_stays_at_the_bottom_while_at_the_bottom_and_never_otherwise(ada: Person) -> None:
    ada.ask_and_wait("say something")
    answer = ada.ask("count to 4000")
    scroller = ada.page.get_by_test_id("scroller")
    below = "e => e.scrollHeight - e.scrollTop - e.clientHeight"
    expect(answer).to_contain_text("148 149 150")
    assert scroller.evaluate(below) < 60

    scroller.hover()
    ada.page.mouse.wheel(0, -300)
    newest = ada.page.get_by_role("button", name="Jump to latest")
    newest.wait_for()
    top = scroller.evaluate("e => e.scrollTop")
    reached = int(text_of(answer).split()[-1])
    expect(answer).to_contain_text(f"{reached + 60} {reached + 61}")
    assert scroller.evaluate("e => e.scrollTop") == top

    newest.click()
    expect(newest).to_have_count(0)
    ada.page.get_by_role("button", name="Stop answering").click()
    ended(answer, "stopped")
