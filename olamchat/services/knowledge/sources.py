"""The sources of an answer: what its steps brought from the web and from documents, numbered as the model is told and as readers see them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from olamchat.tokenlog.events import encoded_length

# Bytes that a step's sources may take in an event.
MOST_BYTES = 5_000
# The scheme of what stands for a passage of a document.
_PASSAGE = "document:"


def of(result: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """Return the sources in a result, {url, title} each, as many as an event has room for."""
    found: list[dict[str, str]] = []
    left = MOST_BYTES
    for part in (result or {}).get("content", ()):
        if part.get("type") != "source":
            continue
        left -= encoded_length(part["url"]) + encoded_length(part["title"]) + 30
        if left < 0:
            break
        found.append({"url": part["url"], "title": part["title"]})
    return found


def passage(document_id: UUID | str, chunk: int) -> str:
    """Return what a passage is known by among an answer's sources."""
    return f"{_PASSAGE}{document_id}#{chunk}"


def is_passage(source: Mapping[str, Any]) -> bool:
    """Tell whether a source is a passage of a document, not a place of the web."""
    return str(source["url"]).startswith(_PASSAGE)


def numbers(steps: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return each address's number."""
    return {source["url"]: number for number, source in numbered(steps)}


def numbered(steps: Sequence[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, str]]]:
    """Return the sources of an answer with their numbers, each address once.

    They count on from the passages of documents that the answer was given, in the order of its steps: what comes later never changes a number.
    """
    found: dict[str, Mapping[str, str]] = {}
    for step in steps:
        for source in step["sources"]:
            found.setdefault(source["url"], source)
    return list(enumerate(found.values(), start=1 + (steps[0]["passages"] if steps else 0)))
