"""What servers offer besides tools, listed: prompts, resources, templates of their addresses. All of it is a stranger's, and bounded."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from mcp import Client, MCPError

from olamchat.texts import keepable

MOST_PROMPTS, MOST_RESOURCES, MOST_TEMPLATES, MOST_ARGUMENTS, PAGES = 100, 500, 50, 20, 20
NAME_LENGTH, ABOUT_LENGTH, ADDRESS_LENGTH = 200, 500, 2_000
# A template that a page can fill in: {name} and {+name} of RFC 6570.
_SIMPLE = re.compile(r"(?:[^{}]|\{\+?\w+\})*")


async def listed(client: Client) -> dict[str, list[dict[str, Any]]]:
    """Return what a server offers: {prompts, resources, templates}."""
    can = client.server_capabilities
    found: dict[str, list[dict[str, Any]]] = {}
    # A server that says it has them and fails to list them has none; its tools are another matter.
    with suppress(MCPError):
        if can.prompts is not None:
            found["prompts"] = await _pages(lambda cursor: client.list_prompts(cursor=cursor), "prompts", _prompt, MOST_PROMPTS)
    with suppress(MCPError):
        if can.resources is not None:
            found["resources"] = await _pages(lambda cursor: client.list_resources(cursor=cursor), "resources", _resource, MOST_RESOURCES)
    with suppress(MCPError):
        if can.resources is not None:
            found["templates"] = await _pages(
                lambda cursor: client.list_resource_templates(cursor=cursor), "resource_templates", _template, MOST_TEMPLATES
            )
    return found


async def _pages(
    ask: Callable[[str | None], Awaitable[Any]], member: str, kept: Callable[[Any], dict[str, Any] | None], most: int
) -> list[Any]:
    found: dict[str, dict[str, Any]] = {}
    cursor = None
    for _ in range(PAGES):
        page = await ask(cursor)
        for one in map(kept, getattr(page, member)):
            if one is not None:
                found.setdefault(one.get("uri") or one.get("uri_template") or one["name"], one)
        cursor = page.next_cursor
        if not cursor or len(found) >= most:
            break
    return list(found.values())[:most]


def _prompt(one: Any) -> dict[str, Any] | None:
    arguments = one.arguments or []
    if not _fits(one.name, NAME_LENGTH) or len(arguments) > MOST_ARGUMENTS or not all(_fits(each.name, NAME_LENGTH) for each in arguments):
        return None
    asked = [
        {"name": each.name, "description": _plain(each.description, ABOUT_LENGTH), "required": bool(each.required)} for each in arguments
    ]
    return {**_about(one), "arguments": asked}


def _resource(one: Any) -> dict[str, Any] | None:
    uri = str(one.uri)
    return {**_about(one), "uri": uri, "media_type": _plain(one.mime_type, 100)} if _fits(uri, ADDRESS_LENGTH) else None


def _template(one: Any) -> dict[str, Any] | None:
    uri = str(one.uri_template)
    simple = _fits(uri, ADDRESS_LENGTH) and _SIMPLE.fullmatch(uri)
    return {**_about(one), "uri_template": uri, "media_type": _plain(one.mime_type, 100)} if simple else None


def _about(one: Any) -> dict[str, Any]:
    return {
        "name": _plain(one.name, NAME_LENGTH),
        "title": _plain(one.title, NAME_LENGTH),
        "description": _plain(one.description, ABOUT_LENGTH),
    }


def _plain(text: str | None, most: int) -> str:
    return keepable(text or "")[:most]


def _fits(text: str, most: int) -> bool:
    """Tell whether a name can be kept as it is: a server knows its own by nothing else."""
    return 0 < len(text) <= most and keepable(text) == text
