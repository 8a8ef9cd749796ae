"""Fit for everybody: accessibility, weight, the content policy, long conversations."""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import WEB, watch
from tests.e2e.person import Person

FIRST_LOAD_BYTES = 200_000


def complaints(page: Page) -> list[str]:
    """What axe finds on the page as it is."""
    page.evaluate((WEB / "node_modules/axe-core/axe.min.js").read_text() + ";0")
    found: dict[str, Any] = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    return [f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:300]}" for each in found["violations"] for node in each["nodes"]]


@pytest.fixture(params=["light", "dark"])
def colours(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_axe_finds_nothing_before_one_is_signed_in(
    open_context: Callable[..., BrowserContext], faults: list[str], size: str, colours: str
) -> None:
    page = watch(open_context(size, color_scheme=colours).new_page(), faults)
    for path in ("/login", "/signup"):
        page.goto(path)
        page.get_by_label("Password").wait_for()
        assert complaints(page) == []


def test_axe_finds_nothing_on_the_page_and_what_lies_over_it(sign_up: Callable[..., Person], size: str, colours: str) -> None:
    ada = sign_up(size, color_scheme=colours)
    page = ada.page
    assert complaints(page) == []
    ada.ask_and_wait("Say something with code")
    page.locator("figure.code pre span").first.wait_for()
    assert complaints(page) == []
    for name in ("Settings of the conversation", "demo", "More"):
        page.get_by_role("button", name=name, exact=name == "More").first.click()
        expect(page.get_by_role("menu" if name == "More" else "dialog")).to_be_visible()
        assert complaints(page) == [], name
        page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.get_by_role("option").first.wait_for()
    assert complaints(page) == []
    page.keyboard.press("Escape")
    if ada.phone:
        ada.sidebar()
        assert complaints(page) == []
        page.keyboard.press("Escape")
    page.goto("/account")
    page.get_by_label("Theme").wait_for()
    assert complaints(page) == []


# When there was a form to write in; what the page fetches ahead of its need comes after that.
_SEE = """new MutationObserver((_, observer) => {
    if (!document.querySelector("form")) return;
    window.seen = performance.now();
    observer.disconnect();
}).observe(document, { childList: true, subtree: true })"""
_LOADED = """performance.getEntriesByType("resource")
    .filter((each) => new URL(each.name).pathname.endsWith(".js") && each.startTime <= window.seen).map((each) => each.name)"""


def test_the_first_load_is_light(sign_up: Callable[..., Person], open_context: Callable[..., BrowserContext]) -> None:
    for name, page, path in (("sign in", open_context().new_page(), "/login"), ("chat", sign_up().page, "/")):
        page.add_init_script(_SEE)
        page.goto(path)
        page.locator("form").wait_for()
        found = set(page.evaluate(_LOADED))

        weight = sum(len(gzip.compress((WEB / "out" / url.split("/", 3)[3]).read_bytes())) for url in found)

        print(f"first load of {name}: {weight / 1000:.0f} kB of script in {len(found)} files, gzipped")
        assert 100_000 < weight <= FIRST_LOAD_BYTES, name


_ASKED = r"""() => {
    const [page] = performance.getEntriesByType("navigation");
    return performance.getEntriesByType("resource").filter((each) => /auth\/me|conversations\/[^/]+(\/messages)?(\?|$)/.test(each.name))
        .map((each) => [new URL(each.name).pathname, each.startTime <= page.domInteractive]);
}"""


def test_a_conversation_is_asked_for_before_any_script_has_run_and_only_once(sign_up: Callable[..., Person]) -> None:
    ada = sign_up()
    ada.ask_and_wait("count to 2")
    ada.page.reload()
    expect(ada.answers).to_contain_text("1 2")

    asked = ada.page.evaluate(_ASKED)

    here = f"/api/conversations/{ada.page.url.rpartition('/')[2]}"
    assert sorted(asked) == sorted([["/api/auth/me", True], [here, True], [f"{here}/messages", True]])


def test_scripts_run_only_from_files_and_known_hashes(open_context: Callable[..., BrowserContext]) -> None:
    header = open_context().request.get("/").headers["content-security-policy"]
    scripts = next(rule for rule in header.split("; ") if rule.startswith("script-src"))
    assert re.fullmatch(r"script-src 'self'( 'sha256-[\w+/]{43}=')+", scripts)
    assert "frame-ancestors 'none'" in header
    meta = re.search(r'Content-Security-Policy" content="([^"]+)"', Path(WEB / "out/index.html").read_text())
    assert meta
    assert "unsafe-inline" not in meta[1].partition("script-src")[2].partition(";")[0]
    assert json.loads((WEB / "out/csp.json").read_text()).keys() == {"header"}
