"""Documents that are attached to a question: read while it waits, given in whole or searched as fits, and the page says which way."""

import io

import psycopg
import pytest
from playwright.sync_api import FilePayload, expect

from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import ARTIFACTS
from tests.e2e.person import Person, ended
from tests.scripted_engine.script import Script
from tests.scripted_engine.server import Server
from tests.worker.conftest import until
from tests.worker.index import samples

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def long_docx() -> bytes:
    from docx import Document

    document, out = Document(), io.BytesIO()
    document.add_heading("Kettles", level=1)
    for number in range(200):
        document.add_paragraph(f"The kettle number {number} stands on shelf {number % 7}. " + "Of tea there is enough. " * 12)
    document.save(out)
    return out.getvalue()


def picture(ada: Person, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    for scheme in ("light", "dark"):
        ada.page.emulate_media(color_scheme=scheme)
        ada.page.screenshot(path=ARTIFACTS / f"attached-{name}-{scheme}-{'phone' if ada.phone else 'desk'}.png")


@pytest.mark.timeout(180)
def test_a_question_waits_for_its_documents_and_says_how_they_were_read(ada: Person, engine: Server, database_url: str) -> None:
    page = ada.page
    broken: FilePayload = {"name": "broken.pptx", "mimeType": "", "buffer": samples.zipped({"ppt/presentation.xml": "<broken"})}
    files: list[FilePayload] = [
        {"name": "kettles.docx", "mimeType": DOCX, "buffer": long_docx()},
        {"name": "stock.xlsx", "mimeType": "", "buffer": samples.xlsx()},
    ]
    tray = page.get_by_role("list", name="Attached files")
    page.get_by_test_id("files").set_input_files(broken)
    expect(tray).to_contain_text("This document is broken: it can't be read as what it says it is.", timeout=30_000)
    _is_read_again(ada, database_url)
    engine.book.set("steady", Script(text="Kettle 137 stands on shelf 4 [1]."), times=1)
    with psycopg.connect(database_url) as gate:
        gate.execute("LOCK TABLE chunks IN SHARE MODE")  # nothing that is read can be kept
        page.get_by_test_id("files").set_input_files(files)
        expect(tray.get_by_test_id("document-state")).to_have_count(3)
        picture(ada, "tray")
        answer = ada.ask("Where does kettle number 137 stand?")
        expect(answer).to_have_attribute("data-status", "waiting")
        expect(answer.get_by_test_id("answer-status")).to_contain_text("Reading…")
        expect(ada.questions.last.get_by_test_id("document-state").first).to_contain_text("read")
        picture(ada, "waiting")
        assert complaints(page) == []
    ended(answer)

    given = answer.get_by_test_id("given")
    expect(given).to_contain_text("Read in full: \u2068stock.xlsx\u2069")
    expect(given).to_contain_text("Searched for the passages that fit: \u2068kettles.docx\u2069")
    expect(ada.questions.last.locator("[data-testid=document-state][data-state=ready]")).to_have_count(2)
    answer.get_by_role("button", name="[1] kettles.docx").click()
    expect(page.get_by_role("dialog").locator("mark")).to_contain_text("The kettle number 137 stands on shelf 4.")
    page.keyboard.press("Escape")
    page.reload()
    expect(answer.get_by_test_id("given")).to_contain_text("kettles.docx")
    answer.get_by_test_id("given").scroll_into_view_if_needed()
    picture(ada, "given")
    assert complaints(page) == []


def _is_read_again(ada: Person, database_url: str) -> None:
    """A retry reads the file once more; nothing of it can be had, so it says why again."""
    sql = "SELECT attempt FROM documents WHERE path = 'broken.pptx' AND state = 'failed' ORDER BY created_at DESC LIMIT 1"
    tray = ada.page.get_by_role("list", name="Attached files")
    with psycopg.connect(database_url, autocommit=True) as connection:
        before = connection.execute(sql).fetchone()
        with ada.page.expect_response(lambda response: response.url.endswith("/retry") and response.ok):
            tray.get_by_role("button", name="Retry broken.pptx").click()
        until(lambda: (connection.execute(sql).fetchone() or before) != before, "the second reading")
    expect(tray.get_by_role("button", name="Retry broken.pptx")).to_be_visible(timeout=30_000)
