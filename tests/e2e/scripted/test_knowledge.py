"""Documents on the page: brought in by a drop, read, chosen for a question, cited, opened at the passage; and what can't be read says why."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from tests.e2e.chat.test_well_built import complaints
from tests.e2e.person import Person, ended
from tests.scripted_engine.script import Script
from tests.scripted_engine.server import Server
from tests.worker.index import samples

CELLAR = "Pu-erh rests in a dry cellar."
GUIDE = b"# Brewing\n\n## Water\n\nOolong wants water of ninety-six degrees.\n\n## Time\n\nThree minutes are enough."


@pytest.mark.timeout(240)
def test_a_folder_is_read_asked_about_cited_and_opened(ada: Person, engine: Server, open_context: Callable[..., BrowserContext]) -> None:
    page, name = ada.page, f"Tea {uuid4().hex[:6]}"
    page.goto("/knowledge")
    page.get_by_role("button", name="New collection").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="New collection").click()
    expect(page.get_by_text("No documents yet.")).to_be_visible()

    files: list[FilePayload] = [
        {"name": "guide.md", "mimeType": "text/markdown", "buffer": GUIDE},
        {"name": "stock.xlsx", "mimeType": "", "buffer": samples.xlsx()},
        {"name": "cellar.pdf", "mimeType": "application/pdf", "buffer": samples.pdf("Of tea", CELLAR, "The end")},
        {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 broken"},
        {"name": "locked.pdf", "mimeType": "application/pdf", "buffer": samples.pdf("secret", password="word")},
    ]
    page.get_by_test_id("documents").set_input_files(files)

    expect(page.locator("li[data-state=ready]")).to_have_count(3, timeout=90_000)
    expect(page.get_by_text("This document is broken: it can't be read as what it says it is.")).to_be_visible()
    expect(page.get_by_text("This document is locked by a password.")).to_be_visible()
    page.get_by_role("button", name="Delete broken.pdf").click()
    expect(page.get_by_text("broken.pdf", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("broken.pdf", exact=True)).to_be_visible()

    page.goto("/")
    page.get_by_role("button", name="Answer from documents: 0").click()
    page.get_by_role("menuitemcheckbox", name=name).click()
    page.keyboard.press("Escape")
    looks = json.dumps([{"name": "search_knowledge", "arguments": {"query": "oolong water"}}])
    engine.book.set("steady", Script(text="", length=0, calls=looks, tools=True), times=1)
    engine.book.set("steady", Script(text="It wants ninety-six degrees [1].", tools=True), times=1)
    answer = ada.ask("How hot should the water for oolong be?")
    ended(answer)

    expect(answer.locator("details[data-state=done]")).to_contain_text("Search documents")
    shown = page.get_by_role("dialog")
    answer.get_by_role("button", name="[1]", exact=True).click()
    expect(shown.locator("mark")).to_contain_text("Oolong wants water of ninety-six degrees.")
    page.keyboard.press("Escape")
    answer.get_by_role("button", name="[1] guide.md").click()
    expect(shown.locator("mark")).to_contain_text("Oolong wants water of ninety-six degrees.")
    expect(shown.get_by_role("link", name="Open the document")).to_be_visible()
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    page.reload()
    expect(answer.get_by_role("region", name="Documents")).to_contain_text("guide.md")
    a_pdf_opens_at_its_page(ada, engine)
    an_answer_that_cites_nothing_says_where_was_looked(ada, engine, name)
    whoever_has_the_link_reads_what_was_cited(ada, open_context("desk").new_page())


def a_pdf_opens_at_its_page(ada: Person, engine: Server) -> None:
    looks = json.dumps([{"name": "search_knowledge", "arguments": {"query": "pu-erh cellar"}}])
    engine.book.set("steady", Script(text="", length=0, calls=looks, tools=True), times=1)
    engine.book.set("steady", Script(text="In a dry one [1].", tools=True), times=1)
    answer = ada.ask("In what cellar does pu-erh rest?")
    ended(answer)
    answer.get_by_role("button", name="[1] cellar.pdf").click()
    dialog = ada.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Show page 2").click()
    pages = dialog.get_by_role("region", name="Pages of the document")
    expect(pages).to_contain_text(CELLAR)
    expect(pages.locator("mark")).to_have_count(1)
    painted = "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size > 2"
    assert pages.locator("canvas").evaluate(painted)
    pages.focus()
    ada.page.keyboard.press("ArrowRight")
    expect(pages).to_contain_text("3 of 3")
    expect(pages).to_contain_text("The end")
    expect(pages.locator("mark")).to_have_count(0)
    expect(pages.get_by_role("button", name="Next page")).to_be_disabled()
    ada.page.keyboard.press("ArrowLeft")
    expect(pages.locator("mark")).to_have_count(1)
    assert complaints(ada.page) == []
    dialog.get_by_role("button", name="Show the text").click()
    expect(dialog.locator("mark")).to_contain_text(CELLAR)
    ada.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def an_answer_that_cites_nothing_says_where_was_looked(ada: Person, engine: Server, name: str) -> None:
    looks = json.dumps([{"name": "search_knowledge", "arguments": {"query": "oolong"}}])
    engine.book.set("steady", Script(text="", length=0, calls=looks, tools=True), times=1)
    engine.book.set("steady", Script(text="The documents don't say.", tools=True), times=1)
    answer = ada.ask("Who was the first to drink oolong?")
    ended(answer)
    expect(answer.get_by_test_id("nothing-cited")).to_have_text(f"Nothing in {name} is cited here.")


def whoever_has_the_link_reads_what_was_cited(ada: Person, stranger: Page) -> None:
    ada.page.get_by_role("button", name="Share", exact=True).click()
    dialog = ada.page.get_by_role("dialog", name="Share conversation")
    dialog.get_by_role("button", name="Create link").click()
    stranger.goto(dialog.get_by_label("Link", exact=True).input_value())
    sources = stranger.get_by_role("region", name="Documents").first
    expect(sources).to_contain_text("guide.md")
    expect(sources).to_contain_text("Oolong wants water of ninety-six degrees.")
    expect(stranger.get_by_text("Nothing in the documents is cited here.")).to_be_visible()
