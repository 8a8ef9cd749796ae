"""Take the README's moving picture, docs/images/killed.webp: a real answer on the real page, whose worker is killed by SIGKILL halfway.

`make screenshots` runs it. Nothing is acted: the house is the one of `make up`, and the frames keep the time at which they were taken.
"""

import html
import io
import itertools
import json
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from scripts.screenshots import IMAGES
from tests.conftest import free_port
from tests.e2e import house
from tests.e2e.person import Person, counted, text_of
from tests.e2e.unpacked import chromium

WIDTH, PAGE_HEIGHT, STRIP_HEIGHT = 960, 540, 84
FRAME_S, HOLD_S = 0.12, 3.0
COUNT_TO, KILL_AT = 120, 45
QUESTION = f"Count to {COUNT_TO}"
STRIP = """<body style="margin:0;background:#16181d;color:#e6e6e6;font:16px/28px 'DejaVu Sans Mono',monospace;padding:14px 20px;white-space:pre">%s</body>"""


@dataclass
class Film:
    """The frames so far, each with the second at which it was taken."""

    page: Page
    strip: Page
    frames: list[tuple[float, Image.Image]] = field(default_factory=list)

    def say(self, *lines: str) -> None:
        """Write what happens to the processes under the page."""
        self.strip.set_content(STRIP % html.escape("\n".join(lines)))

    def take(self) -> None:
        """Add a frame: the page, and under it the strip."""
        began = time.monotonic()
        frame = Image.new("RGB", (WIDTH, PAGE_HEIGHT + STRIP_HEIGHT))
        frame.paste(_picture(self.page), (0, 0))
        frame.paste(_picture(self.strip), (0, PAGE_HEIGHT))
        self.frames.append((began, frame))

    def write(self, path: Path) -> None:
        """Write the film; each frame lasts until the next one was taken, the last one `HOLD_S`."""
        begins = [at for at, _ in self.frames]
        lasts = [round(1000 * (later - at)) for at, later in itertools.pairwise(begins)]
        first, *rest = [picture for _, picture in self.frames]
        first.save(
            path,
            save_all=True,
            append_images=rest,
            duration=[*lasts, round(1000 * HOLD_S)],
            loop=0,
            quality=60,
            method=6,
            minimize_size=True,
        )


def main() -> None:
    """Write the moving picture anew."""
    with (
        tempfile.TemporaryDirectory() as folder,
        house.up(Path(folder) / "data", free_port(), OLLAMA_URL="", VLLM_URL="", OPENAI_BASE_URL="") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--headless=shell", "--no-sandbox", "--disable-gpu"])
        film = Film(_signed_in(browser, address), browser.new_page(viewport={"width": WIDTH, "height": STRIP_HEIGHT}))
        _play(film, Path(folder) / "data")
        browser.close()
    film.write(IMAGES / "killed.webp")
    print("docs/images/killed.webp")


def _signed_in(browser: Browser, address: str) -> Page:
    context = browser.new_context(base_url=address, viewport={"width": WIDTH, "height": PAGE_HEIGHT}, locale="en")
    context.request.post("/api/auth/signup", data={"email": "ada@example.org", "password": "correct horse", "name": "Ada"})
    page = context.new_page()
    for question in ("Plan a week of simple dinners", "Why is the sky blue?"):
        page.goto("/")
        Person(page, "ada@example.org").ask_and_wait(question)
    page.goto("/")
    return page


def _play(film: Film, data: Path) -> None:
    """Ask, kill the worker halfway, and see the answer end. Raises AssertionError if a number is missing or came twice."""
    person, worker = Person(film.page, "ada@example.org"), _worker(data)
    killed = f"$ kill -9 {worker}"
    film.say(f"worker {worker} is writing the answer")
    answer, gone = person.ask(QUESTION), False
    for said in _frames(film, answer):
        if gone and (now := _worker(data)) != worker:
            film.say(killed, f"worker {now} takes over")
        elif said >= KILL_AT and not gone:
            os.kill(worker, signal.SIGKILL)
            gone = True
            film.say(killed, "the worker is gone")
    assert text_of(answer) == counted(COUNT_TO)
    film.say(killed, "the answer is complete: no number is missing, none came twice")
    film.page.mouse.move(0, 0)
    film.take()


def _frames(film: Film, answer: Locator) -> Iterator[int]:
    """Take frames until the answer has ended; yield after each how far it counted."""
    while answer.get_attribute("data-status") != "done":
        began = time.monotonic()
        film.take()
        yield _counted(answer)
        time.sleep(max(0.0, FRAME_S - (time.monotonic() - began)))


def _counted(answer: Locator) -> int:
    words = answer.locator(".markdown").last.inner_text().split() if answer.locator(".markdown").count() else []
    return int(words[-1].strip(".")) if words and words[-1].strip(".").isdigit() else 0


def _worker(data: Path) -> int:
    return int(json.loads((data / "house.json").read_text())["pids"]["worker"])


def _picture(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


if __name__ == "__main__":
    main()
