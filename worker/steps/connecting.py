"""People's connections to servers that want OAuth: begun, finished, used, renewed and given back. Only step workers see tokens."""

import hashlib
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx2

from olamchat import redis
from olamchat.db.acting import connections as statements
from olamchat.db.pool import connected
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
# How often it is looked whether another worker has renewed a token.
LOOK_S = 0.1
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
    listing.check(server, loop, token=tokens["access_token"], user_id=user_id)
    moves.connected_to(user_id=user_id, server=server)


def token(server: Row, user_id: UUID, loop: Loop) -> str | None:
    """Return a person's token for a server, renewed where it has run out; None where they have to connect.

    Raises DatabaseLost, redis.Lost, TimeoutError, httpx2's errors.
    """
    until = time.monotonic() + 2 * WITHIN_S
    while time.monotonic() < until:
        connection = _find(user_id, server)
        if connection is None or connection["state"] != "connected":
            return None
        try:
            tokens = _opened(server, connection)
            if not oauth.is_fresh(tokens):
                tokens = _renewed(server, user_id, connection, tokens, loop) or {}
        except Refused as error:
            with connected():
                statements.lose(user_id, server["id"], _problem(error))
            return None
        if tokens:
            return str(tokens["access_token"])
        time.sleep(LOOK_S)
    raise TimeoutError("another worker does not come to an end renewing the token")


def _renewed(server: Row, user_id: UUID, connection: Row, tokens: dict[str, Any], loop: Loop) -> dict[str, Any] | None:
    """Renew tokens and keep them; None where another worker is at it, or has just been: a refresh token may be good for one use.

    Raises Refused, DatabaseLost, redis.Lost, httpx2's errors.
    """
    name, mine = f"refresh:{{{server['id']}:{user_id}}}", uuid4().hex
    with redis.guard():
        if not redis.client().set(name, mine, nx=True, px=int(2 * WITHIN_S * 1000)):
            return None
    try:
        if (_find(user_id, server) or {}).get("sealed") != connection["sealed"]:
            return None
        client = tokens["client"]
        renewed = {**_ask(loop, lambda http: oauth.refresh(http, client, tokens)), "client": client}
        with connected():
            statements.renew(user_id, server["id"], connection["sealed"], seal(renewed), renewed["scope"])
        return renewed
    finally:
        with suppress(redis.Lost), redis.guard():
            redis.client().delete(name)


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
