"""The page as an app: it can be installed, is there without a network, and keeps nothing of a person who has gone."""

import io
import json
from collections.abc import Callable
from urllib.parse import urljoin

from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ARTIFACTS
from tests.e2e.person import Person, counted

SHELL_FILES = """caches.keys()
  .then((names) => caches.open(names.find((name) => name.startsWith("olamchat-shell-"))))
  .then((shell) => shell.keys())
  .then((keys) => keys.length > 8)"""


def holds(page: Page, script: str) -> None:
    """Wait until a script says yes; the page's policy forbids what Playwright would do."""
    for _ in range(200):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"not in 20 s: {script}")


def ready(page: Page) -> None:
    """Wait until the service worker has the page."""
    holds(page, "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)")
    holds(page, SHELL_FILES)


def has_read(page: Page) -> None:
    holds(page, "caches.open('olamchat-read').then((read) => read.keys()).then((keys) => keys.length > 3)")


def kept(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "caches.open('olamchat-read').then((read) => read.keys()).then((keys) => keys.map((key) => new URL(key.url).pathname))"
    )
    return found


def test_what_was_read_can_be_read_without_a_network(sign_up: Callable[..., Person], faults: list[str], size: str) -> None:
    ada = sign_up(size, service_workers="allow")
    ready(ada.page)
    ada.ask_and_wait("count to 5")
    there = ada.page.url
    ada.page.reload()
    expect(ada.answers).to_contain_text(counted(5))
    expect(ada.sidebar().get_by_role("link", name="count to 5")).to_be_visible()
    has_read(ada.page)

    ada.page.context.set_offline(True)
    ada.page.goto("/")
    ada.page.goto(there)

    expect(ada.answers).to_contain_text(counted(5))
    expect(ada.page.get_by_text("You're offline.")).to_be_visible()
    expect(ada.sidebar().get_by_role("link", name="count to 5")).to_be_visible()
    ada.page.context.set_offline(False)
    faults.clear()


def test_signing_out_forgets_what_was_read(sign_up: Callable[..., Person], faults: list[str]) -> None:
    ada = sign_up(service_workers="allow")
    ready(ada.page)
    ada.ask_and_wait("count to 5")
    ada.page.reload()
    expect(ada.answers).to_contain_text(counted(5))
    has_read(ada.page)

    ada.page.get_by_role("button", name="Ada", exact=False).last.click()
    ada.choose("Sign out")
    ada.page.get_by_label("Password").wait_for()

    assert [path for path in kept(ada.page) if path.startswith("/api/conversations")] == []
    faults.clear()


def test_streams_and_searches_are_never_kept(sign_up: Callable[..., Person]) -> None:
    ada = sign_up(service_workers="allow")
    ready(ada.page)
    ada.ask_and_wait("count to 5")
    ada.page.keyboard.press("Control+k")
    ada.page.get_by_role("combobox").fill("count")
    ada.page.get_by_role("option").first.wait_for()
    ada.page.wait_for_timeout(500)
    assert not [path for path in kept(ada.page) if "stream" in path or "events" in path]
    queries = ada.page.evaluate("caches.open('olamchat-read').then((read) => read.keys()).then((keys) => keys.map((key) => key.url))")
    assert not [url for url in queries if "q=" in url]


def test_it_can_be_installed(sign_up: Callable[..., Person], address: str) -> None:
    ada = sign_up(service_workers="allow")
    ready(ada.page)
    link = ada.page.locator("link[rel=manifest]").get_attribute("href")
    manifest = json.loads(ada.page.request.get(urljoin(address, link or "")).text())
    assert (manifest["display"], manifest["start_url"], manifest["name"]) == ("standalone", "/", "olamchat")
    for shown in (*manifest["icons"], *manifest["screenshots"]):
        response = ada.page.request.get(shown["src"])
        assert response.ok
        assert response.headers["content-type"].split(";")[0] == shown["type"]
        if shown["sizes"] != "any":
            assert Image.open(io.BytesIO(response.body())).size == tuple(int(side) for side in shown["sizes"].split("x"))
    session = ada.page.context.new_cdp_session(ada.page)
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []


def test_a_newer_version_is_offered_and_changed_to(sign_up: Callable[..., Person], size: str) -> None:
    ada = sign_up(size, service_workers="allow")
    ready(ada.page)
    ada.box.fill("a draft")

    ada.page.evaluate("navigator.serviceWorker.register('/sw.js?newer').then(() => null)")

    expect(ada.page.get_by_text("A new version is available.")).to_be_visible()
    ada.page.screenshot(path=ARTIFACTS / f"update-{size}.png")
    with ada.page.expect_navigation():
        ada.page.get_by_role("button", name="Reload").click()
    holds(ada.page, "navigator.serviceWorker.controller.scriptURL.endsWith('newer')")
    expect(ada.box).to_have_value("a draft")
