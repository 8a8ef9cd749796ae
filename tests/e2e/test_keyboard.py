"""The page by the keyboard alone: what is typed goes where it should, Esc closes, and the focus returns to what opened it.

Nothing here uses `fill()` or `click()` on what is tested: both give the focus by themselves, and would hide that it is elsewhere."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.keyboard import closes_and_returns, focus_name, focus_stays_inside, tab_to
from tests.e2e.person import Person


@pytest.fixture
def ada(sign_up: Callable[..., Person]) -> Person:
    """At a desk: a phone has no Tab."""
    return sign_up()


def test_search_takes_what_is_typed_and_gives_the_focus_back(ada: Person) -> None:
    page = ada.page
    expect(ada.box).to_be_focused()
    page.keyboard.type("half a thou")
    page.keyboard.press("Control+k")
    search = page.get_by_role("combobox", name="Search and commands")
    expect(search).to_be_focused()

    page.keyboard.type("switch to")

    expect(search).to_have_value("switch to")
    expect(page.get_by_role("option").first).to_contain_text("Switch to")
    focus_stays_inside(page.get_by_role("dialog"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(ada.box).to_be_focused()
    page.keyboard.type("ght")
    expect(ada.box).to_have_value("half a thought")


def test_the_model_picker_takes_what_is_typed(ada: Person) -> None:
    page = ada.page
    tab_to(page, "demo")
    page.keyboard.press("Enter")
    search = page.get_by_role("combobox", name="Search models")
    expect(search).to_be_focused()

    page.keyboard.type("nothing like it")
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(search).to_have_count(0)
    assert "demo" in focus_name(page)

    page.keyboard.press("Enter")
    expect(search).to_be_focused()
    page.keyboard.type("dem")
    page.keyboard.press("Enter")
    expect(search).to_have_count(0)
    assert "demo" in focus_name(page)


def test_the_settings_of_a_conversation_take_what_is_typed(ada: Person) -> None:
    page = ada.page
    tab_to(page, "Chat settings")
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Settings")
    expect(panel).to_be_visible()
    page.wait_for_function("() => document.activeElement?.closest('[role=dialog]')")
    assert "Close" not in focus_name(page)

    focus_stays_inside(panel)
    closes_and_returns(panel, "Chat settings")


def test_help_comes_by_its_key_and_goes_by_esc(ada: Person) -> None:
    page = ada.page
    tab_to(page, "Chat settings")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    focus_stays_inside(sheet)
    closes_and_returns(sheet, "Chat settings")


def test_sharing_by_the_keyboard(ada: Person) -> None:
    ada.ask_and_wait("count to 2")
    page = ada.page
    tab_to(page, "Share")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Share conversation")
    expect(dialog.get_by_role("checkbox")).to_be_visible()
    tab_to(page, "Create link")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Link", exact=True)).to_be_visible()
    focus_stays_inside(dialog)
    closes_and_returns(dialog, "Share")


def test_a_key_is_named_and_made_by_the_keyboard(ada: Person) -> None:
    page = ada.page
    page.goto("/account")
    tab_to(page, "New API key|Make a key|New key")
    opener = re.escape(focus_name(page))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="New API key")
    expect(dialog.get_by_label("Name")).to_be_focused()
    page.keyboard.type("my editor")
    expect(dialog.get_by_label("Name")).to_have_value("my editor")
    page.keyboard.press("Enter")
    expect(dialog.locator("code")).to_be_visible()
    focus_stays_inside(dialog)
    closes_and_returns(dialog, opener)


def test_deleting_an_account_asks_for_the_password_at_once(ada: Person) -> None:
    page = ada.page
    page.goto("/account")
    tab_to(page, "^Delete account|^Delete my account")
    opener = re.escape(focus_name(page))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Delete account")
    expect(dialog.get_by_label("Password")).to_be_focused()
    page.keyboard.type("not the one")
    expect(dialog.get_by_label("Password")).to_have_value("not the one")
    closes_and_returns(dialog, opener)


def test_a_menu_is_walked_by_arrows_and_letters(ada: Person) -> None:
    ada.ask_and_wait("count to 2")
    page = ada.page
    tab_to(page, "^More$")
    page.keyboard.press("Enter")
    menu = page.get_by_role("menu", name="More")
    items = menu.get_by_role("menuitem")
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(items.last).to_be_focused()
    page.keyboard.press("Home")
    expect(items.first).to_be_focused()
    page.keyboard.type("del")
    expect(menu.get_by_role("menuitem", name="Delete")).to_be_focused()
    closes_and_returns(menu, "^More$")
    expect(ada.answers).to_have_count(1)


@pytest.mark.parametrize("name", ["Ada", "Conversation options", "^More$", "Regenerate"])
def test_every_menu_opens_and_closes_by_the_keyboard(ada: Person, name: str) -> None:
    ada.ask_and_wait("count to 2")
    page = ada.page
    tab_to(page, name)
    for opens in ("Enter", "Space"):
        page.keyboard.press(opens)
        menu = page.get_by_role("menu")
        expect(menu).to_be_visible()
        page.wait_for_function("() => document.activeElement?.role?.startsWith('menuitem')")
        closes_and_returns(menu, name)


def test_a_conversation_is_renamed_by_the_keyboard(ada: Person) -> None:
    ada.ask_and_wait("count to 2")
    page = ada.page
    tab_to(page, "Conversation options")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()
    page.keyboard.press("Enter")
    box = page.get_by_role("textbox", name="Rename")
    expect(box).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Small numbers")
    page.keyboard.press("Enter")
    expect(ada.sidebar().get_by_role("link", name="Small numbers")).to_be_visible()


def test_esc_closes_what_lies_over_the_page_and_stops_no_answer(ada: Person) -> None:
    page = ada.page
    answer = ada.ask("count to 600")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search and commands")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(answer).to_have_attribute("data-status", "running")
    expect(answer).to_have_attribute("aria-busy", "true")
    page.keyboard.press("Escape")
    expect(answer).to_have_attribute("data-status", "stopped")


def test_a_button_that_had_the_focus_before_tooltips_came_says_its_name(ada: Person) -> None:
    page, held = ada.page, list[Route]()

    def hold(route: Route) -> None:
        if "[data-tip]" in route.fetch().text():
            held.append(route)
        else:
            route.continue_()

    page.route("**/_next/static/chunks/**/*.js", hold)
    page.reload()
    ada.box.wait_for()
    tab_to(page, "Chat settings")
    while not held:
        page.wait_for_timeout(50)

    for route in held:
        route.continue_()

    expect(page.get_by_text("Chat settings", exact=True)).to_be_visible()
    page.unroute_all()


def test_a_button_says_its_name_to_the_keyboard(ada: Person) -> None:
    page = ada.page
    tab_to(page, "Chat settings")
    tip = page.get_by_text("Chat settings", exact=True)
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)
