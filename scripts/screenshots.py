"""Take the pictures of the page that README, docs and the app's manifest show, and draw its icons as PNG.

`make screenshots` starts a house, asks the demo engine, and writes docs/images and web/public/images.
"""

import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import free_port
from tests.e2e import house
from tests.e2e.person import Person
from tests.e2e.unpacked import chromium

IMAGES = house.ROOT / "docs" / "images"
PUBLIC = house.ROOT / "web" / "public"
QUESTIONS = ("Plan a week of simple dinners", "Why is the sky blue?", "Explain how a hash table works")
# Name of the picture: width, height, colours, and whether it is taken while the answer is still written.
PICTURES = {
    "chat-light": (1280, 800, "light", False),
    "chat-dark": (1280, 800, "dark", True),
    "chat-phone": (390, 844, "light", False),
}
# What an app's installation shows: the file, and the picture it is made of.
SHOWN = {"desktop": "chat-light", "phone": "chat-phone"}
# The PNG of an icon: the drawing, and how many pixels wide.
ICONS = {
    "icon-180": ("icon-maskable", 180),
    "icon-192": ("icon", 192),
    "icon-512": ("icon", 512),
    "icon-maskable-512": ("icon-maskable", 512),
}


def main() -> None:
    """Write every picture again."""
    for pictures in (IMAGES, PUBLIC / "images"):
        pictures.mkdir(parents=True, exist_ok=True)
    no_engines = {"OLLAMA_URL": "", "VLLM_URL": "", "OPENAI_BASE_URL": ""}
    with (
        tempfile.TemporaryDirectory() as folder,
        house.up(Path(folder) / "data", free_port(), **no_engines) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--headless=shell", "--no-sandbox", "--disable-gpu"])
        for name in PICTURES:
            _take(browser, address, name)
        for name in ICONS:
            _draw(browser, name)
        browser.close()
    for name, picture in SHOWN.items():
        Image.open(IMAGES / f"{picture}.png").save(PUBLIC / "images" / f"{name}.webp", quality=82, method=6)


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


def _draw(browser: Browser, name: str) -> None:
    drawing, width = ICONS[name]
    page = browser.new_page(viewport={"width": width, "height": width})
    svg = (PUBLIC / f"{drawing}.svg").read_text().replace("<svg ", f"<svg style='display:block' width='{width}' height='{width}' ", 1)
    page.set_content(f"<body style='margin:0'>{svg}")
    page.screenshot(path=PUBLIC / "images" / f"{name}.png", omit_background=True)
    page.close()


if __name__ == "__main__":
    main()
