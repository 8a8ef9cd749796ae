"""Groups, for administrators. They belong to the function admin; who is in a group is /api/groups'."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from functions.http.auth import administrator
from functions.http.messages import read
from functions.http.operation import operation
from functions.schemas.groups import Group, Groups, GroupSettings
from olamchat.services.people.groups import groups
from olamchat.services.people.groups.groups import GroupNameTaken

bp = Blueprint("groups", __name__, url_prefix="/groups")


@bp.get("")
@operation(response=Groups)
@administrator
def listed(user_id: UUID) -> dict[str, Any]:  # noqa: ARG001, every administrator sees the same
    """List every group."""
    return {"items": groups.listed()}


@bp.post("")
@operation(status=201, body=GroupSettings, response=Group, refuses=(GroupNameTaken,))
@administrator
def create(user_id: UUID) -> dict[str, Any]:
    """Make a group."""
    return groups.create(by=user_id, **read(GroupSettings).model_dump())


@bp.put("/<uuid:group_id>")
@operation(body=GroupSettings, response=Group, refuses=(GroupNameTaken,))
@administrator
def change(user_id: UUID, group_id: UUID) -> dict[str, Any]:
    """Replace all that is said of a group."""
    return groups.change(by=user_id, group_id=group_id, **read(GroupSettings).model_dump())


@bp.delete("/<uuid:group_id>")
@operation(status=204)
@administrator
def remove(user_id: UUID, group_id: UUID) -> None:
    """Remove a group. Its members stay, and so does what was given to it."""
    groups.remove(by=user_id, group_id=group_id)
