"""The branches of a conversation: one goes on as a chat of its own, and a map shows all of them."""

from playwright.sync_api import expect

from tests.e2e.chat.test_well_built import complaints
from tests.e2e.person import Person, counted, ended, text_of


def test_an_answer_goes_on_in_a_chat_of_its_own(ada: Person) -> None:
    first = ada.ask_and_wait("count to 3")
    ada.ask_and_wait("count to 4")
    original = ada.page.url
    first.hover()
    first.get_by_role("button", name="More", exact=True).click()
    ada.choose("Continue in a new chat")

    expect(ada.page.get_by_text("You are in a copy of the chat")).to_be_visible()
    expect(ada.page).not_to_have_url(original)
    expect(ada.questions).to_have_count(1)
    expect(ada.answers).to_have_count(1)
    ada.ask_and_wait("count to 5")
    assert [text_of(ada.answers.nth(n)) for n in (0, 1)] == [counted(3), counted(5)]

    ada.page.goto(original)
    expect(ada.questions).to_have_count(2)
    assert text_of(ada.answers.nth(1)) == counted(4)


def test_a_map_shows_all_branches_and_leads_to_each(ada: Person) -> None:
    answer = ada.ask_and_wait("count to 3")
    answer.get_by_role("button", name="Regenerate").click()
    ada.page.get_by_role("menuitem", name="Regenerate").first.click()
    versions = ada.answers.first.get_by_role("group", name="Versions")
    expect(versions).to_contain_text("2/2")
    ended(ada.answers.first)

    versions.get_by_role("button", name="Map of branches").click()

    places = ada.page.get_by_role("dialog", name="Map of branches").get_by_role("listitem").get_by_role("button")
    expect(places).to_have_count(3)
    assert complaints(ada.page) == []
    expect(places.nth(2)).to_have_attribute("aria-current", "true")
    places.nth(1).click()
    expect(ada.page.get_by_role("dialog")).to_have_count(0)
    expect(versions).to_contain_text("1/2")
