"""What the routes about groups take and give."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from functions.http.messages import Body
from functions.schemas.answer import Answer
from functions.schemas.requests import OwnQuota


class GroupSettings(Body):
    """All that is said of a group: a name, each member's tokens, and its share of the workers; null leaves it to the role.

    With `second_factor`, members who sign in by password must have two-step sign-in.
    """

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    quota: OwnQuota | None = None
    weight: float | None = Field(default=None, ge=0.01, le=100)
    second_factor: bool = False


class GroupQuota(Answer):
    day: int | None
    month: int | None


class Group(Answer):
    """A group as administrators see it."""

    id: UUID
    name: str
    quota: GroupQuota | None
    weight: float | None
    second_factor: bool
    members: int


class Groups(Answer):
    items: list[Group]


class MyGroup(Answer):
    """A group one is in; a `manager` adds and removes members."""

    id: UUID
    name: str
    manager: bool


class MyGroups(Answer):
    items: list[MyGroup]


class Member(Answer):
    """Somebody in a group; `by_claim` where the sign-in provider decides at each sign-in whether they stay."""

    id: UUID
    email: str
    name: str
    manager: bool
    by_claim: bool


class Members(Answer):
    items: list[Member]


class AddMember(Body):
    email: str = Field(max_length=254)


class ChangeMember(Body):
    manager: bool
