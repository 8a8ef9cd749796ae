"""The groups a person is in: who else is in them, and for their managers who is to be."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from functions.http.auth import refuse_key, signed_in
from functions.http.messages import read
from functions.http.operation import operation
from functions.schemas.groups import AddMember, ChangeMember, Members, MyGroups
from olamchat.errors import Forbidden
from olamchat.services.people.groups import members

bp = Blueprint("groups", __name__, url_prefix="/groups")


@bp.get("")
@operation(response=MyGroups)
@signed_in
def mine(user_id: UUID) -> dict[str, Any]:
    """List the groups you are in."""
    return {"items": members.mine(user_id=user_id)}


@bp.get("/<uuid:group_id>/members")
@operation(response=Members)
@signed_in
def listed(user_id: UUID, group_id: UUID) -> dict[str, Any]:
    """List who is in a group that you are in."""
    return {"items": members.listed(user_id=user_id, group_id=group_id)}


@bp.post("/<uuid:group_id>/members")
@operation(body=AddMember, response=Members, refuses=(Forbidden,))
@signed_in
def add(user_id: UUID, group_id: UUID) -> dict[str, Any]:
    """Put somebody who has an account into a group that you manage. No API key does."""
    refuse_key()
    return {"items": members.add(user_id=user_id, group_id=group_id, email=read(AddMember).email)}


@bp.patch("/<uuid:group_id>/members/<uuid:person_id>")
@operation(body=ChangeMember, response=Members, refuses=(Forbidden,))
@signed_in
def change(user_id: UUID, group_id: UUID, person_id: UUID) -> dict[str, Any]:
    """Make a member a manager of the group, or no longer one. No API key does."""
    refuse_key()
    said = read(ChangeMember)
    return {"items": members.let_manage(user_id=user_id, group_id=group_id, member_id=person_id, manager=said.manager)}


@bp.delete("/<uuid:group_id>/members/<uuid:person_id>")
@operation(status=204, refuses=(Forbidden,))
@signed_in
def remove(user_id: UUID, group_id: UUID, person_id: UUID) -> None:
    """Take somebody out of a group that you manage, or leave one. No API key does."""
    refuse_key()
    members.remove(user_id=user_id, group_id=group_id, member_id=person_id)
