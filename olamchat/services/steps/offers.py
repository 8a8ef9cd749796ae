"""What servers offer people besides tools: prompts to begin a message with, and resources to attach. The step workers alone speak to servers."""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from olamchat import jobs, replies
from olamchat.db.acting import offers as statements
from olamchat.db.pool import connected
from olamchat.db.rows import Row
from olamchat.errors import FileTooLarge, NotConnected, NotFound, Problem, ToolServerFailed, Unavailable
from olamchat.redis import Lost
from olamchat.services.knowledge import attaching

# How long a step worker is waited for, and after how long what a server offers one person is listed again.
WITHIN_S, LIST_AGAIN_S = 25.0, 600.0


def prompts(*, user_id: UUID) -> list[dict[str, Any]]:
    """List the prompts of all servers that a person may use."""
    return [
        {"server": row["name"], "server_title": row["title"] or row["name"], **prompt}
        for row in _mine(user_id)
        for prompt in row["offers"].get("prompts", ())
    ]


def resources(*, user_id: UUID) -> list[dict[str, Any]]:
    """List the servers that have resources, with these and the templates of their addresses."""
    found = [(row, row["offers"].get("resources", []), row["offers"].get("templates", [])) for row in _mine(user_id)]
    return [
        {"name": row["name"], "title": row["title"] or row["name"], "resources": listed, "templates": templates}
        for row, listed, templates in found
        if listed or templates
    ]


def prompt(*, user_id: UUID, server: str, name: str, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Let a server make a message of one of its prompts: {text, left_out}, `left_out` for how many parts are no text.

    Raises NotFound, NotConnected, ToolServerFailed, Unavailable.
    """
    return _ask("prompt", user_id, server, name=name, arguments=dict(arguments))


def attach(*, user_id: UUID, server: str, uri: str) -> dict[str, Any]:
    """Keep a server's resource as a file of the person's, checked as an upload is; return it as the API shows files.

    Raises NotFound, NotConnected, ToolServerFailed, Unavailable, and what attaching.upload raises.
    """
    read = _ask("resource", user_id, server, uri=uri)
    return attaching.upload(user_id=user_id, name=read["name"], content=base64.b64decode(read["content"]))


def keep(server_id: UUID, user_id: UUID | None, offers: Mapping[str, Sequence[Any]]) -> None:
    """Keep what a server offers everyone, or one person. Raises DatabaseLost."""
    with connected():
        statements.keep(server_id, offers) if user_id is None else statements.keep_own(server_id, user_id, offers)


def _mine(user_id: UUID) -> list[Row]:
    with connected():
        rows, due = statements.mine(user_id), statements.due(user_id, LIST_AGAIN_S)
    try:
        for name in due:
            jobs.send_offer("list", server=name, user_id=user_id)
    except Lost:
        pass  # what is known is shown meanwhile
    return rows


def _ask(verb: str, user_id: UUID, server: str, **said: Any) -> dict[str, Any]:
    _assert_mine(user_id, server)
    name = str(uuid4())
    try:
        jobs.send_offer(verb, server=server, user_id=user_id, reply=name, within_s=WITHIN_S, **said)
        reply = replies.take(name, within_s=WITHIN_S)
    except Lost:
        raise Unavailable("The step workers can't be reached. Try again in a moment.") from None
    if reply is None:
        raise Unavailable("No step worker has answered yet. Is one running?")
    if problem := reply.get("problem"):
        raise _REFUSALS.get(problem["code"], ToolServerFailed)(problem["message"])
    return reply


def _assert_mine(user_id: UUID, server: str) -> None:
    """Refuse a server that a person may not use (NotFound), or is not connected to (NotConnected)."""
    with connected():
        known = {row["name"]: row["is_connected"] for row in statements.usable(user_id)}
    if server not in known:
        raise NotFound
    if not known[server]:
        raise NotConnected


_REFUSALS: Mapping[str, Callable[[str], Problem]] = {"not_connected": NotConnected, "too_large": FileTooLarge}
