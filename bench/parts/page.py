"""The page in a real browser: long tasks and dropped frames while a very long answer is written, and in a very long conversation."""

import argparse
import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import BrowserContext, Page, sync_playwright

from bench.reporting import tables
from bench.reporting.results import Point, Results
from local.folder import Folder
from tests.conftest import free_port
from tests.e2e import house, long_texts
from tests.e2e.smoothness import Smoothness, traced
from tests.e2e.unpacked import chromium
from tests.scripted_engine.book import Book
from tests.scripted_engine.script import Script
from tests.scripted_engine.server import Server

SECTION = "Page"
WORDS, RATE, MESSAGES = 20_000, 600.0, 1_000
MODEL = "steady"


async def run(folder: Path, asked: argparse.Namespace, found: Results) -> None:
    """Measure both; Playwright's driver has a loop of its own, so that it gets a thread of its own."""
    del asked
    told = await asyncio.to_thread(_measure, folder)
    found.replace_section(SECTION, told)
    print(tables.points(told))


def _measure(folder: Path) -> list[Point]:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    data = folder / "data"
    script = Script(text=long_texts.markdown(WORDS), rate=RATE)
    with _engine(script) as engine:
        engines = {"OLLAMA_URL": "", "VLLM_URL": "", "OPENAI_BASE_URL": f"{engine}/v1"}
        with house.up(data, free_port(), **engines) as address, _browser(address) as (context, email):
            page = context.new_page()
            answer = _long_answer(page)
            lives = Folder(data).house()
            assert lives is not None
            there = long_texts.conversation(lives.database_url, email, MESSAGES)
            conversation = _long_conversation(page, there)
    return [
        *_points(f"an answer of {WORDS:,} words at {RATE:g} tokens/s", answer),
        *_points(f"{MESSAGES:,} messages, opened and scrolled to the first", conversation),
    ]


def _points(what: str, found: Smoothness) -> list[Point]:
    drawn = found.frames + found.dropped
    return [
        Point(SECTION, f"{what}: tasks over 50 ms", found.long_tasks, "tasks", note=f"the longest {found.longest_ms:.0f} ms"),
        Point(SECTION, f"{what}: frames dropped", found.dropped, "frames", note=f"of {drawn:,} in {found.seconds:.1f} s"),
    ]


def _long_answer(page: Page) -> Smoothness:
    page.goto("/")
    box = page.get_by_role("textbox", name="Your message", exact=True)
    with traced(page) as found:
        box.fill("Tell me everything")
        box.press("Enter")
        page.locator("article[data-status=done]").wait_for(timeout=300_000)
    return found


def _long_conversation(page: Page, there: str) -> Smoothness:
    with traced(page) as found:
        page.goto(f"/c/{there}")
        page.get_by_text(f"Answer {MESSAGES}", exact=True).wait_for()
        first = page.get_by_text("Question 1", exact=True)
        while not first.count():
            page.get_by_test_id("scroller").evaluate("e => e.scrollTo(0, 0)")
            page.wait_for_timeout(100)
    return found


@contextmanager
def _engine(script: Script) -> Iterator[str]:
    server = Server(0, Book({MODEL: script}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.url
    server.shutdown()
    server.server_close()


@contextmanager
def _browser(address: str) -> Iterator[tuple[BrowserContext, str]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--headless=shell", "--no-sandbox", "--disable-gpu"])
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800}, locale="en")
        email = f"{uuid4().hex}@bench.example"
        context.request.post("/api/auth/signup", data={"email": email, "password": "a long enough password", "name": "Ada"})
        yield context, email
        browser.close()
