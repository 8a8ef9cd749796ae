"""The prompt library: made, changed, gone back with, given to others, brought from elsewhere."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from functions.http.auth import signed_in
from functions.http.messages import read
from functions.http.operation import operation
from functions.schemas.prompts import NewPrompt, Prompt, Prompts, PromptSettings, PromptVersions
from functions.schemas.requests import Nothing
from olamchat.errors import Forbidden
from olamchat.services.library import HandleTaken, TooManyKept
from olamchat.services.prompts import prompts

bp = Blueprint("prompts", __name__, url_prefix="/prompts")


@bp.get("")
@operation(response=Prompts)
@signed_in
def listed(user_id: UUID) -> dict[str, Any]:
    """List the prompts that you may use."""
    return {"items": prompts.listed(user_id=user_id)}


@bp.post("")
@operation(status=201, body=NewPrompt, response=Prompt, refuses=(HandleTaken, TooManyKept, Forbidden))
@signed_in
def create(user_id: UUID) -> dict[str, Any]:
    """Make a prompt."""
    said = read(NewPrompt)
    return prompts.create(
        user_id=user_id, handle=said.handle, audience=said.audience, groups=said.groups, content=said.content(), note=said.note
    )


@bp.post("/import")
@operation(status=201, body=NewPrompt, response=Prompt, refuses=(HandleTaken, TooManyKept))
@signed_in
def take(user_id: UUID) -> dict[str, Any]:
    """Make a prompt of your own out of one from elsewhere; a name that you have already gets a number."""
    said = read(NewPrompt)
    return prompts.take(user_id=user_id, handle=said.handle, content=said.content())


@bp.put("/<uuid:prompt_id>")
@operation(body=PromptSettings, response=Prompt, refuses=(Forbidden,))
@signed_in
def change(user_id: UUID, prompt_id: UUID) -> dict[str, Any]:
    """Replace all that is said of your own prompt."""
    said = read(PromptSettings)
    return prompts.change(
        user_id=user_id, id_=prompt_id, audience=said.audience, groups=said.groups, content=said.content(), note=said.note
    )


@bp.delete("/<uuid:prompt_id>")
@operation(status=204)
@signed_in
def delete(user_id: UUID, prompt_id: UUID) -> None:
    """Delete your own prompt with its versions."""
    prompts.delete(user_id=user_id, id_=prompt_id)


@bp.get("/<uuid:prompt_id>/versions")
@operation(response=PromptVersions)
@signed_in
def versions(user_id: UUID, prompt_id: UUID) -> dict[str, Any]:
    """List the versions of your own prompt, the newest first."""
    return {"items": prompts.versions(user_id=user_id, id_=prompt_id)}


@bp.post("/<uuid:prompt_id>/versions/<int:number>/restore")
@operation(body=Nothing, response=Prompt)
@signed_in
def go_back(user_id: UUID, prompt_id: UUID, number: int) -> dict[str, Any]:
    """Make an earlier version of your own prompt the newest again."""
    read(Nothing)
    return prompts.go_back(user_id=user_id, id_=prompt_id, number=number)
