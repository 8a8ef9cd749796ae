"""People's connections to servers that want OAuth: begun, finished, used, renewed and given back. Only step workers see tokens."""

import hashlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import httpx2

from olamchat.db.acting import connections as statements
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row
from olamchat.environment import BadSetting
from olamchat.services.steps import moves, servers
from worker.steps import listing, oauth
from worker.steps.calls import first
from worker.steps.loop import Loop
from worker.steps.oauth import Refused
from worker.steps.sealing import seal, unseal
from worker.steps.servers import asking

WITHIN_S = 20.0
T = TypeVar("T")
_log = logging.getLogger(__name__)


def begin(server: str, user_id: UUID, redirect_uri: str, loop: Loop) -> None:
    """Find out where a person is to be sent, and keep it for them. Raises DatabaseLost."""
    row = servers.row(server)
    if row is None or row["auth"] != "oauth":
        return
    try:
        client = _client(row, redirect_uri, loop)
        address, state, verifier = oauth.authorization(client)
        values = {"address": address, "returns_with": digest(state), "sealed": seal({"verifier": verifier, "client": client})}
    except Exception as error:  # noqa: BLE001, whatever a stranger's server causes is told to the person
        _fail(user_id, row["id"], error)
        return
    with connected():
        statements.asked(user_id, row["id"], values)


def finish(server: str, user_id: UUID, code: str, issuer: str | None, loop: Loop) -> None:
    """Exchange a person's code for tokens; what waited for the connection goes on. Raises DatabaseLost."""
    row = servers.row(server)
    connection = _find(user_id, row)
    if row is None or connection is None or connection["state"] != "finishing":
        return
    try:
        asked = _opened(row, connection)
        client = asked["client"]
        tokens = _ask(loop, lambda http: oauth.exchange(http, client, code=code, issuer=issuer, verifier=asked["verifier"]))
        sealed = seal({**tokens, "client": client})
    except Exception as error:  # noqa: BLE001, as above
        _fail(user_id, row["id"], error)
        return
    with connected():
        statements.keep(user_id, row["id"], sealed, tokens["scope"])
    listing.check(server, loop, token=tokens["access_token"])
    moves.connected_to(user_id=user_id, server=server)


def token(server: Row, user_id: UUID, loop: Loop) -> str | None:
    """Return a person's token for a server, renewed where it has run out; None where they have to connect. Raises DatabaseLost, httpx2's errors."""
    with connected(), database.atomic():
        connection = statements.lock(user_id, server["id"])
        if connection is None or connection["state"] != "connected":
            return None
        try:
            return _renewed(server, user_id, _opened(server, connection), loop)
        except Refused as error:
            statements.fail(user_id, server["id"], _problem(error))
            return None


def _renewed(server: Row, user_id: UUID, tokens: dict[str, Any], loop: Loop) -> str:
    """Return the token, a fresh one where it runs out soon. Raises Refused, DatabaseLost, httpx2's errors."""
    if not oauth.is_fresh(tokens):
        client = tokens["client"]
        tokens = {**_ask(loop, lambda http: oauth.refresh(http, client, tokens)), "client": client}
        statements.keep(user_id, server["id"], seal(tokens), tokens["scope"])
    return str(tokens["access_token"])


def _opened(server: Row, connection: Row) -> dict[str, Any]:
    """Return what is sealed of a connection, with the client that it was made by. Raises Refused where it is of no use any more."""
    opened: dict[str, Any] | None = unseal(connection["sealed"]) if connection["sealed"] else None
    if opened is None:
        raise Refused("This deployment's keys have changed. Connect again.")
    if opened["client"]["url"] != server["url"]:  # what one server was trusted with is no other's business
        raise Refused("The server has moved. Connect again.")
    return opened


def lost(server: Row, user_id: UUID) -> None:
    """Note that a server no longer takes a person's token. Raises DatabaseLost."""
    with connected():
        statements.lose(user_id, server["id"], _problem(Refused("The server no longer accepts this connection.")))


def give_back(server: str, user_id: UUID, loop: Loop) -> None:
    """Revoke a person's tokens and forget them. Raises DatabaseLost."""
    row = servers.row(server)
    connection = _find(user_id, row)
    if row is None or connection is None:
        return
    try:
        opened = unseal(connection["sealed"]) if connection["sealed"] else None
        if opened and "access_token" in opened:
            _ask(loop, lambda http: oauth.revoke(http, opened["client"], opened))
    except Exception as error:  # noqa: BLE001, it is forgotten here whatever the server says
        _log.warning("the connection to %s was not revoked there: %r", server, first(error))
    with connected():
        statements.remove(user_id, row["id"])


def digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def _client(server: Row, redirect_uri: str, loop: Loop) -> dict[str, Any]:
    """Return what olamchat is at a server's authorization server; found out and registered the first time, and when an address has changed."""
    with connected():
        sealed = statements.client(server["id"])
    known: dict[str, Any] | None = unseal(sealed) if sealed else None
    if known is not None and known["url"] == server["url"] and known["redirect_uri"] == redirect_uri:
        return known
    found = _ask(loop, lambda http: oauth.discover(http, server["url"]))
    registered = _ask(loop, lambda http: oauth.register(http, found, redirect_uri))
    client = {**found, **registered, "url": server["url"]}
    with connected():
        statements.keep_client(server["id"], seal(client))
    return client


def _find(user_id: UUID, server: Row | None) -> Row | None:
    with connected():
        return statements.find(user_id, server["id"]) if server else None


def _ask(loop: Loop, what: Callable[[httpx2.AsyncClient], Awaitable[T]]) -> T:
    async def exchange() -> T:
        async with asking(WITHIN_S) as http:
            return await what(http)

    return loop.submit(exchange()).result()


def _fail(user_id: UUID, server_id: UUID, error: BaseException) -> None:
    problem = _problem(first(error))
    _log.warning("a connection came to nothing: %s", problem["message"])
    with connected():
        statements.fail(user_id, server_id, problem)


def _problem(error: BaseException) -> dict[str, str]:
    match error:
        case Refused():
            return {"code": "refused", "message": str(error)}
        case BadSetting():
            return {"code": "not_set_up", "message": f"{error}."}
        case httpx2.HTTPError() | TimeoutError():
            return {"code": "unreachable", "message": "The server or its authorization server can't be reached."}
    return {"code": "broken", "message": f"The exchange failed: {str(error)[:300] or type(error).__name__}"}
