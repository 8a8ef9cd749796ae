"""Who is in a group: seen by its members, decided by its managers and by administrators. All of it is in the audit log.

A group that the asker may not see is NotFound.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from olamchat.db.people import groups as statements
from olamchat.db.pool import connected
from olamchat.errors import Forbidden, Invalid, NotFound
from olamchat.permissions import rules
from olamchat.services.people import accounts, audit
from olamchat.services.people.groups.membership import asker


def mine(*, user_id: UUID) -> list[dict[str, Any]]:
    """List the groups a person is in."""
    with connected():
        return [{"id": str(row["id"]), "name": row["name"], "manager": row["manager"]} for row in statements.mine(user_id)]


def listed(*, user_id: UUID, group_id: UUID) -> list[dict[str, Any]]:
    """List who is in a group. Raises NotFound."""
    if not rules.may_see_members(asker(user_id), group_id):
        raise NotFound
    with connected():
        if statements.find(group_id) is None:
            raise NotFound
        return [_shape(row) for row in statements.members(group_id)]


def add(*, user_id: UUID, group_id: UUID, email: str) -> list[dict[str, Any]]:
    """Put somebody who has an account into a group; return its members. Raises NotFound, Forbidden, Invalid."""
    _check(user_id, group_id)
    wanted = accounts.normal_email(email)
    with connected():
        if not statements.join(group_id, wanted):
            message = "No account has this email address."
            raise Invalid(message, errors=[{"field": "email", "message": message}])
    audit.note("group.joined", actor_id=user_id, subject=str(group_id), member=wanted)
    return listed(user_id=user_id, group_id=group_id)


def let_manage(*, user_id: UUID, group_id: UUID, member_id: UUID, manager: bool) -> list[dict[str, Any]]:
    """Make a member a manager of the group, or no longer one. Raises NotFound, Forbidden."""
    _check(user_id, group_id)
    with connected():
        if not statements.let_manage(group_id, member_id, manager):
            raise NotFound
    audit.note("group.managed", actor_id=user_id, subject=str(group_id), member=str(member_id), manager=manager)
    return listed(user_id=user_id, group_id=group_id)


def remove(*, user_id: UUID, group_id: UUID, member_id: UUID) -> None:
    """Take somebody out of a group; everybody may leave. What they gave to it is theirs alone again. Raises NotFound, Forbidden."""
    if user_id != member_id:
        _check(user_id, group_id)
    with connected():
        if not statements.leave(group_id, member_id):
            raise NotFound
    audit.note("group.left", actor_id=user_id, subject=str(group_id), member=str(member_id))


def _check(user_id: UUID, group_id: UUID) -> None:
    """Let only those pass who may manage the group; it isn't there for those who aren't in it."""
    who = asker(user_id)
    with connected():
        if statements.find(group_id) is None or not rules.may_see_members(who, group_id):
            raise NotFound
    if not rules.may_manage(who, group_id):
        raise Forbidden("Only a manager of the group can do that.")


def _shape(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": str(row["id"]), **{name: row[name] for name in ("email", "name", "manager", "by_claim")}}
