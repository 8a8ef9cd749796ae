"""What MkDocs is told beyond mkdocs.yml: pages that are made of other files, and where links out of docs/ lead.

README, changelog and the chart's README become pages, and the table of routes is made of the OpenAPI document, so that none of them is
written twice. A link to a file that is no page leads to the repository where REPOSITORY names it (`https://…/blob/main`), else it is only text.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
# Files that are pages of the site, by their path in the repository.
PAGES = {"README.md": "index.md", "CHANGELOG.md": "changelog.md", "charts/olamchat/README.md": "chart.md"}
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made of other files."""
    for source, name in PAGES.items():
        files.append(File.generated(config, name, content=_rewritten((ROOT / source).read_text(), source, files)))
    files.append(File.generated(config, "routes.md", content=routes()))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links out of docs/ into links to the repository."""
    del config
    if page.file.src_uri in {*PAGES.values(), "routes.md"}:
        return markdown
    return _rewritten(markdown, f"docs/{page.file.src_uri}", files)


def _rewritten(markdown: str, source: str, files: Files) -> str:
    """Return a file's text as a page of the site."""
    here = PAGES.get(source, source.removeprefix("docs/"))

    def led(found: re.Match[str]) -> str:
        mark, words, target = found.groups()
        if re.match(r"[a-z]+:|#", target):
            return found[0]
        path, _, anchor = target.partition("#")
        place = normpath(PurePosixPath(source).parent / path)
        inside = PAGES.get(place) or place.removeprefix("docs/") if place in PAGES or place.startswith("docs/") else None
        if inside and (inside in PAGES.values() or files.get_file_from_path(inside)):
            up = "../" * here.count("/")
            return f"{mark}[{words}]({up}{inside}{'#' + anchor if anchor else ''})"
        repository = os.environ.get("REPOSITORY", "")
        return f"[{words}]({repository}/{place})" if repository else words

    return "".join(part if code else _LINK.sub(led, part) for code, part in _by_fence(markdown))


def _by_fence(markdown: str) -> Iterator[tuple[bool, str]]:
    """Yield the text in pieces, each with whether it is a block of code, which has no links."""
    for at, piece in enumerate(re.split(r"(?m)^(```.*?^```[^\n]*\n?)", markdown, flags=re.DOTALL)):
        yield at % 2 == 1, piece


def routes() -> str:
    """Return a table of every route, from the OpenAPI document."""
    from functions.app import create_app
    from functions.openapi_document import document
    from functions.routes import FUNCTIONS

    lines = ["# Every route", "", "From the OpenAPI document, which a running house serves at `/api/openapi.json`.", ""]
    tags: dict[str, list[str]] = {}
    for path, methods in document(create_app(FUNCTIONS))["paths"].items():
        for method, operation in methods.items():
            tags.setdefault(_tag(operation), []).append(_row(method, path, operation))
    for tag, rows in sorted(tags.items()):
        lines += [f"## {tag}", "", "| | | |", "| --- | --- | --- |", *rows, ""]
    return "\n".join(lines)


def _tag(operation: dict[str, Any]) -> str:
    return str(operation["tags"][0])


def _row(method: str, path: str, operation: dict[str, Any]) -> str:
    return f"| {method.upper()} | `{path}` | {str(operation['summary']).replace('|', '&#124;')} |"
