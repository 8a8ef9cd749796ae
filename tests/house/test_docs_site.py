"""The docs site is built strictly: every page has its place, every link and anchor leads somewhere."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import docs_site

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "REPOSITORY": "https://example.org/blob/main"}
    told = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-d", folder], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return folder


def test_every_page_is_there_and_can_be_searched(site: Path) -> None:
    pages = {file.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for file in (ROOT / "docs").rglob("*.md")}
    made = {*pages, "index.html", "routes.html", "chart.html", "changelog.html"}

    assert {file.relative_to(site).as_posix() for file in site.rglob("*.html")} == {*made, "404.html"}
    found = {entry["location"].partition("#")[0] for entry in json.loads((site / "search/search_index.json").read_text())["docs"]}
    assert found == made


def test_links_out_of_the_docs_lead_to_the_repository(site: Path) -> None:
    page = (site / "architecture.html").read_text()

    assert 'href="https://example.org/blob/main/functions"' in page
    assert 'href="../' not in page


def test_the_readme_s_links_lead_to_pages(site: Path) -> None:
    page = (site / "index.html").read_text()

    assert 'href="reliability.html"' in page
    assert 'src="images/killed.webp"' in page


def test_every_route_of_the_api_is_listed(site: Path) -> None:
    page = (site / "routes.html").read_text()

    assert "<code>/api/conversations/{conversation_id}/messages</code>" in page
    assert len(re.findall(r"<tr>\n<td>", page)) > 60


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    """Whoever reads the docs in a closed network sees them whole."""
    fetched = re.compile(r'<(?:script|link|img)[^>]+(?:src|href)="(https?://[^"]+)"')

    assert {url for file in site.rglob("*.html") for url in fetched.findall(file.read_text())} == set()


def test_code_keeps_what_looks_like_a_link() -> None:
    pieces = list(docs_site._by_fence("a [b](../c)\n```\n[d](../e)\n```\n[f](../g)"))

    assert [code for code, _ in pieces] == [False, True, False]
    assert "[d](../e)" in pieces[1][1]
