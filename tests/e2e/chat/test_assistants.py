"""Assistants on the page: made, called by @ and their name, changed with a way back, taken along as a file."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import ARTIFACTS
from tests.e2e.person import Person


def type_into(field: Locator, text: str) -> None:
    """Go on to the next field by Tab, see that it is this one, and type."""
    field.page.keyboard.press("Tab")
    expect(field).to_be_focused()
    field.page.keyboard.type(text)


def make(page: Page, handle: str, size: str) -> None:
    """Fill the form of a new assistant and save it."""
    page.goto("/assistants")
    page.get_by_role("button", name="New assistant").click()
    dialog = page.get_by_role("dialog", name="New assistant")
    called = dialog.get_by_label("Name to call it by")
    if size == "desk":  # on a phone the keyboard would come up unasked
        expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    else:
        dialog.get_by_label("Name", exact=True).focus()
    page.keyboard.type("Legal helper")
    type_into(dialog.get_by_label("Emoji"), "⚖️")
    expect(called).to_have_value("legal-helper")
    page.keyboard.press("Tab")
    expect(called).to_be_focused()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(handle)
    type_into(dialog.get_by_label("What it is for"), "Law")
    type_into(dialog.get_by_label("Instructions"), "Quote the paragraph.")
    dialog.get_by_label("Model", exact=True).select_option("demo")
    dialog.get_by_label("Temperature").focus()
    page.keyboard.type("0.2")
    dialog.get_by_label("Questions to begin with").focus()
    page.keyboard.type("count to 3\ncount to 4")
    assert complaints(page) == []
    page.screenshot(path=ARTIFACTS / f"assistant-{size}.png")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("listitem").filter(has_text=f"@{handle} · Law")).to_be_visible()


def test_an_assistant_is_made_and_called_by_its_name(sign_up: Callable[..., Person], size: str) -> None:
    ada = sign_up(size)
    handle = f"legal-{ada.email[:8]}"
    make(ada.page, handle, size)
    assert complaints(ada.page) == []
    ada.page.goto("/")
    ada.box.focus()
    ada.page.keyboard.type(f"@{handle[:8]}")

    entry = ada.page.get_by_role("option", name=re.compile(f"@{handle}"))
    expect(entry).to_have_attribute("aria-selected", "true")
    assert complaints(ada.page) == []
    ada.page.screenshot(path=ARTIFACTS / f"assistant-entries-{size}.png")
    ada.box.press("Shift+Tab")
    expect(entry, "going back takes nothing").to_be_visible()
    ada.box.press("Enter")

    expect(ada.box).to_have_value("")
    expect(ada.page.get_by_role("button", name="⚖️ Legal helper")).to_be_visible()
    ada.page.get_by_role("button", name="count to 3").click()
    expect(ada.box).to_have_value("count to 3")
    answer = ada.ask_and_wait("count to 3")
    expect(answer).to_contain_text("⚖️ Legal helper")
    ada.page.reload()
    expect(ada.answers.first).to_contain_text("⚖️ Legal helper")
    expect(ada.page.get_by_role("button", name="⚖️ Legal helper")).to_be_visible()


OPEN_WEBUI = [
    {"command": "/mail", "title": "Mail", "content": "Write to {{who}}.", "timestamp": 1},
    {"command": "/empty", "title": "Empty", "content": ""},
]


def test_a_prompt_is_called_by_its_name_and_asks_for_its_variables(sign_up: Callable[..., Person], size: str, tmp_path: Path) -> None:
    ada = sign_up(size)
    page = ada.page
    page.goto("/prompts")
    page.get_by_role("button", name="New prompt").click()
    dialog = page.get_by_role("dialog", name="New prompt")
    dialog.get_by_label("Name", exact=True).fill("Count for me")
    dialog.get_by_label("Text", exact=True).fill('count to {{end | number:default="3"}}{{mark | select:options=["!","?"]:default="?"}}')
    expect(dialog.get_by_text("Asks for: end, mark")).to_be_visible()
    assert complaints(page) == []
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("listitem").filter(has_text="/count-for-me")).to_be_visible()
    file = tmp_path / "prompts.json"
    file.write_text(json.dumps(OPEN_WEBUI))
    page.get_by_test_id("prompts-file").set_input_files(file)
    expect(page.get_by_text("1 prompt was imported.")).to_be_visible()
    assert complaints(page) == []
    page.screenshot(path=ARTIFACTS / f"prompts-{size}.png")

    page.goto("/")
    ada.box.fill("/")
    expect(page.get_by_role("option")).to_have_count(2)
    ada.box.press("ArrowDown")
    expect(page.get_by_role("option", name="/mail")).to_have_attribute("aria-selected", "true")
    ada.box.fill("/count")
    expect(page.get_by_role("option")).to_have_count(1)
    ada.box.press("Enter")
    asks = page.get_by_role("dialog", name="Count for me")
    expect(asks.get_by_label("end")).to_have_value("3")
    asks.get_by_label("end").fill("4")
    asks.get_by_label("mark").select_option("!")
    assert complaints(page) == []
    asks.get_by_role("button", name="Insert").click()

    expect(ada.box).to_have_value("count to 4!")
    expect(ada.box).to_be_focused()


def test_a_version_is_gone_back_to_and_a_file_makes_another(sign_up: Callable[..., Person], size: str, tmp_path: Path) -> None:
    ada = sign_up(size)
    page, handle = ada.page, f"back-{ada.email[:8]}"
    make(page, handle, size)
    page.get_by_role("button", name="Edit Legal helper").click()
    dialog = page.get_by_role("dialog", name="Legal helper")
    dialog.get_by_label("Instructions").fill("Never quote.")
    dialog.get_by_label("What changed (optional)").fill("other way round")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)

    page.get_by_role("button", name="Versions of Legal helper").click()
    expect(page.get_by_text("other way round")).to_be_visible()
    page.get_by_role("button", name="Go back to version 1").click()
    expect(page.get_by_text(re.compile("^Version 3"))).to_be_visible()
    page.get_by_role("dialog", name="Versions of Legal helper").get_by_role("button", name="Close").click()

    with page.expect_download() as saved:
        page.get_by_role("button", name="Save Legal helper as a file").click()
    file = tmp_path / "legal.json"
    saved.value.save_as(file)
    assert json.loads(file.read_text())["instructions"] == "Quote the paragraph."
    page.get_by_test_id("assistant-file").set_input_files(file)
    expect(page.get_by_text("Legal helper was imported.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=f"@{handle}-2 · Law")).to_be_visible()

    page.get_by_role("button", name="Delete Legal helper").last.click()
    page.get_by_role("button", name="Delete assistant").click()
    expect(page.get_by_role("listitem").filter(has_text=f"@{handle}-2")).to_have_count(0)
    expect(page.get_by_role("listitem").filter(has_text=f"@{handle} ·")).to_be_visible()
