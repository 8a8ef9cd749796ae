"""A folder of mixed files is dropped into a collection, read with progress, asked about and cited, by its owner and by a group.

OLAMCHAT_FOLDER_FILES says how many: the drill of docs/knowledge.md has 300.
"""

import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import ARTIFACTS
from tests.e2e.person import Person, ended
from tests.scripted_engine.script import Script
from tests.scripted_engine.server import Server
from tests.worker.index import mixed

FILES = int(os.environ.get("OLAMCHAT_FOLDER_FILES", "24"))
READING_MS = 60_000 + 2_000 * FILES


@pytest.mark.timeout(120 + 4 * FILES)
def test_a_folder_of_every_kind_is_read_and_cited_for_its_owner_and_a_group(
    ada: Person, engine: Server, database_url: str, sign_up: Callable[..., Person], tmp_path: Path
) -> None:
    name, folder = f"House {uuid4().hex[:6]}", tmp_path / "house"
    mixed.write(folder, FILES)
    unreadable = sum(any(name in path.name for name in mixed.UNREADABLE) for path in folder.rglob("*.*"))
    _bring(ada, name, folder)
    began = time.monotonic()
    _until_read(database_url, name)
    expect(ada.page.get_by_role("status").filter(has_text="Read:")).to_have_count(0)
    print(f"{FILES} documents, {unreadable} of them unreadable, read in {time.monotonic() - began:.0f} s")

    ada.page.get_by_role("button", name=f"Not readable ({unreadable})").click()
    expect(ada.page.locator("li[data-state=failed]")).to_have_count(min(unreadable, 100))
    picture(ada, "failed")
    _each_says_why(database_url, name)
    assert complaints(ada.page) == []
    _asks_and_opens_the_page(ada, engine, name)

    _given_to_a_group(database_url, name, ada, eve := sign_up("desk"))
    eve.page.reload()
    _asks_and_opens_the_page(eve, engine, name)


def test_reading_is_stopped_and_a_document_is_read_after_all(ada: Person, database_url: str) -> None:
    page, name = ada.page, f"Stopped {uuid4().hex[:6]}"
    _made(page, name)
    with psycopg.connect(database_url) as gate:
        gate.execute("LOCK TABLE chunks IN SHARE MODE")  # nothing that is read can be kept
        page.get_by_test_id("documents").set_input_files(_notes(6))
        progress = page.get_by_role("status").filter(has_text="Read: 0 of 6")
        expect(page.get_by_text("Uploading")).to_have_count(0, timeout=30_000)
        progress.get_by_role("button", name="Stop").click()
        expect(page.locator("li[data-state=failed]")).to_have_count(6, timeout=30_000)
        expect(page.get_by_text("Reading was stopped. Retry it to go on where it was.")).to_have_count(6)
        expect(progress).to_have_count(0)
        picture(ada, "stopped")
        assert complaints(page) == []
    page.get_by_role("button", name="Retry 3.txt").click()
    expect(page.locator("li[data-state=ready]")).to_have_count(1, timeout=60_000)
    expect(page.locator("li[data-state=failed]")).to_have_count(5)


def test_an_upload_is_stopped_and_what_is_there_stays(ada: Person) -> None:
    page, name = ada.page, f"Halted {uuid4().hex[:6]}"
    _made(page, name)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)  # it stays on its way

    page.route("**/documents?path=*", hold)
    page.get_by_test_id("documents").set_input_files(_notes(9))
    uploading = page.get_by_role("status").filter(has_text="Uploading 0 of 9")
    expect(uploading).to_be_visible()
    uploading.get_by_role("button", name="Stop").click()

    expect(page.get_by_text("Uploading")).to_have_count(0)
    expect(page.get_by_text("No documents yet.")).to_be_visible()
    assert len(held) == 2, "of nine two were on their way, and no other was sent after the stop"
    page.unroute("**/documents?path=*")


