"""The conversations and what can be done with them; search; keys."""

import json
import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Route, expect

from tests.e2e.conftest import watch
from tests.e2e.person import Person


def test_a_conversation_is_renamed_in_its_place_and_everywhere(ada: Person, faults: list[str]) -> None:
    ada.ask_and_wait("count to 2")
    other = Person(watch(ada.page.context.new_page(), faults), ada.email, ada.phone)
    other.page.goto("/")
    expect(other.sidebar().get_by_role("link", name=re.compile("count"))).to_be_visible()

    ada.menu_of("count to 2")
    ada.choose("Rename")
    ada.page.get_by_role("textbox", name="Rename").fill("Small numbers")
    ada.page.keyboard.press("Enter")

    expect(ada.sidebar().get_by_role("link", name="Small numbers")).to_be_visible()
    expect(other.sidebar().get_by_role("link", name="Small numbers")).to_be_visible()


def test_a_conversation_is_pinned_archived_and_brought_back(ada: Person) -> None:
    ada.ask_and_wait("count to 2")
    ada.menu_of("count to 2")
    ada.choose("Pin")
    expect(ada.sidebar().get_by_role("heading", name="Pinned")).to_be_visible()

    ada.menu_of("count to 2")
    ada.choose("Archive")
    expect(ada.sidebar().get_by_role("link", name="count to 2")).to_have_count(0)
    ada.sidebar().get_by_role("button", name="Archive").click()
    expect(ada.sidebar().get_by_role("link", name="count to 2")).to_be_visible()
    ada.menu_of("count to 2")
    ada.choose("Unarchive")
    ada.sidebar().get_by_role("button", name="Back to all chats").click()
    expect(ada.sidebar().get_by_role("link", name="count to 2")).to_be_visible()


def test_the_archive_shows_what_is_archived_while_it_is_looked_at(ada: Person) -> None:
    ada.ask_and_wait("count to 2")
    held: list[Route] = []
    ada.page.route("**/api/conversations/*", lambda route: held.append(route) if route.request.method == "PATCH" else route.continue_())
    ada.menu_of("count to 2")
    ada.choose("Archive")
    expect(ada.sidebar().get_by_role("link", name="count to 2")).to_have_count(0)
    ada.sidebar().get_by_role("button", name="Archive").click()
    expect(ada.sidebar().get_by_text("No archived conversations.")).to_be_visible()

    [change] = held
    change.continue_()

    expect(ada.sidebar().get_by_role("link", name="count to 2")).to_be_visible()


def test_a_list_that_changes_while_it_is_fetched_is_still_shown(ada: Person) -> None:
    ada.ask_and_wait("count to 2")
    held, over = list[Route](), list[bool]()
    ada.page.route("**/api/conversations?limit=30", lambda route: route.continue_() if over else held.append(route))
    ada.page.reload()
    expect(ada.questions).to_have_count(1)
    ada.ask_and_wait("count to 3")
    over.append(True)
    for each in held:
        each.continue_()

    expect(ada.sidebar().get_by_role("link", name="count to 2")).to_be_visible()


def test_a_deleted_conversation_comes_back_by_undo(ada: Person) -> None:
    ada.ask_and_wait("count to 2")
    ada.menu_of("count to 2")
    ada.choose("Delete")
    expect(ada.page).to_have_url(re.compile(r"/$"))
    expect(ada.sidebar().get_by_role("link", name="count to 2")).to_have_count(0)
    if ada.phone:
        ada.page.keyboard.press("Escape")

    ada.page.get_by_role("button", name="Undo").click()

    expect(ada.sidebar().get_by_role("link", name="count to 2")).to_be_visible()


def test_the_list_goes_on_as_far_as_one_looks(sign_up: Callable[..., Person]) -> None:
    ada = sign_up()
    csrf = next(cookie["value"] for cookie in ada.page.context.cookies() if cookie.get("name") == "olamchat_csrf")
    for number in range(70):
        made = ada.page.request.post("/api/conversations", data={"title": f"Chat {number}"}, headers={"X-CSRF-Token": str(csrf)})
        assert made.status == 201
    ada.page.reload()
    links = ada.sidebar().get_by_role("link")
    expect(links.first).to_contain_text("Chat 69")
    assert links.count() < 70
    links.last.scroll_into_view_if_needed()
    expect(ada.sidebar().get_by_role("link", name="Chat 35")).to_be_attached()
    links.last.scroll_into_view_if_needed()
    expect(ada.sidebar().get_by_role("link", name="Chat 0", exact=True)).to_be_attached()


def test_search_finds_words_of_titles_and_messages(ada: Person) -> None:
    word = f"zebra{uuid4().hex[:6]}"
    ada.ask_and_wait(f"count to 2 {word}")
    ada.page.goto("/")
    ada.box.wait_for()
    if ada.phone:
        ada.sidebar().get_by_role("button", name="Search and commands").click()
    else:
        ada.page.keyboard.press("Control+k")
    ada.page.get_by_role("combobox", name="Search and commands").fill(word)
    expect(ada.page.get_by_role("option").first).to_contain_text(word)
    ada.page.keyboard.press("Enter")
    expect(ada.questions).to_contain_text(word)


def test_the_keys(sign_up: Callable[..., Person]) -> None:
    ada = sign_up()
    page = ada.page
    ada.box.blur()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("/")
    expect(ada.box).to_be_focused()
    page.keyboard.press("Control+b")
    expect(page.get_by_role("navigation", name="Conversations")).to_have_count(0)
    page.keyboard.press("Control+b")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search and commands").fill("switch to")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    ada.box.fill("one")
    ada.box.press("Shift+Enter")
    ada.box.press_sequentially("two")
    expect(ada.box).to_have_value("one\ntwo")
    ada.box.press("Enter")
    expect(ada.questions.locator(".markdown")).to_have_text("one\ntwo")


def test_a_conversation_is_saved_as_markdown_and_as_json(ada: Person) -> None:
    ada.ask_and_wait("count to 2")
    for item, ending in (("Save as Markdown", ".md"), ("Save as JSON", ".json")):
        ada.menu_of("count to 2")
        with ada.page.expect_download() as waiting:
            ada.choose(item)
        saved = waiting.value.path().read_text()
        assert waiting.value.suggested_filename.endswith(ending)
        if ending == ".json":
            assert [message["content"] for message in json.loads(saved)["messages"]] == ["count to 2", "1 2"]
        else:
            assert "count to 2" in saved
            assert "1 2" in saved


def test_models_are_listed_with_what_they_are(ada: Person) -> None:
    ada.page.get_by_role("button", name="demo").click()
    option = ada.page.get_by_role("option", name=re.compile("demo"))
    expect(option).to_contain_text("8k context")
    expect(option).to_contain_text("ready")
    expect(ada.page.get_by_text("OLLAMA_URL").last).to_be_visible()
    search = ada.page.get_by_role("combobox", name="Search models")
    search.fill("nothing like it")
    expect(option).to_have_count(0)
    search.fill("DEM")
    expect(option).to_have_count(1)
    ada.page.keyboard.press("Enter")
    expect(ada.page.get_by_role("dialog")).to_have_count(0)
