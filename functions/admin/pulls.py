"""Models that an engine fetches, for administrators. They belong to the function admin."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from functions.http.auth import administrator
from functions.http.messages import read
from functions.http.operation import operation
from functions.schemas.admin import Pull, PullModel, Pulls
from olamchat.errors import NotFound, Unavailable
from olamchat.services.models import pulling

bp = Blueprint("pulls", __name__, url_prefix="/pulls")


@bp.get("")
@operation(response=Pulls, refuses=(Unavailable,))
@administrator
def listed(user_id: UUID) -> dict[str, Any]:  # noqa: ARG001, every administrator sees the same
    """List what is on its way, or was in the last day."""
    return pulling.listed()


@bp.post("")
@operation(status=202, body=PullModel, response=Pull, refuses=(NotFound, Unavailable))
@administrator
def ask(user_id: UUID) -> dict[str, Any]:
    """Have the engines of a pool fetch a model; asking twice is asking once."""
    said = read(PullModel)
    return pulling.ask(by=user_id, pool=said.pool, model=said.model)


@bp.post("/forget")
@operation(status=204, body=PullModel, refuses=(NotFound, Unavailable))
@administrator
def forget(user_id: UUID) -> None:
    """Stop a pull, or take one that is over off the list; what the engine has fetched stays with it."""
    said = read(PullModel)
    pulling.forget(by=user_id, pool=said.pool, model=said.model)
