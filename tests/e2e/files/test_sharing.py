"""A link to a conversation: made, copied, read by a stranger, renewed, revoked."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import ARTIFACTS, watch
from tests.e2e.person import Person, counted


def open_dialog(ada: Person) -> Locator:
    ada.page.get_by_role("button", name="Share", exact=True).click()
    dialog = ada.page.get_by_role("dialog", name="Share conversation")
    dialog.wait_for()
    return dialog


def make_link(dialog: Locator) -> str:
    dialog.get_by_role("button", name="Create link").click()
    return dialog.get_by_label("Link", exact=True).input_value()


def test_a_stranger_reads_what_was_shared_and_not_what_came_later(
    ada: Person, size: str, open_context: Callable[..., BrowserContext], faults: list[str]
) -> None:
    ada.ask_and_wait("count to 5")
    dialog = open_dialog(ada)
    link = make_link(dialog)
    assert re.search(r"/share/[\w-]{32}$", link)
    expect(dialog).to_contain_text("Shows the whole conversation")
    assert complaints(ada.page) == []
    ada.page.keyboard.press("Escape")

    stranger = watch(open_context(size).new_page(), faults)
    gone_to = stranger.goto(link)
    assert gone_to
    assert gone_to.headers["x-robots-tag"] == "noindex, nofollow"
    expect(stranger.get_by_role("heading", level=1)).to_be_visible()
    expect(stranger.get_by_role("article", name="Answer")).to_contain_text(counted(5))
    expect(stranger.get_by_role("article", name="Question")).to_contain_text("count to 5")
    expect(stranger.get_by_text("Made with")).to_be_visible()
    expect(stranger.locator("meta[name=robots]")).to_have_attribute("content", "noindex, nofollow")
    assert stranger.get_by_role("textbox").count() == 0
    assert "Ada" not in stranger.locator("body").inner_text()
    assert complaints(stranger) == []

    ada.ask_and_wait("count to 7")
    stranger.reload()
    expect(stranger.get_by_role("article", name="Answer")).to_have_count(1)

    dialog = open_dialog(ada)
    expect(dialog).to_contain_text("Shows the conversation as it was on")
    dialog.get_by_label("Show my name").check()
    dialog.get_by_role("button", name="Update link").click()
    expect(dialog).to_contain_text("Shows the whole conversation")
    stranger.reload()
    expect(stranger.get_by_role("article", name="Answer")).to_have_count(2)
    expect(stranger.get_by_text(re.compile("Shared by Ada on"))).to_be_visible()

    dialog.get_by_role("button", name="Revoke link").click()
    expect(dialog.get_by_role("button", name="Create link")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_role("heading", name="This link doesn't work")).to_be_visible()
    assert all("404" in fault for fault in faults)
    faults.clear()


def test_the_menu_of_a_conversation_leads_to_its_link_and_it_is_copied(ada: Person) -> None:
    ada.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ada.ask_and_wait("count to 2")
    ada.page.goto("/")
    ada.menu_of("count to 2")
    ada.choose("Share")
    dialog = ada.page.get_by_role("dialog", name="Share conversation")
    link = make_link(dialog)
    dialog.get_by_role("button", name="Copy link").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    assert ada.page.evaluate("navigator.clipboard.readText()") == link
    ada.page.keyboard.press("Escape")
    expect(ada.page.get_by_role("dialog", name="Share conversation")).to_have_count(0)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_how_it_looks(sign_up: Callable[..., Person], size: str, colours: str) -> None:
    ada = sign_up(size, color_scheme=colours)
    ada.ask_and_wait("Say something with code")
    dialog = open_dialog(ada)
    link = make_link(dialog)
    picture(ada.page, f"share-dialog-{size}-{colours}")
    ada.page.goto(link)
    ada.page.locator("figure.code pre span").first.wait_for()
    assert complaints(ada.page) == []
    picture(ada.page, f"shared-{size}-{colours}")


def picture(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png")
