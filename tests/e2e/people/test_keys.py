"""Keys for programs: made with limits of their own, shown once, listed, obeyed, revoked."""

import re
from collections.abc import Callable

from playwright.sync_api import APIRequestContext, BrowserContext, expect

from tests.e2e.chat.test_well_built import complaints
from tests.e2e.files.test_sharing import picture
from tests.e2e.person import Person


def ask(request: APIRequestContext, key: str) -> int:
    return request.get("/v1/models", headers={"Authorization": f"Bearer {key}"}).status


def test_a_key_is_made_with_limits_of_its_own_and_revoked(ada: Person, open_context: Callable[..., BrowserContext]) -> None:
    page = ada.page
    page.goto("/account")
    page.get_by_role("button", name="New key…").click()
    dialog = page.get_by_role("dialog", name="New API key")
    dialog.get_by_label("Requests per minute").fill("0")
    dialog.get_by_label("Tokens per day").fill("many")
    dialog.get_by_role("button", name="Create key").click()
    expect(dialog.get_by_text("Enter a name for the key.")).to_be_visible()
    expect(dialog.get_by_text("Enter a whole number from 1 to 1,000,000.")).to_be_visible()
    expect(dialog.get_by_text("Enter a whole number, 0 or more.")).to_be_visible()
    expect(dialog.get_by_label("Name")).to_be_focused()
    assert complaints(page) == []
    picture(page, f"keys-form-{'phone' if ada.phone else 'desk'}")

    dialog.get_by_label("Name").fill("my editor")
    dialog.get_by_label("Requests per minute").fill("1")
    dialog.get_by_label("Tokens per day").fill("10,000")
    dialog.get_by_role("button", name="Create key").click()
    key = dialog.locator("code").inner_text()
    assert key.startswith("olk_")
    dialog.get_by_role("button", name="Close").last.click()

    row = page.get_by_role("list", name="API keys").get_by_role("listitem")
    expect(row).to_contain_text(re.compile("my editor.*Ask and read · 1 request per minute · 10,000 tokens per day", re.DOTALL))
    row.scroll_into_view_if_needed()
    assert complaints(page) == []
    picture(page, f"keys-{'phone' if ada.phone else 'desk'}")
    program = open_context().request
    assert [ask(program, key) for _ in range(2)] == [200, 429]

    row.get_by_role("button", name="Revoke my editor").click()
    row.get_by_role("button", name="Revoke my editor permanently").click()
    expect(page.get_by_text("No API keys yet.")).to_be_visible()
    assert ask(program, key) == 401


def test_a_key_is_changed_where_it_stands(ada: Person, open_context: Callable[..., BrowserContext]) -> None:
    page, program = ada.page, open_context().request
    page.goto("/account")
    page.get_by_role("button", name="New key…").click()
    dialog = page.get_by_role("dialog", name="New API key")
    dialog.get_by_label("Name").fill("my editor")
    dialog.get_by_label("Requests per minute").fill("1")
    dialog.get_by_role("button", name="Create key").click()
    key = dialog.locator("code").inner_text()
    dialog.get_by_role("button", name="Close").last.click()
    row = page.get_by_role("list", name="API keys").get_by_role("listitem")
    pencil = row.get_by_role("button", name="Edit my editor")

    pencil.press("Enter")
    form = page.get_by_role("form", name="Edit my editor")
    expect(form.get_by_label("Name")).to_be_focused()
    expect(form.get_by_label("Permissions").locator("option")).to_have_text(["Ask and read", "Read only"])
    form.get_by_label("Requests per minute").fill("0")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("Enter a whole number from 1 to 1,000,000.")).to_be_visible()
    form.scroll_into_view_if_needed()
    assert complaints(page) == []
    picture(page, f"keys-change-{'phone' if ada.phone else 'desk'}")
    form.press("Escape")
    expect(pencil).to_be_focused()

    pencil.click()
    form.get_by_label("Name").fill("another editor")
    form.get_by_label("Permissions").select_option("read")
    form.get_by_label("Expires, from today, after").select_option("")
    form.get_by_label("Requests per minute").fill("")
    form.get_by_label("Tokens per month").fill("5,000")
    form.get_by_role("button", name="Save").click()
    expect(row).to_contain_text(re.compile("another editor.*Read only · 5,000 tokens per month.*Never expires", re.DOTALL))
    assert [ask(program, key) for _ in range(3)] == [200] * 3
