"""Fit for everybody: accessibility, weight, the content policy, long conversations."""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import WEB, watch
from tests.e2e.person import Person

FIRST_LOAD_BYTES = 185_000
# A conversation needs the reader of Markdown besides.
WITH_MARKDOWN_BYTES = 210_000


def complaints(page: Page) -> list[str]:
    """What axe finds on the page as it is, once it has loaded."""
    expect(page.locator("main[aria-busy]")).to_have_count(0)
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
    for name, role in (("Chat settings", "dialog"), ("demo", "listbox"), ("More", "menu")):
        page.get_by_role("button", name=name, exact=name == "More").first.click()
        expect(page.get_by_role(role)).to_be_visible()  # type: ignore[arg-type]
        assert complaints(page) == [], name
        page.keyboard.press("Escape")
        expect(page.get_by_role(role)).to_have_count(0)  # type: ignore[arg-type]
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


def needed(markdown: bool, inside: bool) -> set[str]:
    """The scripts that the built page names for a route: what its HTML loads, and what its first script asks for who is signed in."""
    html = (WEB / "out/index.html").read_text()
    found = re.findall(r'<script src="/_next/(static/[^"]+)" (?:async|defer)', html)
    parts = re.search(r'\("(static/[^"]+)"\+\(c\?" (static/[^"]+)"', html)
    assert parts
    return {*found, *(parts[1].split() if inside else ()), *(parts[2].split() if markdown else ())}


@pytest.mark.parametrize("path", ["/login", "/", "a conversation"])
def test_the_first_load_is_light_and_enough(
    sign_up: Callable[..., Person], open_context: Callable[..., BrowserContext], faults: list[str], path: str
) -> None:
    scripts = needed(inside=path != "/login", markdown=path == "a conversation")
    weight = sum(len(gzip.compress((WEB / "out/_next" / name).read_bytes())) for name in scripts)
    person = Person(open_context().new_page(), "") if path == "/login" else sign_up()
    if path == "a conversation":
        person.ask_and_wait("count to 2")
        path = urlsplit(person.page.url).path
    # With no other script the page has to stand all the same.
    person.page.route(
        re.compile(r"\.js$"), lambda route: route.continue_() if route.request.url.split("/_next/")[-1] in scripts else route.abort()
    )
    person.page.goto(path)
    person.page.get_by_label("Password").or_(person.box).wait_for()
    if path.startswith("/c/"):
        expect(person.answers.locator(".markdown")).to_contain_text("1 2")
    faults.clear()  # the scripts that were kept from it

    print(f"first load of {path}: {weight / 1000:.0f} kB of script in {len(scripts)} files, gzipped")
    assert 100_000 < weight <= (WITH_MARKDOWN_BYTES if path.startswith("/c/") else FIRST_LOAD_BYTES)


FONTS_BYTES = 105_000


def test_the_page_is_shown_in_its_own_two_fonts(sign_up: Callable[..., Person]) -> None:
    page = sign_up().page
    page.reload()
    page.get_by_label("Your message").wait_for()
    page.evaluate("document.fonts.ready")

    shown = page.evaluate("[...document.fonts].filter((face) => face.status === 'loaded').map((face) => face.family.replaceAll('\"', ''))")
    fetched = page.evaluate(
        "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.woff2')).map(({ name }) => name)"
    )

    assert sorted(shown) == ["Inter Variable", "Source Serif 4 Variable"]
    assert sum((WEB / "out" / urlsplit(each).path.removeprefix("/")).stat().st_size for each in set(fetched)) <= FONTS_BYTES


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


def test_nothing_is_cut_off_at_double_zoom(ada: Person) -> None:
    ada.page.set_viewport_size({"width": 640, "height": 400})
    ada.page.reload()
    expect(ada.page.get_by_role("heading", name="What's on your mind, Ada?")).to_be_in_viewport(ratio=1)
    answer = ada.ask_and_wait("count to 300")
    answer.get_by_role("button", name="More", exact=True).click()
    ada.choose("Show details")
    expect(answer.get_by_text("tokens written")).to_be_in_viewport(ratio=1)
