"""What a person asks of a server besides tools: a message of a prompt, the bytes of a resource, all that there is of both."""

import asyncio
import base64
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from mcp import Client, MCPError
from mcp_types import (
    BlobResourceContents,
    EmbeddedResource,
    PromptMessage,
    ReadResourceResult,
    ResourceLink,
    TextContent,
    TextResourceContents,
)

from olamchat import redis, replies
from olamchat.db.pool import DatabaseLost
from olamchat.db.rows import Row
from olamchat.environment import BadSetting, environment
from olamchat.services.steps import offers, servers
from olamchat.texts import keepable
from worker.steps import connecting, offering
from worker.steps.calls import first
from worker.steps.loop import Loop
from worker.steps.servers import Stale, Unauthorized
from worker.steps.sessions import sessions

ASK_S = 20.0
# As long as a message may be.
TEXT_LENGTH = 100_000
_NOT_CONNECTED = {"code": "not_connected", "message": "Connect to this server first."}
_log = logging.getLogger(__name__)


def answer(loop: Loop, verb: str, server: str, user_id: UUID, *, reply: str = "", until: float = 0.0, **said: Any) -> None:
    """Do what the page asks of a server in a person's name, and reply. Raises DatabaseLost, redis.Lost."""
    if reply and time.time() > until:
        return  # nobody waits any more
    told = _told(loop, verb, server, user_id, said)
    if reply:
        replies.give(reply, told)


def _told(loop: Loop, verb: str, name: str, user_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
    server = servers.row(name)
    if server is None:
        return {"problem": {"code": "gone", "message": "This server was removed."}}
    try:
        token = connecting.token(dict(server), user_id, loop) if server["auth"] == "oauth" else None
        if server["auth"] == "oauth" and token is None:
            return {"problem": _NOT_CONNECTED}
        return loop.submit(_asked(server, token, user_id, _VERBS[verb], said)).result()
    except (DatabaseLost, redis.Lost):
        raise
    except Exception as error:  # noqa: BLE001, the SDK raises groups of its own, its HTTP client's, anyio's and pydantic's
        return {"problem": _problem(server, user_id, first(error))}


async def _asked(
    server: Row, token: str | None, user_id: UUID, verb: "Callable[..., Awaitable[Any]]", said: dict[str, Any]
) -> dict[str, Any]:
    async def once(*, fresh: bool) -> Any:
        async with sessions.one(server, token, person=user_id, fresh=fresh) as session:
            return await verb(session.client, **said)

    async with asyncio.timeout(ASK_S):
        try:
            told = await once(fresh=False)
        except Stale:
            told = await once(fresh=True)
    if "offers" in told:
        await asyncio.to_thread(offers.keep, server["id"], user_id if server["auth"] == "oauth" else None, told["offers"])
        return {}
    return dict(told)


def _problem(server: Row, user_id: UUID, error: BaseException) -> dict[str, str]:
    match error:
        case Unauthorized() if server["auth"] == "oauth":
            connecting.lost(dict(server), user_id)
            return _NOT_CONNECTED
        case TimeoutError():
            return {"code": "timeout", "message": f"The server did not answer within {ASK_S:g} seconds."}
        case MCPError():
            return {"code": "refused", "message": f"The server refused: {keepable(error.message)[:300]}"}
        case _TooLarge():
            return {"code": "too_large", "message": str(error)}
        case BadSetting():
            return {"code": "no_token", "message": f"{error}."}
    _log.info("server %s: %r", server["name"], error)
    return {"code": "broken", "message": f"The exchange with the server failed: {keepable(str(error))[:300] or type(error).__name__}"}


async def _list(client: Client) -> dict[str, Any]:
    return {"offers": await offering.listed(client)}


async def _made(client: Client, *, name: str, arguments: dict[str, str]) -> dict[str, Any]:
    """Make a message of a prompt."""
    result = await client.get_prompt(name, arguments or None)
    parts = [(message.role, _text_of(message)) for message in result.messages]
    known = [(role, text) for role, text in parts if text is not None]
    only_theirs = all(role == "user" for role, _ in known)
    text = "\n\n".join(text if only_theirs else f"{_SPEAKERS[role]}: {text}" for role, text in known)
    cut = len(text) > TEXT_LENGTH
    return {"text": keepable(text)[:TEXT_LENGTH], "left_out": len(parts) - len(known) + cut}


def _text_of(message: PromptMessage) -> str | None:
    match message.content:
        case TextContent(text=text):
            return text
        case EmbeddedResource(resource=TextResourceContents(text=text)):
            return text
        case ResourceLink(uri=uri):
            return str(uri)
    return None


async def _read(client: Client, *, uri: str) -> dict[str, Any]:
    """Read a resource: its name and its bytes."""
    result = await client.read_resource(uri)
    content = _bytes_of(result)
    most = environment().file_bytes
    if len(content) > most:
        raise _TooLarge(f"A file may have at most {most / 2**20:.3g} MiB.")
    return {"name": _file_name(uri), "content": base64.b64encode(content).decode()}


def _bytes_of(result: ReadResourceResult) -> bytes:
    """Return what was read: the first content where it is binary, else all texts."""
    head = result.contents[0] if result.contents else None
    if isinstance(head, BlobResourceContents):
        return base64.b64decode(head.blob)
    return "\n\n".join(one.text for one in result.contents if isinstance(one, TextResourceContents)).encode("utf-8", "replace")


def _file_name(uri: str) -> str:
    address = urlsplit(uri)
    return (address.path.rstrip("/").rpartition("/")[2] or address.netloc or uri)[-offering.NAME_LENGTH :]


class _TooLarge(Exception):
    """A resource has more bytes than a file may."""


_SPEAKERS = {"user": "User", "assistant": "Assistant"}
_VERBS: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {"list": _list, "prompt": _made, "resource": _read}