def picture(ada: Person, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    for scheme in ("light", "dark"):
        ada.page.emulate_media(color_scheme=scheme)
        ada.page.screenshot(path=ARTIFACTS / f"knowledge-{name}-{scheme}-{'phone' if ada.phone else 'desk'}.png")


def _notes(count: int) -> list[FilePayload]:
    return [{"name": f"{number}.txt", "mimeType": "text/plain", "buffer": f"Text {number}.".encode()} for number in range(count)]


def _made(page: Page, name: str) -> None:
    page.goto("/knowledge")
    page.get_by_role("button", name="New collection").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="New collection").click()
    expect(page.get_by_text("No documents yet.")).to_be_visible()


def _bring(ada: Person, name: str, folder: Path) -> None:
    page = ada.page
    _made(page, name)
    page.locator("input[webkitdirectory]").set_input_files(folder)
    expect(page.get_by_text(re.compile(f"Uploading [0-9]+ of {FILES}"))).to_be_visible()
    expect(page.get_by_text(re.compile("Read: [0-9]+ of [0-9]+"))).to_be_visible()
    expect(page.get_by_text("Uploading")).to_have_count(0, timeout=READING_MS)


def _until_read(database_url: str, name: str) -> None:
    sql = """SELECT count(*) FROM documents d JOIN collections c ON c.id = d.collection_id WHERE c.name = %s AND d.state NOT IN ('ready', 'failed')"""
    deadline = time.monotonic() + READING_MS / 1000
    with psycopg.connect(database_url, autocommit=True) as connection:
        while connection.execute(sql, [name]).fetchone() != (0,):
            assert time.monotonic() < deadline, "the folder was not read"
            time.sleep(0.2)


def _each_says_why(database_url: str, name: str) -> None:
    sql = """SELECT d.path, d.error->>'code' FROM documents d JOIN collections c ON c.id = d.collection_id WHERE c.name = %s AND d.state = 'failed'"""
    with psycopg.connect(database_url) as connection:
        failed = connection.execute(sql, [name]).fetchall()
    for path, code in failed:
        assert code == next(why for ending, (why, _) in mixed.UNREADABLE.items() if path.endswith(ending)), path


def _asks_and_opens_the_page(person: Person, engine: Server, name: str) -> None:
    page = person.page
    page.goto("/")
    person.box.wait_for()
    page.get_by_role("button", name="Answer from documents: 0").click()
    page.get_by_role("menuitemcheckbox", name=name).click()
    page.keyboard.press("Escape")
    looks = json.dumps([{"name": "search_knowledge", "arguments": {"query": "where does the spare key hang"}}])
    engine.book.set("steady", Script(text="", length=0, calls=looks, tools=True), times=1)
    engine.book.set("steady", Script(text="Behind the blue kettle [1].", tools=True), times=1)
    answer = person.ask("Where does the spare key hang?")
    ended(answer)
    answer.get_by_role("button", name="[1] manual.pdf").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=f"Show page {mixed.PAGE}").click()
    pages: Locator = dialog.get_by_role("region", name="Pages of the document")
    expect(pages).to_contain_text(mixed.ON_THE_PAGE)
    expect(pages).to_contain_text(f"{mixed.PAGE} of 220")
    expect(pages.locator("mark")).to_have_count(1)
    picture(person, "page")
    page.keyboard.press("Escape")
    answer.scroll_into_view_if_needed()
    picture(person, "cited")


def _given_to_a_group(database_url: str, name: str, owner: Person, member: Person) -> None:
    """Put both into a group and give it the collection, as the dialog does that test_groups has."""
    with psycopg.connect(database_url) as connection:
        [group] = connection.execute(
            "INSERT INTO groups (id, created_at, name) VALUES (gen_random_uuid(), now(), %s) RETURNING id", [name]
        ).fetchone() or [None]
        connection.execute(
            "INSERT INTO group_members (group_id, user_id) SELECT %s, id FROM users WHERE email = ANY(%s)",
            [group, [owner.email, member.email]],
        )
        connection.execute("UPDATE collections SET audience = 'chosen' WHERE name = %s", [name])
        connection.execute(
            "INSERT INTO collection_groups (collection_id, group_id) SELECT id, %s FROM collections WHERE name = %s", [group, name]
        )
