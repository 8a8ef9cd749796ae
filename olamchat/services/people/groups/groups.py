"""Groups as administrators make them: a name, a quota for each member, a share of the workers. All of it is in the audit log."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import peewee

from olamchat.db.people import groups as statements
from olamchat.db.pool import connected, database
from olamchat.errors import Conflict, NotFound
from olamchat.services.people import audit


class GroupNameTaken(Conflict):
    code, title = "group_name_taken", "There is a group of this name already."


def listed() -> list[dict[str, Any]]:
    """List every group with how many are in it."""
    with connected():
        return [_shape(row) for row in statements.every()]


def get(group_id: UUID) -> dict[str, Any]:
    """Return one. Raises NotFound."""
    with connected():
        row = statements.find(group_id)
    if row is None:
        raise NotFound
    return _shape(row)


def create(*, by: UUID, **said: Any) -> dict[str, Any]:
    """Make a group of `name`, `quota`, `weight` and `second_factor`. Raises GroupNameTaken."""
    with connected():
        group_id = statements.add(said)
    if group_id is None:
        raise GroupNameTaken
    audit.note("group.made", actor_id=by, subject=str(group_id), **said)
    return get(group_id)


def change(*, by: UUID, group_id: UUID, **said: Any) -> dict[str, Any]:
    """Replace what is said of a group. Raises NotFound, GroupNameTaken."""
    try:
        with connected(), database.atomic():
            if not statements.change(group_id, said):
                raise NotFound
    except peewee.IntegrityError:  # the name, whether taken long ago or at this very moment
        raise GroupNameTaken from None
    audit.note("group.changed", actor_id=by, subject=str(group_id), **said)
    return get(group_id)


def remove(*, by: UUID, group_id: UUID) -> None:
    """Remove a group; what was given to it alone is nobody's any more but its owner's. Raises NotFound."""
    with connected():
        before = statements.find(group_id)
        if before is None or not statements.remove(group_id):
            raise NotFound
    audit.note("group.removed", actor_id=by, subject=before["name"])


def _shape(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": str(row["id"]), **{name: row[name] for name in ("name", "quota", "weight", "second_factor", "members")}}
