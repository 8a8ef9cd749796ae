"""Assistants: made, changed, gone back with, given to others, taken along as a file."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from functions.http.auth import signed_in
from functions.http.messages import read
from functions.http.operation import operation
from functions.schemas.assistants import (
    Assistant,
    AssistantFile,
    Assistants,
    AssistantSettings,
    AssistantVersions,
    ExportedAssistant,
    NewAssistant,
)
from functions.schemas.requests import Nothing
from olamchat.errors import Forbidden
from olamchat.services.library import HandleTaken, TooManyKept
from olamchat.services.models.assistants import exchange
from olamchat.services.models.assistants.exchange import assistants

bp = Blueprint("assistants", __name__, url_prefix="/assistants")


@bp.get("")
@operation(response=Assistants)
@signed_in
def listed(user_id: UUID) -> dict[str, Any]:
    """List the assistants that you may use."""
    return {"items": assistants.listed(user_id=user_id)}


@bp.post("")
@operation(status=201, body=NewAssistant, response=Assistant, refuses=(HandleTaken, TooManyKept, Forbidden))
@signed_in
def create(user_id: UUID) -> dict[str, Any]:
    """Make an assistant."""
    said = read(NewAssistant)
    return assistants.create(
        user_id=user_id, handle=said.handle, audience=said.audience, groups=said.groups, content=said.content(), note=said.note
    )


@bp.post("/import")
@operation(status=201, body=AssistantFile, response=Assistant, refuses=(HandleTaken, TooManyKept))
@signed_in
def take(user_id: UUID) -> dict[str, Any]:
    """Make an assistant of your own out of a file."""
    said = read(AssistantFile)
    return exchange.take(user_id=user_id, handle=said.handle, content=said.content())


@bp.get("/<uuid:assistant_id>")
@operation(response=Assistant)
@signed_in
def get(user_id: UUID, assistant_id: UUID) -> dict[str, Any]:
    """Read an assistant."""
    return assistants.get(user_id=user_id, id_=assistant_id)


@bp.put("/<uuid:assistant_id>")
@operation(body=AssistantSettings, response=Assistant, refuses=(Forbidden,))
@signed_in
def change(user_id: UUID, assistant_id: UUID) -> dict[str, Any]:
    """Replace all that is said of your own assistant. Answers that are being written keep the version they began with."""
    said = read(AssistantSettings)
    return assistants.change(
        user_id=user_id, id_=assistant_id, audience=said.audience, groups=said.groups, content=said.content(), note=said.note
    )


@bp.delete("/<uuid:assistant_id>")
@operation(status=204)
@signed_in
def delete(user_id: UUID, assistant_id: UUID) -> None:
    """Delete your own assistant with its versions. What it answered stays."""
    assistants.delete(user_id=user_id, id_=assistant_id)


@bp.get("/<uuid:assistant_id>/versions")
@operation(response=AssistantVersions)
@signed_in
def versions(user_id: UUID, assistant_id: UUID) -> dict[str, Any]:
    """List the versions of your own assistant, the newest first."""
    return {"items": assistants.versions(user_id=user_id, id_=assistant_id)}


@bp.post("/<uuid:assistant_id>/versions/<int:number>/restore")
@operation(body=Nothing, response=Assistant)
@signed_in
def go_back(user_id: UUID, assistant_id: UUID, number: int) -> dict[str, Any]:
    """Make an earlier version of your own assistant the newest again."""
    read(Nothing)
    return assistants.go_back(user_id=user_id, id_=assistant_id, number=number)


@bp.get("/<uuid:assistant_id>/export")
@operation(response=ExportedAssistant)
@signed_in
def export(user_id: UUID, assistant_id: UUID) -> dict[str, Any]:
    """Return an assistant as one file."""
    return exchange.export(user_id=user_id, assistant_id=assistant_id)
