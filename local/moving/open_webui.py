"""One chat of Open WebUI as a conversation of ours, and what of it can't come along."""

import json
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from local.moving.thoughts import divide
from local.moving.tree import Node, straighten
from olamchat.services.copies.importing import IncomingConversation

SOURCE = "openwebui"


@dataclass(kw_only=True)
class Chat:
    """A conversation ready to be kept; `files` are those of its questions, by the questions' ids: an id there, or a data: URL."""

    conversation: IncomingConversation | None
    title: str
    files: dict[str, tuple[str, ...]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def read(row: dict[str, Any]) -> Chat:
    """Read a row of the table `chat`. A chat without messages, or whose content can't be read, has no conversation."""
    title = text(row.get("title")).strip()[:200]
    content = _object(_decoded(row.get("chat")))
    nodes, left = _nodes(content)
    straight = straighten(nodes)
    if not straight.messages:
        return Chat(conversation=None, title=title, left=["has no messages" if content else "can't be read"])
    history, params = _object(content.get("history")), _object(content.get("params"))
    prompt = text(params.get("system") or content.get("system")).strip()[:20_000]
    conversation = IncomingConversation(
        source=SOURCE, source_id=str(row["id"])[:200], messages=straight.messages, shown=straight.ends.get(text(history.get("currentId"))),
        title=title or None, settings={"system_prompt": prompt} if prompt else {}, pinned=bool(row.get("pinned")), archived=bool(row.get("archived")),
        created_at=time(row.get("created_at")), updated_at=time(row.get("updated_at")),
    )  # fmt: skip
    return Chat(conversation=conversation, title=title, files=straight.files, left=left)


def text(value: object) -> str:
    """Return a text that Postgres can keep: no NUL, no half of a surrogate pair."""
    return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else ""


def time(value: object) -> datetime | None:
    """Return a time that was given in seconds, milli- or nanoseconds since 1970; None for what is none."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value) or value <= 0:
        return None
    while value > 1e11:
        value /= 1_000
    return datetime.fromtimestamp(value, UTC)


def listed(value: object, key: str = "") -> list[str]:
    """Return the ids in a JSON column that is a list, or has one under the key."""
    found = _decoded(value)
    ids = _object(found).get(key) if key else found
    return [each for each in (ids if isinstance(ids, list) else []) if isinstance(each, str)]


def _decoded(value: object) -> object:
    """Return what a JSON column says, None where it can't be read: SQLite has it as text, Postgres as the value."""
    try:
        return json.loads(value) if isinstance(value, str | bytes) else value
    except (ValueError, RecursionError):
        return None


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _nodes(content: dict[str, Any]) -> tuple[list[Node], list[str]]:
    messages = _object(content.get("history")).get("messages")
    left: list[str] = []
    if isinstance(messages, dict):
        return [_node(id_, _object(one), text(_object(one).get("parentId")) or None, left) for id_, one in messages.items()], left
    listed = content.get("messages")
    given = listed if isinstance(listed, list) else []
    return [_node(str(at), _object(one), str(at - 1) if at else None, left) for at, one in enumerate(given)], left


def _node(id_: str, message: dict[str, Any], parent: str | None, left: list[str]) -> Node:
    said = _said(message.get("content"), left)
    role, at = message.get("role"), time(message.get("timestamp"))
    if role == "user":
        return Node(id=id_, parent=parent, role="user", content=said.strip(), at=at, files=_files(message, left))
    if role != "assistant":
        if said.strip():
            left.append(f"messages of the role {text(role)[:40] or 'none'}")
        return Node(id=id_, parent=parent, role=None, content="")
    if message.get("files"):
        left.append("pictures in answers")
    divided = divide(said)
    if divided.tools or message.get("code_executions"):
        left.append("the steps of tools")
    if message.get("sources") or message.get("citations"):
        left.append("the sources of answers")
    model = text(message.get("model")).strip()[:300] or None
    return Node(id=id_, parent=parent, role="assistant", content=divided.words, reasoning=divided.thoughts, model=model, at=at)


def _said(content: object, left: list[str]) -> str:
    if not isinstance(content, list):
        return text(content)
    parts = [one if isinstance(one, dict) else {"text": one} for one in content]
    if any(one.get("type", "text") != "text" for one in parts):
        left.append("parts of messages that are no text")
    return "".join(text(one.get("text")) for one in parts)


def _files(message: dict[str, Any], left: list[str]) -> tuple[str, ...]:
    """Name the files of a question: by the id of the row in `file`, or by the data: URL that older versions have instead."""
    given = message.get("files")
    found: list[str] = []
    for one in given if isinstance(given, list) else []:
        kind, name = _object(one).get("type"), _reference(_object(one))
        if kind in {"file", "image", None} and name:
            found.append(name)
        else:
            left.append(f"a reference to {text(_object(one).get('name')) or kind or 'something'}")
    return tuple(dict.fromkeys(found))


def _reference(one: dict[str, Any]) -> str:
    url = text(one.get("url"))
    if url.startswith("data:"):
        return url
    nested = _object(one.get("file"))
    return text(one.get("id")) or text(nested.get("id")) or url.removesuffix("/content").rpartition("/")[2]
