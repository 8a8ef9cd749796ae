"""Servers of tools: what administrators say of them, what looking at them found, and which of it a person may use."""

import time
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from olamchat import jobs
from olamchat.db.acting import offers, steps
from olamchat.db.acting import tools as statements
from olamchat.db.people import groups as group_rows
from olamchat.db.people import users
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row
from olamchat.errors import Conflict, Invalid, NotFound, Unavailable
from olamchat.redis import Lost
from olamchat.services.people import audit
from olamchat.services.serialize import time as moment
from olamchat.services.steps import mcp_file, toolbox

VARIABLE_PREFIX = "OLAMCHAT_TOOL_"
# How long a check is waited for, and how often it is looked for.
CHECK_S, LOOK_S = 25.0, 0.1


def usable(*, user_id: UUID) -> dict[str, Any]:
    """List the servers whose tools a person may use and choose, with these, and the conversations in which a step waits for their word."""
    with connected():
        rows, asking, resources = statements.usable(user_id), steps.asking(user_id), offers.have_resources(user_id)
    found = [row for row in rows if not toolbox.is_of_itself(row)]
    return {
        "items": [_usable(list(tools)) for _, tools in groupby(found, key=lambda row: row["server"])],
        "resources": resources,
        "asking": [str(conversation_id) for conversation_id in asking],
    }


def listed() -> list[dict[str, Any]]:
    """List every server with its tools, as administrators see them."""
    with connected():
        found = statements.servers()
        tools = {server["id"]: statements.tools(server["id"]) for server in found}
        emails = users.emails({person for server in found for person in server["people"]})
        groups = group_rows.names({group for server in found for group in server["groups"]})
    return [_managed(server, tools[server["id"]], emails, groups) for server in found]


def get(name: str) -> dict[str, Any]:
    """Return one server as administrators see it. Raises NotFound."""
    found = next((server for server in listed() if server["name"] == name), None)
    if found is None:
        raise NotFound
    return found


def add(*, by: UUID, name: str, url: str, people: Sequence[UUID], groups: Sequence[UUID], **said: Any) -> dict[str, Any]:
    """Add a server by its address and look at what it offers. Raises Invalid, Conflict."""
    if name in mcp_file.BUILT_IN:
        raise Conflict("Built-in tools have this name. Choose another one.")
    values = _checked_values({**said, "url": url})
    with connected(), database.atomic():
        server = statements.add({**values, "name": name, "kind": "http"})
        if server is None:
            raise Conflict("There is a server of this name already.")
        _choose(server, values["audience"], people, groups)
    audit.note("tools.added", actor_id=by, subject=name)
    return check(name)


def change(*, by: UUID, name: str, people: Sequence[UUID], groups: Sequence[UUID], **said: Any) -> dict[str, Any]:
    """Say everything of a server anew. Raises NotFound, Invalid."""
    with connected(), database.atomic():
        before = statements.server(name)
        if before is None:
            raise NotFound
        values = _checked_values(said, kind=before["kind"])
        server = statements.change(name, values)
        assert server is not None, "it was there within this transaction"
        _choose(server, values["audience"], people, groups)
    audit.note("tools.changed", actor_id=by, subject=name, approval=values["approval"], audience=values["audience"])
    return get(name)


def remove(*, by: UUID, name: str) -> None:
    """Remove a server and its tools; steps that were taken stay. Raises NotFound, Conflict where it would be back at the next start."""
    with connected(), database.atomic():
        before = statements.server(name)
        if before is None:
            raise NotFound
        if before["kind"] != "http":
            raise Conflict("These tools belong to the installation. Choose nobody as their audience to hide them.")
        statements.remove(name)
    audit.note("tools.removed", actor_id=by, subject=name)


def say(*, by: UUID, server: str, tool: str, **said: Any) -> dict[str, Any]:
    """Correct a tool's effect, its rule, or take it away. Raises NotFound."""
    with connected():
        found = statements.server(server)
        if found is None or not statements.say(found["id"], tool, said):
            raise NotFound
    audit.note("tools.changed", actor_id=by, subject=f"{server}/{tool[:100]}", **said)
    return get(server)


