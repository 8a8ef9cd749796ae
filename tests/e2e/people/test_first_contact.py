"""The first minutes with a house: an Ollama without a model gets one on the page, and a phone finds the page; at a desk and on a phone."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import free_port
from tests.e2e import house
from tests.e2e.chat.test_well_built import complaints
from tests.e2e.conftest import watch
from tests.e2e.person import Person
from tests.scripted_engine.book import Book
from tests.scripted_engine.pulling import Library
from tests.scripted_engine.server import Server, serving

SUGGESTED = "llama3.2:1b"
NETWORK_URL = "http://192.0.2.7:8000"
CHIEF = {"email": "chief@example.org", "password": "correct horse"}


@pytest.fixture(scope="module")
def ollama() -> Iterator[Server]:
    with serving(Book({})) as server:
        yield server


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, ollama: Server) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("modelless")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    engines = {"OLLAMA_URL": ollama.url, "VLLM_URL": "", "OPENAI_BASE_URL": ""}
    no_limits = {"OLAMCHAT_LIMIT_SIGN_IN": "-", "OLAMCHAT_LIMIT_ADDRESS": "-"}
    told = {"OLAMCHAT_SUGGESTED_MODEL": SUGGESTED, "OLAMCHAT_NETWORK_URL": NETWORK_URL}
    with house.up(folder / "data", free_port(), **told, **engines, **no_limits) as place:
        yield place


@pytest.fixture(autouse=True)
def _empty(ollama: Server, address: str, open_context: Callable[..., BrowserContext]) -> None:
    """Take every model away, and wait until the house has heard of it."""
    ollama.book.library = Library()
    for model in ollama.book.models():
        ollama.book.remove(model)
    request = _signed_in(open_context("desk")).request
    deadline = time.monotonic() + 60
    while request.get("/api/models").json()["items"]:
        assert time.monotonic() < deadline


def test_the_first_model_is_fetched_on_the_page_and_answers(
    open_context: Callable[..., BrowserContext], faults: list[str], size: str, ollama: Server
) -> None:
    ada = _administrator(open_context(size), faults)
    page = ada.page
    notice = page.get_by_role("status").filter(has_text="No model yet.")
    notice.get_by_role("link", name="Get a model").click()

    form = page.get_by_role("form", name="Get model")
    expect(form.get_by_label("Model from Ollama's library")).to_have_value(SUGGESTED)
    form.get_by_role("button", name="Get model").click()
    row = page.get_by_role("group", name="Get models").get_by_role("listitem")
    ollama.book.library.more(11)
    expect(row).to_contain_text(re.compile(r"2(\.0)? MB of 4(\.0)? MB"))
    assert complaints(page) == []
    ollama.book.library.more(1_000)
    expect(row).to_contain_text("Ready")
    expect(page.get_by_role("region", name="Models").get_by_role("button", name=f"Edit {SUGGESTED}")).to_be_visible()
    row.get_by_role("button", name=f"Dismiss {SUGGESTED}").click()
    expect(row).to_have_count(0)

    page.goto("/")
    ada.ask_and_wait("Count.")


def test_a_model_that_is_not_in_the_library_says_so_and_a_download_can_be_stopped(
    open_context: Callable[..., BrowserContext], faults: list[str], size: str, ollama: Server
) -> None:
    page = _administrator(open_context(size), faults).page
    page.goto("/admin/models")
    form = page.get_by_role("form", name="Get model")
    rows = page.get_by_role("group", name="Get models").get_by_role("listitem")
    for model, says in (("absent", "file does not exist"), (f"large-{size}", "Downloading")):
        form.get_by_label("Model from Ollama's library").fill(model)
        form.get_by_role("button", name="Get model").click()
        expect(rows.filter(has_text=model)).to_contain_text(says)
    assert complaints(page) == []

    page.get_by_role("button", name=f"Stop downloading large-{size}").click()
    page.get_by_role("button", name="Dismiss absent").click()
    expect(rows).to_have_count(0)


def test_the_page_s_address_is_shown_for_a_phone(open_context: Callable[..., BrowserContext], faults: list[str], size: str) -> None:
    page = _administrator(open_context(size), faults).page
    page.goto("/account")
    button = page.get_by_role("button", name="Open on your phone")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="QR code of this page's address")).to_be_visible()
    expect(page.get_by_text(NETWORK_URL)).to_be_visible()
    assert complaints(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_text(NETWORK_URL)).to_have_count(0)


def _administrator(context: BrowserContext, faults: list[str]) -> Person:
    page: Page = watch(_signed_in(context).new_page(), faults)
    page.goto("/")
    return Person(page, CHIEF["email"])


def _signed_in(context: BrowserContext) -> BrowserContext:
    """Sign the first account in, which is made at the first call."""
    if context.request.post("/api/auth/login", data=CHIEF).status != 200:
        assert context.request.post("/api/auth/signup", data={**CHIEF, "name": "Chief"}).status == 201
    return context
