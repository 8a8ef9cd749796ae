"""Steps as the API and the events show them: what fits a frame. The whole of one is fetched by itself."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from olamchat.db.acting import steps
from olamchat.db.rows import Row
from olamchat.services.knowledge import sources
from olamchat.services.serialize import time
from olamchat.tokenlog.events import encoded_length

# Bytes that arguments and preview may take in an event; the rest of it is names.
ARGUMENTS_BYTES = PREVIEW_BYTES = 4_000
NAME_LENGTH = 200


def with_steps(rows: Sequence[Row]) -> list[Row]:
    """Return messages' rows with the steps of those that have any. Within a connection; raises peewee's errors."""
    found = steps.briefly([row["id"] for row in rows if row["role"] == "assistant"])
    return [{**row, "steps": [brief(step) for step in found.get(row["id"], ())]} for row in rows]


def brief(row: Row) -> dict[str, Any]:
    """Return a step as messages and events have it."""
    return {
        "number": row["number"],
        "state": row["state"],
        "attempt": row["attempt"],
        "revision": row["revision"],
        "server": row["server"],
        "tool": (row["tool"] or row["name"])[:NAME_LENGTH],
        "title": row["title"][:NAME_LENGTH],
        "effect": row["effect"],
        "outside": row["outside"],
        "arguments": fitting(row["arguments"], ARGUMENTS_BYTES),
        "preview": row["preview"],
        "sources": row["sources"],
        "passages": row["passages"],
        "error": row["error"] and {name: row["error"][name] for name in ("code", "message")},
        "decision": row["decision"],
        "question": row["question"]["ask"] if asks(row) and "ask" in (row["question"] or {}) else None,
        "at": row["at"],
        "reasoning_at": row["reasoning_at"],
        "progress": row.get("progress"),
        "created_at": time(row["created_at"]),
        "started_at": time(row["started_at"]),
        "finished_at": time(row["finished_at"]),
    }


def asks(row: Row) -> bool:
    """Tell whether a step waits for its person's word."""
    return row["state"] in {"proposed", "unknown"} or (row["state"] == "running" and "ask" in (row["question"] or {}))


def whole(row: Row) -> dict[str, Any]:
    """Return a step with all of its arguments and its result."""
    return {**brief(row), "arguments": row["arguments"], "note": row["note"], "result": row["result"]}


def text_of(result: Mapping[str, Any] | None, numbers: Mapping[str, int] | None = None) -> str:
    """Return what of a result is text; what was structured alone, as JSON. Sources come with their numbers, where these are known."""
    if result is None:
        return ""
    said = "\n\n".join(_words(part, numbers or {}) for part in result.get("content", ()) if part.get("type") in {"text", "source"})
    return said or (json.dumps(result["structured"], ensure_ascii=False) if result.get("structured") is not None else "")


def _words(part: Mapping[str, Any], numbers: Mapping[str, int]) -> str:
    if part["type"] == "text":
        return str(part["text"])
    number = f"[{numbers[part['url']]}] " if part["url"] in numbers else ""
    place = part["title"] if sources.is_passage(part) else f"{part['title']}\n{part['url']}"
    return f"{number}{place}\n{part['text']}"


def fitting(text: str, most: int) -> str:
    """Return as much of the text's beginning as takes at most so many bytes in an event, with an ellipsis where it goes on."""
    piece = text[:most]
    while (taken := encoded_length(piece)) > most:
        piece = piece[: min(len(piece) - 1, len(piece) * most // taken)]
    return piece if len(piece) == len(text) else f"{piece}…"
