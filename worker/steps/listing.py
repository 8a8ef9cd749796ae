"""What a server offers: asked when an administrator adds it or presses the check button, and every ten minutes."""

import asyncio
import json
import logging
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import httpx2
from mcp import MCPError
from mcp_types import Tool

from olamchat.db.rows import Row
from olamchat.environment import BadSetting
from olamchat.services.steps import offers, servers, toolbox
from worker.steps import offering
from worker.steps.calls import first
from worker.steps.loop import Loop
from worker.steps.people import Asker
from worker.steps.servers import connected

CHECK_S = 20.0
MOST_TOOLS, PAGES = 200, 20
NAME_LENGTH, TITLE_LENGTH, DESCRIPTION_LENGTH, SCHEMA_LENGTH = 10_000, 200, 4_000, 20_000
_UNCONNECTED = {
    "code": "not_connected",
    "message": "This server wants to know who asks. Connect your own account to it, and its tools are listed.",
}
_log = logging.getLogger(__name__)


def check(name: str, loop: Loop, *, token: str | None = None, user_id: UUID | None = None) -> None:
    """Keep what the server offers now, to the person with this token where it wants one, or what is wrong with it. Raises DatabaseLost."""
    server = servers.row(name)
    if server is None or server["kind"] == "built_in":
        return
    if server["auth"] == "oauth" and token is None:
        servers.checked(server["id"], None, None if servers.has_tools(server["id"]) else _UNCONNECTED)
        return
    try:
        tools, offered = loop.submit(_listed(server, token)).result()
    except Exception as error:  # noqa: BLE001, the SDK raises groups of its own, its HTTP client's, anyio's and pydantic's
        problem = _problem(first(error))
        _log.warning("server %s: %s", name, problem["message"])
        servers.checked(server["id"], None, problem)
    else:
        servers.checked(server["id"], [_row(name, tool) for tool in usable(tools)], None)
        offers.keep(server["id"], user_id, offered)


async def _listed(server: Mapping[str, Any], token: str | None) -> tuple[list[Tool], dict[str, list[dict[str, Any]]]]:
    found: list[Tool] = []
    async with asyncio.timeout(CHECK_S), connected(server, token=token, elicitation_callback=Asker()) as client:
        cursor = None
        for _ in range(PAGES):
            page = await client.list_tools(cursor=cursor)
            found += page.tools
            cursor = page.next_cursor
            if not cursor or len(found) >= MOST_TOOLS:
                break
        offered = await offering.listed(client)
    return found[:MOST_TOOLS], offered


def usable(tools: Iterable[Tool]) -> Iterable[Tool]:
    """Return the tools whose names can be used, each name once."""
    seen: set[str] = set()
    for tool in tools:
        if 0 < len(tool.name) <= NAME_LENGTH and tool.name not in seen and "\x00" not in tool.name:
            seen.add(tool.name)
            yield tool


def _row(server: str, tool: Tool) -> Row:
    said = tool.annotations
    return {
        "name": tool.name,
        "alias": toolbox.alias(server, tool.name),
        "title": _plain((said.title if said else None) or tool.title or tool.name, TITLE_LENGTH),
        "description": _plain(tool.description or "", DESCRIPTION_LENGTH),
        "parameters": _schema(tool.input_schema),
        "effect": _effect(tool),
        "outside": said is None or said.open_world_hint is not False,
    }


def _effect(tool: Tool) -> str:
    """Return what a call does, by the server's own word; where it says nothing, the worst."""
    said = tool.annotations
    if said is not None and said.read_only_hint is True:
        return "read"
    return "idempotent" if said is not None and said.idempotent_hint is True else "write"


def _schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema that can be kept and sent to a model; any object where it is no such thing."""
    text = json.dumps(schema)
    if len(text) > SCHEMA_LENGTH or "\\u0000" in text or schema.get("type") != "object":
        return {"type": "object"}
    return dict(schema)


def _plain(text: str, most: int) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:most]


def _problem(error: BaseException) -> dict[str, str]:
    """Say what is wrong in words that help whoever set the server up."""
    match error:
        case BadSetting():
            return {"code": "no_token", "message": f"{error}."}
        case FileNotFoundError():
            return {"code": "no_program", "message": f"The program can't be started: {error}."}
        case TimeoutError():
            return {"code": "timeout", "message": f"The server did not answer within {CHECK_S:g} seconds."}
        case httpx2.ConnectError():
            return {
                "code": "unreachable",
                "message": "Nothing answers at this address. Check host and port, and that the step workers may reach it.",
            }
        case MCPError():
            return {"code": "protocol", "message": f"The server answers, but not as an MCP server does: {error.message[:300]}"}
    return {"code": "broken", "message": f"The exchange failed: {str(error)[:300] or type(error).__name__}"}
