"""What of a tool's result is kept: texts, small images, what was structured, up to a bound that no server gets past."""

import json
from collections.abc import Sequence
from typing import Any

from mcp_types import CallToolResult, ContentBlock

KEPT_BYTES = 256 << 10
_IMAGES = {"image/png", "image/jpeg", "image/gif", "image/webp"}


def kept(result: CallToolResult) -> dict[str, Any]:
    """Return {content, structured, cut}: as much as fits, in its order; `cut` says that something is missing."""
    left, cut = KEPT_BYTES, False
    content = []
    for block in result.content:
        part = _part(block)
        size = len(json.dumps(part, ensure_ascii=False).encode())
        if size > left:
            cut = True
            if part["type"] != "text":
                continue
            part["text"] = _clipped(part["text"], left)
            size = len(part["text"].encode())
        left -= size
        content.append(part)
        if left <= 0:
            break
    structured = _clean(result.structured_content)
    if len(json.dumps(structured, ensure_ascii=False).encode()) > left:
        structured, cut = None, cut or structured is not None
    return {"content": content, "structured": structured, "cut": cut or len(content) < len(result.content)}


def said(content: Sequence[dict[str, Any]]) -> str:
    return "\n".join(part["text"] for part in content if part["type"] == "text")


def _part(block: ContentBlock) -> dict[str, Any]:
    match block.type:
        case "text":
            return {"type": "text", "text": _clean(block.text)}
        case "image" if block.mime_type in _IMAGES:
            return {"type": "image", "media_type": block.mime_type, "data": block.data}
        case "resource":
            text = getattr(block.resource, "text", None)
            return {"type": "text", "text": _clean(text)} if text is not None else _named("A file", str(block.resource.uri))
        case "resource_link":
            return {"type": "link", "url": _clean(str(block.uri)), "title": _clean(block.title or block.name)}
    return _named("Something", block.type)


def _named(what: str, name: str) -> dict[str, Any]:
    return {"type": "text", "text": f"[{what} that can't be shown: {_clean(name)[:500]}]"}


def _clipped(text: str, most: int) -> str:
    return text.encode()[: max(0, most)].decode("utf-8", "ignore")


def _clean(value: Any) -> Any:
    """Return a value without what Postgres can't keep: NUL, and halves of characters."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    return json.loads(json.dumps(value).replace("\\u0000", "")) if value is not None else None
