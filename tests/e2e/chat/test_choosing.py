"""Several conversations at once, and the words that a search found."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.e2e.chat.test_well_built import complaints
from tests.e2e.files.test_sharing import picture
from tests.e2e.person import Person


def with_chats(ada: Person, number: int) -> None:
    csrf = next(cookie["value"] for cookie in ada.page.context.cookies() if cookie.get("name") == "olamchat_csrf")
    for n in range(number):
        made = ada.page.request.post("/api/conversations", data={"title": f"Chat {n}"}, headers={"X-CSRF-Token": str(csrf)})
        assert made.status == 201
    ada.page.reload()


def begin(ada: Person, title: str) -> None:
    ada.menu_of(title)
    ada.choose("Select")


def test_several_are_deleted_at_once_and_come_back_at_once(ada: Person) -> None:
    with_chats(ada, 6)
    begin(ada, "Chat 4")
    nav = ada.sidebar()
    boxes = nav.get_by_role("checkbox")
    expect(boxes).to_have_count(6)
    expect(nav.get_by_role("checkbox", name="Chat 4")).to_be_checked()
    nav.get_by_role("checkbox", name="Chat 1").click(modifiers=["Shift"])
    expect(nav.get_by_text("4 selected")).to_be_visible()
    nav.get_by_role("checkbox", name="Chat 2").click()
    expect(nav.get_by_text("3 selected")).to_be_visible()
    assert complaints(ada.page) == []

    nav.get_by_role("button", name="Delete", exact=True).click()

    expect(nav.get_by_role("link", name=re.compile("^Chat"))).to_have_text(["Chat 5", "Chat 2", "Chat 0"])
    if ada.phone:
        ada.page.keyboard.press("Escape")
    expect(ada.page.get_by_text("3 conversations deleted.")).to_be_visible()
    ada.page.get_by_role("button", name="Undo").click()
    expect(ada.sidebar().get_by_role("link", name=re.compile("^Chat"))).to_have_count(6)
    ada.page.reload()
    expect(ada.sidebar().get_by_role("link", name=re.compile("^Chat"))).to_have_count(6)


def test_it_all_goes_by_the_keyboard(sign_up: Callable[..., Person]) -> None:
    ada = sign_up()
    with_chats(ada, 4)
    begin(ada, "Chat 3")
    box = ada.sidebar().get_by_role("checkbox", name="Chat 2")
    box.focus()
    ada.page.keyboard.press("Space")
    expect(ada.sidebar().get_by_text("2 selected")).to_be_visible()
    ada.page.keyboard.press("Control+a")
    expect(ada.sidebar().get_by_text("4 selected")).to_be_visible()
    ada.page.keyboard.press("Escape")
    expect(ada.sidebar().get_by_role("checkbox")).to_have_count(0)

    begin(ada, "Chat 1")
    ada.sidebar().get_by_role("checkbox", name="Chat 1").focus()
    ada.page.keyboard.press("Delete")
    expect(ada.sidebar().get_by_role("link", name=re.compile("^Chat"))).to_have_text(["Chat 3", "Chat 2", "Chat 0"])


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_search_shows_where_the_words_stand(sign_up: Callable[..., Person], size: str, colours: str) -> None:
    ada = sign_up(size, color_scheme=colours)
    word = f"zebra{uuid4().hex[:4]}"
    ada.ask_and_wait(f"count to 2, <b>please</b>, and think of the {word} that sleeps beside the river")
    ada.page.goto("/")
    ada.sidebar().get_by_role("button", name="Search and commands").click()
    ada.page.get_by_role("combobox", name="Search and commands").fill(word[:7])
    option = ada.page.get_by_role("option").first
    expect(option.locator("mark").last).to_have_text(word)
    expect(option).to_contain_text("sleeps beside the river")
    assert complaints(ada.page) == []
    picture(ada.page, f"search-{size}-{colours}")
    ada.page.keyboard.press("Escape")
    with_chats(ada, 4)
    begin(ada, "Chat 2")
    picture(ada.page, f"choosing-{size}-{colours}")
