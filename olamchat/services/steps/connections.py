"""People's own connections to servers of tools: begun, finished, given back. What is secret of them is the step workers'."""

import hashlib
import time
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from olamchat import jobs
from olamchat.db.acting import connections as statements
from olamchat.db.acting import tools
from olamchat.db.pool import connected
from olamchat.db.rows import Row
from olamchat.errors import Invalid, NotFound, Unavailable
from olamchat.redis import Lost
from olamchat.services.people import audit
from olamchat.services.serialize import time as moment

# How long a step worker is waited for, and how often it is looked for.
WITHIN_S, LOOK_S = 25.0, 0.1
T = TypeVar("T")


def mine(*, user_id: UUID) -> list[dict[str, Any]]:
    """List the servers that want to know the person, and how their connection to each stands."""
    with connected():
        found = statements.mine(user_id)
    return [_shown(row) for row in found]


def begin(*, user_id: UUID, server: str, returns_to: str) -> str:
    """Begin a connection; return the address at which the person allows it. Raises NotFound, Invalid where the server says no, Unavailable."""
    row = _server(user_id, server)
    with connected():
        statements.ask(user_id, row["id"])
    _send("begin", server, user_id, redirect_uri=returns_to)
    now = _until(lambda: _find(user_id, row["id"]), lambda found: found["state"] not in {"asking", "finishing"})
    if now["state"] == "failed":
        raise Invalid(now["problem"]["message"])
    return str(now["address"])


def finish(*, user_id: UUID, code: str, state: str, issuer: str | None) -> dict[str, Any]:
    """Take a person's return from the authorization server; return their connection.

    Raises NotFound where it is not this person who was sent there, or it was too long ago; Invalid where the server says no; Unavailable.
    """
    digest = hashlib.sha256(state.encode()).hexdigest()
    with connected():
        row = statements.returned(user_id, digest)
    if row is None:
        raise NotFound
    _send("finish", row["name"], user_id, code=code, issuer=issuer)
    now = _until(lambda: _find(user_id, row["id"]), lambda found: found["state"] != "finishing")
    if now["state"] == "failed":
        raise Invalid(now["problem"]["message"])
    audit.note("tools.connected", actor_id=user_id, subject=row["name"])
    return next(one for one in mine(user_id=user_id) if one["name"] == row["name"])


def give_back(*, user_id: UUID, server: str) -> None:
    """Give a connection back to its server and forget it. Raises NotFound, Unavailable."""
    row = _server(user_id, server)
    if _find(user_id, row["id"]) is None:
        raise NotFound
    _send("give_back", server, user_id)
    _until(lambda: _find(user_id, row["id"]) or {"gone": True}, lambda found: "gone" in found)
    audit.note("tools.disconnected", actor_id=user_id, subject=server)


def _server(user_id: UUID, name: str) -> Row:
    """Return a server that a person may connect to. Raises NotFound."""
    with connected():
        allowed = {row["name"] for row in statements.mine(user_id)}
        row = tools.server(name) if name in allowed else None
    if row is None:
        raise NotFound
    return row


def _find(user_id: UUID, server_id: UUID) -> Row | None:
    with connected():
        return statements.find(user_id, server_id)


def _send(verb: str, server: str, user_id: UUID, **said: str | None) -> None:
    try:
        jobs.send_connection(verb, server=server, user_id=user_id, **said)
    except Lost:
        raise Unavailable("The step workers can't be reached. Try again in a moment.") from None


def _until(look: Callable[[], Row | None], is_so: Callable[[Row], bool]) -> Row:
    deadline = time.monotonic() + WITHIN_S
    while (found := look()) is not None and not is_so(found):
        if time.monotonic() > deadline:
            raise Unavailable("No step worker has answered yet. Is one running?")
        time.sleep(LOOK_S)
    if found is None:
        raise NotFound
    return found


def _shown(row: Row) -> dict[str, Any]:
    return {
        "name": row["name"],
        "title": row["title"] or row["name"],
        "url": row["url"],
        "connected": row["state"] == "connected",
        "scope": row["scope"] or "",
        "problem": row["problem"],
        "connected_at": moment(row["connected_at"]),
    }
