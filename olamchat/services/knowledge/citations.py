"""What answers cite of documents: passages that stood before the question, and those that steps have found. Both are numbered alike."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from olamchat.db.knowledge import passages as statements
from olamchat.db.rows import Row
from olamchat.services.knowledge import shape, sources


def with_citations(rows: Sequence[Row]) -> list[Row]:
    """Return messages' rows with what they cite. Within a connection; raises peewee's errors."""
    answers = [row for row in rows if row["role"] == "assistant"]
    found = _of([row["id"] for row in answers], [row["id"] for row in answers if _may_have_searched(row)])
    return [{**row, "citations": [shape.citation(each) for each in found.get(row["id"], ())]} for row in rows]


def whole(message_id: UUID, number: int) -> dict[str, Any] | None:
    """Return a citation with all of its text, None where there is none. Within a connection."""
    found = next((row for row in _of([message_id], [message_id]).get(message_id, ()) if row["number"] == number), None)
    return shape.whole_citation(found) if found else None


def _may_have_searched(row: Row) -> bool:
    """Tell whether an answer has looked in documents, as far as its row says what steps it took."""
    return "steps" not in row or any(step["server"] == "documents" for step in row["steps"])


def _of(ids: Sequence[UUID], searching: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """Return the passages of each answer, in the order of their numbers; those found by steps of the answers that are `searching` alone."""
    found: dict[UUID, list[Row]] = {}
    for row in statements.cited(ids) if ids else ():
        found.setdefault(row["message_id"], []).append(row)
    for id_, steps in groupby(statements.searches(searching) if searching else (), key=lambda step: step["message_id"]):
        found.setdefault(id_, []).extend(_brought(list(steps)))
    return found


def _brought(steps: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return the passages that the steps of one answer have found."""
    parts = [part for step in steps for part in (step["result"] or {}).get("content", ()) if "passage" in part]
    known = {part["url"]: {**part["passage"], "text": part["text"]} for part in reversed(parts)}
    numbered = sources.numbers(steps)
    return [{**known[url], "number": number} for url, number in numbered.items() if url in known]
