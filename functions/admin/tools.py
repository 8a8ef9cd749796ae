"""Servers of tools, for administrators. They belong to the function admin."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from functions.http.auth import administrator
from functions.http.messages import read
from functions.http.operation import operation
from functions.schemas.requests import Nothing
from functions.schemas.tools import AddServer, CorrectTool, ManagedServer, ManagedServers, ServerSettings
from olamchat.errors import Conflict, NotFound, Unavailable
from olamchat.services.steps import servers

bp = Blueprint("tools", __name__, url_prefix="/tools")


@bp.get("")
@operation(response=ManagedServers)
@administrator
def listed(user_id: UUID) -> dict[str, Any]:  # noqa: ARG001, every administrator sees the same
    """List every server of tools, with these."""
    return {"items": servers.listed()}


@bp.post("")
@operation(status=201, body=AddServer, response=ManagedServer, refuses=(Conflict, Unavailable))
@administrator
def add(user_id: UUID) -> dict[str, Any]:
    """Add an MCP server and look at what it offers."""
    return servers.add(by=user_id, **read(AddServer).model_dump())


@bp.put("/<string(maxlength=40):name>")
@operation(body=ServerSettings, response=ManagedServer, refuses=(NotFound,))
@administrator
def change(user_id: UUID, name: str) -> dict[str, Any]:
    """Replace all settings of a server."""
    return servers.change(by=user_id, name=name, **read(ServerSettings).model_dump())


@bp.delete("/<string(maxlength=40):name>")
@operation(status=204, refuses=(NotFound, Conflict))
@administrator
def remove(user_id: UUID, name: str) -> None:
    """Remove a server; steps that were taken stay in their answers."""
    servers.remove(by=user_id, name=name)


@bp.post("/<string(maxlength=40):name>/check")
@operation(body=Nothing, response=ManagedServer, refuses=(NotFound, Unavailable))
@administrator
def check(user_id: UUID, name: str) -> dict[str, Any]:  # noqa: ARG001, every administrator may look
    """Look at what a server offers now, and say in words what is wrong where something is."""
    read(Nothing)
    return servers.check(name)


@bp.put("/<string(maxlength=40):name>/tools")
@operation(body=CorrectTool, response=ManagedServer, refuses=(NotFound,))
@administrator
def correct(user_id: UUID, name: str) -> dict[str, Any]:
    """Correct a tool's effect, give it a rule of its own, or take it away."""
    said = read(CorrectTool).model_dump()
    return servers.say(by=user_id, server=name, tool=said.pop("name"), **said)
