"""What a person's groups give them, as statements bring it along with the person."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from olamchat.db.people import groups as statements
from olamchat.db.pool import connected
from olamchat.permissions.rules import Asker


def ids(groups: Mapping[str, Any] | None, name: str = "ids") -> frozenset[UUID]:
    """Return the groups of a row's `user_groups`."""
    return frozenset(UUID(id_) for id_ in groups[name]) if groups else frozenset()


def asker(user_id: UUID) -> Asker:
    """Return a person as permissions ask about them; one who is gone is nobody's. Raises DatabaseLost."""
    with connected():
        row = statements.of_person(user_id)
    if row is None:
        return Asker(user_id=user_id)
    return Asker(user_id=user_id, role=row["role"], groups=ids(row["groups"]), manages=ids(row["groups"], "manages"))


def quotas(groups: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Return the quotas of those groups that have one."""
    return groups["quotas"] if groups else []


def weight(groups: Mapping[str, Any] | None) -> float | None:
    """Return the largest weight of the groups, None where none has one."""
    return groups["weight"] if groups else None
