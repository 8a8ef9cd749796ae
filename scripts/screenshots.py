"""Take the pictures of the page that README and docs show: `make screenshots` starts a house, asks the demo engine, and writes docs/images."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import free_port
from tests.e2e import house
from tests.e2e.person import Person
from tests.e2e.unpacked import chromium

IMAGES = house.ROOT / "docs" / "images"
QUESTIONS = ("Plan a week of simple dinners", "Why is the sky blue?", "Explain how a hash table works")
# Name of the picture: width, height, colours, and whether it is taken while the answer is still written.
PICTURES = {
    "chat-light": (1280, 800, "light", False),
    "chat-dark": (1280, 800, "dark", True),
    "chat-phone": (390, 844, "light", False),
}


def main() -> None:
    """Write every picture anew."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    no_engines = {"OLLAMA_URL": "", "VLLM_URL": "", "OPENAI_BASE_URL": ""}
    with (
        tempfile.TemporaryDirectory() as folder,
        house.up(Path(folder) / "data", free_port(), **no_engines) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--headless=shell", "--no-sandbox", "--disable-gpu"])
        for name in PICTURES:
            _take(browser, address, name)
        browser.close()


def _take(browser: Browser, address: str, name: str) -> None:
    width, height, colours, writing = PICTURES[name]
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme=colours,  # type: ignore[arg-type]
        device_scale_factor=2 if width < 600 else 1,
        locale="en",
    )
    context.request.post("/api/auth/signup", data={"email": f"{name}@example.org", "password": "correct horse", "name": "Ada"})
    person = Person(context.new_page(), f"{name}@example.org", phone=width < 600)
    for question in QUESTIONS:
        person.page.goto("/")
        person.ask_and_wait(question)
    if writing:
        person.ask("count to 400")
        person.page.get_by_text("10 11 12").wait_for()
    person.page.mouse.move(0, 0)
    person.page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png")
    context.close()


if __name__ == "__main__":
    main()
