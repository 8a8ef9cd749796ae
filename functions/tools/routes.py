"""What a person's answers may do: the servers whose tools they may use."""

from typing import Any
from uuid import UUID

from flask import Blueprint, request

from functions.http.auth import signed_in
from functions.http.messages import read
from functions.http.operation import operation
from functions.schemas.offers import PromptText, ServerPrompts, ServerResources, UsePrompt
from functions.schemas.requests import Nothing
from functions.schemas.tools import Connection, Connections, Gateway, Returned, UsableServers
from olamchat.environment import environment
from olamchat.errors import Invalid, NotConnected, NotFound, ToolServerFailed, Unavailable
from olamchat.services.steps import connections, offers, servers

bp = Blueprint("tools", __name__, url_prefix="/api/tools")


@bp.get("")
@operation(response=UsableServers)
@signed_in
def usable(user_id: UUID) -> dict[str, Any]:
    """List the servers whose tools you may use, with these."""
    return servers.usable(user_id=user_id)


@bp.get("/prompts")
@operation(response=ServerPrompts)
@signed_in
def prompts(user_id: UUID) -> dict[str, Any]:
    """List the prompts that your servers offer."""
    return {"items": offers.prompts(user_id=user_id)}


@bp.post("/prompts")
@operation(body=UsePrompt, response=PromptText, refuses=(NotFound, NotConnected, ToolServerFailed, Unavailable))
@signed_in
def use_prompt(user_id: UUID) -> dict[str, Any]:
    """Let a server make a message of one of its prompts. Nothing is sent by that."""
    said = read(UsePrompt)
    return offers.prompt(user_id=user_id, server=said.server, name=said.name, arguments=said.arguments)


@bp.get("/resources")
@operation(response=ServerResources)
@signed_in
def resources(user_id: UUID) -> dict[str, Any]:
    """List the servers that have resources to attach, with these."""
    return {"items": offers.resources(user_id=user_id)}


@bp.get("/connections")
@operation(response=Connections)
@signed_in
def connected(user_id: UUID) -> dict[str, Any]:
    """List the servers that want to know who asks, and your connection to each."""
    return {"items": connections.mine(user_id=user_id)}


@bp.post("/connections/returned")
@operation(body=Returned, response=Connection, refuses=(NotFound, Invalid, Unavailable))
@signed_in
def returned(user_id: UUID) -> dict[str, Any]:
    """Finish a connection with what the authorization server sent you back with; steps that waited for it go on."""
    said = read(Returned)
    return connections.finish(user_id=user_id, code=said.code, state=said.state, issuer=said.issuer)


@bp.post("/connections/<string(maxlength=40):name>")
@operation(body=Nothing, response=Gateway, refuses=(NotFound, Invalid, Unavailable))
@signed_in
def connect(user_id: UUID, name: str) -> dict[str, Any]:
    """Begin to connect to a server; you allow it at the address that is returned."""
    read(Nothing)
    place = environment().public_url or request.host_url
    return {"address": connections.begin(user_id=user_id, server=name, returns_to=f"{place.rstrip('/')}/account/connections")}


@bp.delete("/connections/<string(maxlength=40):name>")
@operation(status=204, refuses=(NotFound, Unavailable))
@signed_in
def disconnect(user_id: UUID, name: str) -> None:
    """Give a connection back to its server and forget it."""
    connections.give_back(user_id=user_id, server=name)
