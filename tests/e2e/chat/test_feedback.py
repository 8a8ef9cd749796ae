"""A thumb up or down at an answer."""

from playwright.sync_api import expect

from tests.e2e.conftest import watch
from tests.e2e.person import Person


def test_a_thumb_stays_after_a_reload_and_shows_in_another_tab(ada: Person, faults: list[str]) -> None:
    ada.ask_and_wait("count to 3")
    other = Person(watch(ada.page.context.new_page(), faults), ada.email, ada.phone)
    other.page.goto(ada.page.url)
    up, down = (ada.answers.get_by_role("button", name=name) for name in ("Good answer", "Bad answer"))
    expect(other.answers.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "false")

    up.click()

    expect(up).to_have_attribute("aria-pressed", "true")
    expect(other.answers.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    ada.page.reload()
    expect(up).to_have_attribute("aria-pressed", "true")
    down.click()
    expect(down).to_have_attribute("aria-pressed", "true")
    expect(up).to_have_attribute("aria-pressed", "false")
    with ada.page.expect_response(lambda response: response.request.method == "PUT" and response.ok):
        down.click()
    ada.page.reload()
    expect(down).to_have_attribute("aria-pressed", "false")
