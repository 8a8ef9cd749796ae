"""Collections of documents: a person's own, those given to their groups, and those that an administrator has given to everyone.

A collection that is not the person's to read is not there (NotFound). All of these raise DatabaseLost.
"""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from olamchat.db.knowledge import collections as rows
from olamchat.db.people import groups as group_rows
from olamchat.db.people import users
from olamchat.db.pool import connected, database
from olamchat.errors import Conflict, Forbidden, Invalid, NotFound
from olamchat.permissions import rules
from olamchat.services.knowledge import shape
from olamchat.services.people.groups import membership

Audience = Literal["owner", "chosen", "everyone"]
MOST = 200
# For so long a deletion can be taken back.
KEPT_S = 86_400


class TooManyCollections(Conflict):
    code, title = "too_many_collections", f"You can have at most {MOST} collections."


def listed(*, user_id: UUID) -> list[dict[str, Any]]:
    """Return what a person may read."""
    with connected():
        return [shape.collection(row) for row in rows.readable(user_id)]


def get(*, user_id: UUID, collection_id: UUID) -> dict[str, Any]:
    """Return one. Raises NotFound."""
    with connected():
        row = rows.find(collection_id, user_id)
    if row is None:
        raise NotFound
    return shape.collection(row)


def create(*, user_id: UUID, name: str, audience: Audience, groups: Sequence[UUID] = ()) -> dict[str, Any]:
    """Make one. Raises TooManyCollections, Forbidden where the person may not give it to this audience."""
    with connected(), database.atomic():
        users.lock(user_id)
        _check_audience(user_id, audience, groups)
        if rows.count(user_id) >= MOST:
            raise TooManyCollections
        collection_id = rows.add(user_id, name, audience)
        _give(collection_id, audience, groups)
    return get(user_id=user_id, collection_id=collection_id)


def change(
    *, user_id: UUID, collection_id: UUID, name: str | None, audience: Audience | None, groups: Sequence[UUID] = ()
) -> dict[str, Any]:
    """Rename one's own, or say who may read it: `groups` count where the audience is "chosen". Raises NotFound, Forbidden."""
    with connected(), database.atomic():
        _check_audience(user_id, audience, groups)
        if not rows.change(collection_id, user_id, name=name, audience=audience):
            raise NotFound
        if audience is not None:
            _give(collection_id, audience, groups)
    return get(user_id=user_id, collection_id=collection_id)


def delete(*, user_id: UUID, collection_id: UUID) -> None:
    """Delete one's own with its documents, which can be taken back for a day. What was cited stays in its answers. Raises NotFound."""
    with connected():
        if not rows.delete(collection_id, user_id):
            raise NotFound


def restore(*, user_id: UUID, collection_id: UUID) -> dict[str, Any]:
    """Take a deletion back. Raises NotFound."""
    with connected():
        if not rows.restore(collection_id, user_id):
            raise NotFound
    return get(user_id=user_id, collection_id=collection_id)


def _check_audience(user_id: UUID, audience: Audience | None, groups: Sequence[UUID]) -> None:
    if audience is None or rules.may_give(membership.asker(user_id), audience, groups):
        return
    if audience == "everyone":
        raise Forbidden("Only administrators can give a collection to everyone.")
    raise Forbidden("You can give a collection only to groups you are in.")


def _give(collection_id: UUID, audience: Audience, groups: Sequence[UUID]) -> None:
    given = set(groups) if audience == "chosen" else set()
    if group_rows.choose(rows.GROUPS, collection_id, given) != len(given):
        message = "There is no such group."
        raise Invalid(message, errors=[{"field": "groups", "message": message}])
