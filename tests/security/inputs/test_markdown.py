"""What a model or another person wrote, in a real browser, by the page's own component: nothing of it runs, nothing of it leads where it must not."""

import os
import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import WEB, chromium
from tests.in_a_thread import in_a_thread
from tests.security.hostile import ADDRESSES, AROUND_ADDRESSES, AROUND_TAGS, TAGS, all_texts
from tests.security.oidc import node_binary
from tests.security.report import Matrix

EACH = int(os.environ.get("SECURITY_CASES", "20")) * 5
SHOW = "([texts, growing]) => texts.map((text) => [text, window.show(text, growing)]).filter(([, found]) => found.length > 0)"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page's Markdown, built alone, on a server of its own."""
    folder = tmp_path_factory.mktemp("markdown")
    config = Path(__file__).parents[1] / "markdown" / "vite.config.mjs"
    command = [str(node_binary()), "node_modules/vite/bin/vite.js", "build", "--config", str(config), "--outDir", str(folder)]
    subprocess.run(command, cwd=WEB, check=True, timeout=300)
    with in_a_thread(ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))) as server:
        yield f"http://127.0.0.1:{server.server_port}/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium for this file: a package's fixture that is imported would live until the end of all tests."""
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context()
    found = context.new_page()
    found.goto(address)
    found.evaluate("() => window.ready")
    yield found
    context.close()


def tampered(page: Page, texts: list[str]) -> list[Any]:
    """Return what could run of these texts, whole and while they grow, and what has run."""
    found = [each for growing in (False, True) for each in page.evaluate(SHOW, [texts, growing])]
    return [*found, *page.evaluate("() => window.ran")]


def test_the_test_sees_what_would_run(page: Page) -> None:
    seen = page.evaluate(
        """() => {
            window.show("x", false);
            const box = document.createElement("div");
            box.innerHTML = '<a href="javascript:1">x</a><img src=x onerror="alert(1)"><iframe></iframe>';
            document.querySelector("#root .markdown").append(box);
            return window.tamperings(document.getElementById("root"));
        }"""
    )

    assert seen == ["<iframe>", "a href=javascript:1", "img src=x", "img onerror"]
    page.wait_for_function("() => window.ran.length > 0")
    page.evaluate("() => { window.ran = []; }")


def test_no_known_attack_runs_in_any_place(page: Page, matrix: Matrix) -> None:
    texts = all_texts()

    assert tampered(page, texts) == []

    matrix.count("hostile texts rendered", 2 * len(texts))


_piece = st.one_of(
    st.sampled_from([*ADDRESSES, *TAGS]),
    st.sampled_from(
        [
            "[",
            "](",
            ")",
            "<",
            ">",
            "![",
            "`",
            "```",
            "$",
            "$$",
            "|",
            "\n",
            "\n\n",
            "**",
            "&#",
            ";",
            "\\",
            '"',
            "'",
            " ",
            "- ",
            "# ",
            "http:",
            "javascript:",
        ]
    ),
    st.text(max_size=12),
)
_text = st.one_of(
    st.lists(_piece, max_size=14).map("".join),
    st.tuples(st.sampled_from([*AROUND_ADDRESSES, *AROUND_TAGS]), st.lists(_piece, max_size=6).map("".join)).map(
        lambda pair: pair[0].replace("{0}", pair[1])
    ),
)


def test_nothing_that_chance_makes_of_them_runs(page: Page, matrix: Matrix) -> None:
    @settings(max_examples=EACH, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(texts=st.lists(_text, min_size=10, max_size=10))
    def attack(texts: list[str]) -> None:
        sendable = [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in texts]
        matrix.count("hostile texts rendered", 2 * len(sendable))
        assert tampered(page, sendable) == []

    attack()
