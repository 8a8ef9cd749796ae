"""The rules, as questions about one asker and one thing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Audience = Literal["owner", "everyone", "administrators", "chosen", "nobody"]
NONE: frozenset[UUID] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """A person, the groups they are in, and those of them that they manage."""

    user_id: UUID | None = None
    role: str = "user"
    groups: frozenset[UUID] = NONE
    manages: frozenset[UUID] = NONE

    @property
    def is_administrator(self) -> bool:
        return self.role == "admin"


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """Something that is used by more than one person. `people` and `groups` count where the audience is "chosen"."""

    audience: Audience
    owner: UUID | None = None
    people: frozenset[UUID] = NONE
    groups: frozenset[UUID] = NONE


def may_use(asker: Asker, thing: Thing) -> bool:
    """Tell whether the asker sees the thing and may use it."""
    if thing.owner is not None and asker.user_id == thing.owner:
        return True
    match thing.audience:
        case "everyone":
            return True
        case "administrators":
            return asker.is_administrator
        case "chosen":
            return asker.user_id in thing.people or not asker.groups.isdisjoint(thing.groups)
    return False


def may_change(asker: Asker, thing: Thing) -> bool:
    """Tell whether the asker may change or delete the thing: what has no owner belongs to the administrators."""
    return asker.is_administrator if thing.owner is None else asker.user_id == thing.owner


def may_give(asker: Asker, audience: Audience, groups: Iterable[UUID] = ()) -> bool:
    """Tell whether the asker may give something of their own to this audience."""
    if audience == "owner" or asker.is_administrator:
        return True
    return audience == "chosen" and asker.groups.issuperset(groups)


def may_see_members(asker: Asker, group: UUID) -> bool:
    """Tell whether the asker may see who is in the group."""
    return asker.is_administrator or group in asker.groups


def may_manage(asker: Asker, group: UUID) -> bool:
    """Tell whether the asker may add and remove members of the group."""
    return asker.is_administrator or group in asker.manages
