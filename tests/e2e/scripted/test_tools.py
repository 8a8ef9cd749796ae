"""An answer acts: what the page shows of it, asks before it, and keeps through the loss of the worker that did it."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from local.folder import Folder
from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import ARTIFACTS
from tests.e2e.person import Person, ended
from tests.scripted_engine.script import Script
from tests.scripted_engine.server import Server
from tests.scripted_engine.verbatim import Verbatim
from tests.tool_server.book import Book


@pytest.fixture
def ann(ada: Person, database_url: str) -> Person:
    """An administrator."""
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE users SET role = 'admin' WHERE email = %s", [ada.email])
    ada.page.reload()
    ada.box.wait_for()
    return ada


@pytest.fixture
def connected(ann: Person, tool_server: tuple[str, Book], database_url: str) -> Iterator[Person]:
    """The scripted server, added on the page as an administrator does."""
    ann.page.goto("/admin/tools")
    ann.page.get_by_role("button", name="Add a server").click()
    dialog = ann.page.get_by_role("dialog")
    if ann.phone:  # no keyboard covers the dialog before one asks for it
        dialog.get_by_label("Short name").tap()
    ann.page.keyboard.type("scripted")
    ann.page.keyboard.press("Tab")
    ann.page.keyboard.type(tool_server[0])
    dialog.get_by_role("button", name="Save").click()
    expect(ann.page.get_by_text("12 tools")).to_be_visible()
    ann.page.goto("/")
    ann.box.wait_for()
    yield ann
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM tool_servers WHERE name = 'scripted'")


def calls(engine: Server, tool: str, **arguments: object) -> str:
    """Let the model call a tool and then say a word of its own; return the word."""
    word = f"word{uuid4().hex[:8]}"
    said = [{"name": f"scripted__{tool}", "arguments": arguments}]
    engine.book.set("steady", Script(text="Let me see.", calls=json.dumps(said), tools=True), times=1)
    engine.book.set("steady", Script(text=f"And so: {word}.", tools=True), times=1)
    return word


def step(answer: Locator) -> Locator:
    return answer.locator("details[data-state]")


def test_what_reads_is_done_unasked_and_opens_to_all_of_it(connected: Person, engine: Server) -> None:
    word = calls(engine, "look", about="the sea")

    answer = connected.ask("What of the sea?")

    ended(answer)
    expect(answer).to_contain_text(word)
    expect(step(answer)).to_have_attribute("data-state", "done")
    expect(step(answer)).to_contain_text("the sea")
    step(answer).locator("summary").click()
    expect(answer.get_by_text("seen the sea")).to_be_visible()
    connected.page.reload()
    expect(step(connected.answers.last)).to_have_attribute("data-state", "done")


def test_what_writes_asks_first_on_every_device_and_the_keyboard_is_enough(
    connected: Person, engine: Server, tool_server: tuple[str, Book], open_context: Callable[..., BrowserContext]
) -> None:
    word = calls(engine, "note", text="buy milk")
    before = len(tool_server[1].lines())
    answer = connected.ask("Remember the milk.")
    card = answer.get_by_role("region", name="Allow note?")
    expect(card).to_contain_text("buy milk")
    assert len(tool_server[1].lines()) == before, "nothing is done unasked"

    phone = open_context("phone", storage_state=connected.page.context.storage_state()).new_page()
    phone.goto(connected.page.url)
    there = phone.get_by_role("region", name="Allow note?")
    expect(there).to_be_visible()
    card.get_by_role("button", name="Allow once").focus()
    connected.page.keyboard.press("Enter")

    ended(answer)
    expect(there).to_have_count(0)
    for page in (connected.page, phone):
        expect(page.get_by_role("article", name="Answer").last).to_contain_text(word)
    assert [line["event"] for line in tool_server[1].lines()[before:]] == ["began", "ended"]


def test_what_is_not_allowed_is_not_done(connected: Person, engine: Server, tool_server: tuple[str, Book]) -> None:
    word = calls(engine, "note", text="no")
    before = len(tool_server[1].lines())
    answer = connected.ask("Note it.")

    answer.get_by_role("button", name="Don't allow").click()

    ended(answer)
    expect(answer).to_contain_text(word)
    expect(step(answer)).to_have_attribute("data-state", "refused")
    assert len(tool_server[1].lines()) == before


def test_a_write_whose_worker_was_killed_is_never_repeated_unasked(
    connected: Person, engine: Server, tool_server: tuple[str, Book], data: Path
) -> None:
    word = calls(engine, "note", text="once", seconds=2)
    book = tool_server[1]
    before = len(book.lines())
    answer = connected.ask("Write it once.")
    answer.get_by_role("button", name="Allow once").click()
    expect(step(answer)).to_have_attribute("data-state", "running")
    while not any(line["event"] == "began" for line in book.lines()[before:]):
        connected.page.wait_for_timeout(50)

    lives = Folder(data).house()
    assert lives is not None
    os.kill(lives.pids["step worker"], signal.SIGKILL)

    card = answer.get_by_role("region", name="note may already have run")
    expect(card).to_be_visible(timeout=60_000)
    card.get_by_role("button", name="Skip").click()
    ended(answer)
    expect(answer).to_contain_text(word)
    assert [line["event"] for line in book.lines()[before:]].count("began") == 1


def test_how_far_a_call_has_come_is_shown_while_it_runs(connected: Person, engine: Server) -> None:
    word = calls(engine, "look", about="the sea", seconds=3)

    answer = connected.ask("What of the sea?")

    expect(answer.get_by_role("progressbar")).to_be_visible()
    expect(answer.get_by_text("of 30").first).to_be_visible()
    ended(answer)
    expect(answer.get_by_role("progressbar")).to_have_count(0)
    expect(answer).to_contain_text(word)


def test_a_server_asks_by_a_form_and_goes_on_with_the_answer(
    connected: Person, engine: Server, open_context: Callable[..., BrowserContext]
) -> None:
    word = calls(engine, "book_table", day="Monday")
    answer = connected.ask("Book a table.")
    answer.get_by_role("button", name="Allow once").click()
    form = answer.get_by_role("form", name="scripted asks you something")
    expect(form).to_contain_text("For how many is the table?")
    other = open_context("desk" if connected.phone else "phone", storage_state=connected.page.context.storage_state()).new_page()
    other.goto(connected.page.url)
    expect(other.get_by_role("form", name="scripted asks you something")).to_be_visible()

    form.get_by_label("Guests *").fill("13")
    form.get_by_label("Name *").fill("Ada")
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_label("Guests *")).to_be_focused()  # where the browser says what does not fit
    form.get_by_label("Guests *").fill("4")
    form.get_by_label("Where").select_option("outside")
    form.get_by_label("Name *").press("Enter")

    ended(answer)
    expect(answer).to_contain_text(word)
    step(answer).locator("summary").click()
    expect(answer.get_by_text("4 outside for Ada on Monday")).to_be_visible()
    expect(other.get_by_role("form")).to_have_count(0)


def test_tools_are_chosen_per_conversation(connected: Person, engine: Server) -> None:
    connected.page.get_by_role("button", name="Tools: 2").click()
    connected.page.get_by_role("menuitemcheckbox", name="scripted").click()
    connected.page.get_by_role("button", name="Tools: 1").click()
    connected.page.get_by_role("menuitemcheckbox", name="Web").click()
    expect(connected.page.get_by_role("button", name="Tools: 0")).to_be_visible()
    engine.book.set("steady", Script(text="No tools here.", calls='[{"name": "scripted__look", "arguments": {}}]', tools=True), times=1)

    answer = connected.ask("What of the sea?")

    ended(answer)
    expect(step(answer)).to_have_count(0)


@pytest.fixture
def toolless(engine: Server) -> Iterator[str]:
    """A model whose engine refuses tools, as vLLM does without a parser of calls."""
    said = {"error": {"message": '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'}}
    refusal = Verbatim(status=400, body=json.dumps(said).encode(), content_type="application/json", framing="length")
    engine.book.say("toolless", refusal)
    yield "toolless"
    engine.book.remove("toolless")


def test_a_model_that_turned_out_to_call_no_tools_says_so(ada: Person, toolless: str) -> None:
    page = ada.page
    picker, tools = page.get_by_role("button", name="Model"), page.get_by_role("button", name="Tools: ")
    expect(tools).to_have_accessible_name("Tools: 1")
    chosen = page.get_by_role("option", name=toolless)

    def is_offered() -> bool:
        picker.click()
        page.get_by_role("option").first.wait_for()
        return chosen.count() == 1

    _reload_until(page, is_offered)
    chosen.click()
    ended(ada.ask("What of the sea?"), "failed")

    _reload_until(page, lambda: tools.get_attribute("aria-label") == "Tools: 0")

    expect(tools).to_have_accessible_name("Tools: 0")
    tools.click()
    expect(page.get_by_text("The model that is chosen can’t call tools.")).to_be_visible()
    expect(page.get_by_role("menuitemcheckbox", name="Web")).to_be_disabled()
    page.keyboard.press("Escape")
    picker.click()
    expect(page.get_by_role("option", name=toolless)).to_contain_text("no tools")


def _reload_until(page: Page, is_so: Callable[[], bool]) -> None:
    """A worker says every few seconds what it offers."""
    for _ in range(30):
        page.reload()
        page.get_by_role("button", name="Tools: ").wait_for()
        if is_so():
            return
        page.wait_for_timeout(1_000)
    raise AssertionError("no worker has said so")


def test_a_prompt_of_a_server_begins_a_message(connected: Person, engine: Server) -> None:
    page = connected.page
    connected.box.press_sequentially("/scripted:br")
    expect(page.get_by_role("option", name="/scripted:briefing")).to_be_visible()
    pictures(page, "server-prompts", phone=connected.phone)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Brief me")
    dialog.get_by_label("topic").fill("the harbour")
    pictures(page, "server-prompt", phone=connected.phone)
    dialog.get_by_role("button", name="Insert").click()

    expect(connected.box).to_have_value("Brief me on the harbour in a plain tone.")
    connected.box.fill("/scripted:dialogue")
    page.keyboard.press("Enter")
    expect(connected.box).to_have_value("User: Ping?\n\nAssistant: Pong.")
    expect(page.get_by_text("Part of this prompt isn't text and was left out.")).to_be_visible()


def test_a_resource_of_a_server_is_attached_and_read(connected: Person, engine: Server) -> None:
    page = connected.page
    page.get_by_role("button", name="Tools: ").click()
    page.get_by_role("menuitem", name="Attach from a server…").click()
    dialog = page.get_by_role("dialog", name="Attach from a server")
    expect(dialog.get_by_role("button", name="Today's notes")).to_be_visible()
    assert complaints(page) == []
    pictures(page, "resources", phone=connected.phone)
    dialog.get_by_label("Search").fill("days")
    expect(dialog.get_by_role("button", name="Today's notes")).to_have_count(0)
    dialog.locator("summary").click()
    dialog.get_by_label("day").fill("monday")
    dialog.get_by_role("button", name="Attach", exact=True).click()
    expect(page.get_by_text("monday", exact=True)).to_be_visible()

    engine.book.set("steady", Script(text="So be it.", tools=True), times=1)
    ended(connected.ask("What of monday?"))

    assert "On monday nothing happened." in str(engine.book.asked())


def pictures(page: Page, name: str, *, phone: bool) -> None:
    """Keep a picture of the page in both themes."""
    ARTIFACTS.mkdir(exist_ok=True)
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        page.screenshot(path=ARTIFACTS / f"tools-{name}-{theme}-{'phone' if phone else 'desk'}.png")
