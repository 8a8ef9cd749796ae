"""What is said while an answer is written: every device sees it wait, takes it back, hurries it or lets it go in its turn."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import watch
from tests.e2e.person import Person, counted, ended, text_of


def line(page: Page) -> Locator:
    return page.get_by_role("list", name="Messages that go out next").get_by_role("listitem")


def queue(person: Person, words: str) -> None:
    person.box.fill(words)
    person.page.get_by_role("button", name="Send after this answer").click()


def test_every_device_sees_what_waits_and_can_take_it_back(ada: Person, faults: list[str]) -> None:
    first = ada.ask("count to 2000")
    queue(ada, "count to 3")
    queue(ada, "count to 4")
    expect(line(ada.page)).to_have_count(2)
    other = Person(watch(ada.page.context.new_page(), faults), ada.email, ada.phone)
    other.page.goto(ada.page.url)
    expect(line(other.page)).to_have_count(2)
    assert complaints(other.page) == []

    line(other.page).nth(0).get_by_role("button", name="Edit").click()
    expect(other.box).to_have_value("count to 3")
    expect(line(other.page)).to_have_count(1)
    line(other.page).get_by_role("button", name="Remove").click()
    expect(line(ada.page)).to_have_count(0)
    other.box.fill("count to 5")
    other.page.get_by_role("button", name="Send after this answer").click()
    expect(line(ada.page)).to_contain_text(["count to 5"])

    line(ada.page).get_by_role("button", name="Stop and send").click()
    ended(first, "stopped")
    ended(ada.answers.nth(1))
    expect(line(ada.page)).to_have_count(0)
    assert text_of(ada.answers.nth(1)) == counted(5)
    ended(other.answers.nth(1))
    expect(other.questions).to_have_count(2)


def test_what_waits_for_an_answer_that_was_stopped_waits_for_its_person(ada: Person) -> None:
    first = ada.ask("count to 2000")
    queue(ada, "count to 6")
    expect(line(ada.page)).to_have_count(1)

    ada.page.get_by_role("button", name="Stop answering").click()

    ended(first, "stopped")
    expect(line(ada.page)).to_contain_text("You stopped the answer")
    line(ada.page).get_by_role("button", name="Send now").click()
    ended(ada.answers.nth(1))
    assert text_of(ada.answers.nth(1)) == counted(6)


def test_enter_queues_and_control_enter_steers(sign_up: Callable[..., Person]) -> None:
    ada = sign_up()
    first = ada.ask("count to 2000")
    ada.box.fill("count to 7")
    ada.box.press("Enter")
    expect(line(ada.page)).to_have_count(1)
    ada.box.fill("count to 8")
    ada.box.press("Control+Enter")

    ended(first, "stopped")
    ended(ada.answers.nth(2))
    assert [text_of(ada.answers.nth(n)) for n in (1, 2)] == [counted(8), counted(7)]
