"""What every search engine's answer becomes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from worker.steps.builtin import fetching
from worker.steps.builtin.refusals import NotDone

MOST = 8
TITLE_LENGTH, TEXT_LENGTH = 200, 1_000


@dataclass(frozen=True, kw_only=True)
class Found:
    """One place that an engine found."""

    url: str
    title: str
    text: str


def places(told: Iterable[Mapping[str, Any]], *, url: str, text: str) -> list[Found]:
    """Return the first results in their order, each place once; what is no web page is left out."""
    found: dict[str, Found] = {}
    for one in told:
        place = _address(one.get(url))
        if place and place not in found:
            title = plain(one.get("title"))[:TITLE_LENGTH] or place
            found[place] = Found(url=place, title=title, text=plain(one.get(text))[:TEXT_LENGTH])
        if len(found) == MOST:
            break
    return list(found.values())


def plain(value: object) -> str:
    """Return a title or an excerpt as plain text in one line; some engines mark in it what was looked for."""
    text = unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", value)) if isinstance(value, str) else ""
    return " ".join(text.replace("\x00", "").encode("utf-8", "replace").decode().split())


def _address(value: object) -> str:
    try:
        return str(fetching.address(value)) if isinstance(value, str) else ""
    except NotDone:
        return ""
