"""The plug of every process is pulled, one after the other, while an answer acts: it arrives on two devices, and what it wrote was written once."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.person import Person
from tests.e2e.scripted.plug import pull
from tests.scripted_engine.script import Script
from tests.scripted_engine.server import Server
from tests.tool_server.book import Book
from tests.tool_server.npm import serving_everything

LENGTH = 60
TEXT = "".join(f" w{number}" for number in range(LENGTH))
PATIENCE_MS = 120_000


@pytest.fixture
def everything() -> Iterator[str]:
    with serving_everything() as url:
        yield url


@pytest.fixture
def acting(
    engine: Server, sign_up: Callable[..., Person], database_url: str, everything: str, tool_server: tuple[str, Book]
) -> Iterator[Person]:
    """An administrator with both servers connected, and a model that reads from the one and writes to the other in one round."""
    calls = [
        {"name": "everything__get-sum", "arguments": {"a": 2, "b": 40}},
        {"name": "scripted__note", "arguments": {"text": "once", "seconds": 6}},
    ]
    before = engine.book.models()["steady"]
    engine.book.set("steady", Script(length=LENGTH, rate=10, tools=True, calls=json.dumps(calls), calls_once=True), None)
    ann = sign_up("desk")
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE users SET role = 'admin' WHERE email = %s", [ann.email])
    try:
        ann.page.reload()
        login = {"email": ann.email, "password": "correct horse", "tokens": True}
        token = ann.page.context.request.post("/api/auth/login", data=login).json()["access_token"]
        for name, url in {"everything": everything, "scripted": tool_server[0]}.items():
            wanted = {"name": name, "url": url}
            added = ann.page.context.request.post("/api/admin/tools", data=wanted, headers={"Authorization": f"Bearer {token}"})
            assert added.ok, added.text()
        ann.page.reload()
        ann.box.wait_for()
        yield ann
    finally:
        engine.book.set("steady", before, None)
        with psycopg.connect(database_url) as connection:
            connection.execute("DELETE FROM tool_servers WHERE name IN ('everything', 'scripted')")


@pytest.mark.timeout(600)
def test_every_process_dies_while_an_answer_acts(
    acting: Person, tool_server: tuple[str, Book], data: Path, open_context: Callable[..., BrowserContext], faults: list[str]
) -> None:
    book = tool_server[1]
    before = len(book.lines())
    answer = acting.ask("Add, and write it down once.")
    phone = open_context("phone", storage_state=acting.page.context.storage_state()).new_page()
    phone.goto(acting.page.url)
    expect(phone.get_by_role("article", name="Answer")).to_contain_text("w", timeout=PATIENCE_MS)  # a page that has come whole

    # While the model writes.
    expect(answer).to_contain_text("w3", timeout=PATIENCE_MS)
    pull(data, "worker")
    pull(data, "web server")

    # While a person is waited for.
    card = answer.get_by_role("region", name="Allow note?")
    expect(card).to_be_visible(timeout=PATIENCE_MS)
    pull(data, "valkey")
    pull(data, "database")
    there = phone.get_by_role("region", name="Allow note?")
    expect(there).to_be_visible(timeout=PATIENCE_MS)
    _press(acting.page, "Allow once", "note")

    # While it writes.
    while not any(line["event"] == "began" for line in book.lines()[before:]):
        acting.page.wait_for_timeout(50)
    for name in ("worker", "web server", "step worker"):
        pull(data, name)
    expect(phone.get_by_role("region", name="note may already have run")).to_be_visible(timeout=PATIENCE_MS)
    _press(phone, "Skip", "note")

    # While the model goes on with what came of it.
    expect(answer).to_contain_text(re.compile(r"Not allowed.* w2"), timeout=PATIENCE_MS)
    for name in ("valkey", "database", "worker"):
        pull(data, name)

    for page in (acting.page, phone):
        last = page.get_by_role("article", name="Answer").last
        expect(last).to_contain_text("w57 w58 w59", timeout=PATIENCE_MS)
        expect(last.get_by_role("button", name="Copy").first).to_be_visible(timeout=PATIENCE_MS)
    began = [line for line in book.lines()[before:] if line["event"] == "began"]
    assert len(began) == 1
    content, states = _kept(data)
    assert content == TEXT * 2
    assert states == ["done", "refused"]
    faults.clear()  # a page says in its console that a server was away


def _press(page: Page, button: str, tool: str) -> None:
    """Press a card's button until the card is gone: while a process is away, the page says so and the person tries again."""
    region = page.get_by_role("region").filter(has_text=tool)
    while region.count():
        pressed = region.get_by_role("button", name=button)
        if pressed.count() and pressed.is_enabled():
            pressed.click()
        page.wait_for_timeout(500)


def _kept(data: Path) -> tuple[str, list[str]]:
    from local.folder import Folder

    lives = Folder(data).house()
    assert lives is not None
    with psycopg.connect(lives.database_url) as connection:
        newest = "SELECT id, content FROM messages WHERE role = 'assistant' ORDER BY created_at DESC LIMIT 1"
        row = connection.execute(newest).fetchone()
        assert row is not None
        states = connection.execute("SELECT state FROM steps WHERE message_id = %s ORDER BY number", [row[0]]).fetchall()
    return row[1], [state for (state,) in states]