def check(name: str) -> dict[str, Any]:
    """Let a step worker look at a server now, and return it with what that found. Raises NotFound, Unavailable where no worker answers."""
    before = row(name)
    if before is None:
        raise NotFound
    try:
        jobs.send_check(name)
    except Lost:
        raise Unavailable("The server was not checked: the workers can't be reached. Try again in a moment.") from None
    until = time.monotonic() + CHECK_S
    while (now := row(name)) is not None and now["checked_at"] == before["checked_at"]:
        if time.monotonic() > until:
            raise Unavailable("No step worker has checked the server yet. Is one running?")
        time.sleep(LOOK_S)
    return get(name)


def row(name: str) -> Row | None:
    """Return a server's row, None where there is none. Raises DatabaseLost."""
    with connected():
        return statements.server(name)


def due(after_s: float) -> list[str]:
    """Return the servers that were looked at so long ago that they are to be again; from now on they count as looked at. Raises DatabaseLost."""
    with connected():
        return statements.due(after_s)


def has_tools(server_id: UUID) -> bool:
    """Tell whether a server's tools are known. Raises DatabaseLost."""
    with connected():
        return bool(statements.tools(server_id))


def checked(server_id: UUID, found: Sequence[Row] | None, problem: Row | None) -> None:
    """Note what a look at a server has found. Raises DatabaseLost."""
    with connected(), database.atomic():
        statements.checked(server_id, found, problem)


def keep_programs(names: Sequence[str]) -> None:
    """Keep the programs of this machine as servers, and no others. Raises DatabaseLost."""
    with connected(), database.atomic():
        statements.keep_programs(names)


def keep_built_in(offered: Mapping[str, Sequence[Row]], titles: Mapping[str, str]) -> None:
    """Keep the tools that are built in, by the server that they stand under, and no others. Raises DatabaseLost."""
    with connected(), database.atomic():
        for server in statements.keep_built_in(offered, titles):
            statements.checked(server["id"], offered[server["name"]], None)


def _checked_values(said: Mapping[str, Any], *, kind: str = "http") -> dict[str, Any]:
    """Return what is kept of what was said. Raises Invalid."""
    values = dict(said)
    if kind != "http":
        return {**values, "url": "", "auth": "none", "token_variable": ""}
    address = urlsplit(values["url"])
    if address.scheme not in {"http", "https"} or not address.hostname or address.username or address.fragment:
        raise _invalid("url", "An address begins with http:// or https:// and has no password in it.")
    if values["auth"] != "bearer":
        return {**values, "token_variable": ""}
    if not values["token_variable"].startswith(VARIABLE_PREFIX):
        raise _invalid("token_variable", f"The variable that has the token begins with {VARIABLE_PREFIX}.")
    return values


def _choose(server: Row, audience: str, people: Sequence[UUID], groups: Sequence[UUID]) -> None:
    chosen, given = (set(people), set(groups)) if audience == "chosen" else (set(), set())
    if statements.choose(server["id"], list(chosen)) != len(chosen):
        raise _invalid("people", "There is no such person.")
    if group_rows.choose(statements.GROUPS, server["id"], given) != len(given):
        raise _invalid("groups", "There is no such group.")


def _usable(tools: Sequence[Row]) -> dict[str, Any]:
    first = tools[0]
    names = ("name", "title", "description", "effect", "outside", "approval")
    return {
        "name": first["server"],
        "title": first["server_title"] or first["server"],
        "kind": first["kind"],
        "usual": first["usual"],
        "working": first["problem"] is None,
        "tools": [{name: tool[name] for name in names} for tool in tools],
    }


def _managed(server: Row, tools: Sequence[Row], emails: Mapping[UUID, str], groups: Mapping[UUID, str]) -> dict[str, Any]:
    same = ("name", "title", "kind", "url", "auth", "token_variable", "audience", "approval", "usual", "problem")
    of_tool = ("name", "title", "description", "parameters", "effect", "own_effect", "outside", "approval", "enabled")
    people = [{"id": str(person), "email": emails[person]} for person in server["people"] if person in emails]
    return {
        **{name: server[name] for name in same},
        "people": sorted(people, key=lambda person: person["email"]),
        "groups": [{"id": str(group), "name": groups[group]} for group in server["groups"] if group in groups],
        "checked_at": moment(server["checked_at"]),
        "tools": [{name: tool[name] for name in of_tool} for tool in tools],
    }


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(message, errors=[{"field": field, "message": message}])
