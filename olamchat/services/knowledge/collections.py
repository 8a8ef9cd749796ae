"""Collections of documents: a person's own, and those that an administrator has given to everybody.

A collection that is not the person's to read is not there (NotFound). All of these raise DatabaseLost.
"""

from typing import Any, Literal
from uuid import UUID

from olamchat.db.knowledge import collections as rows
from olamchat.db.people import users
from olamchat.db.pool import connected, database
from olamchat.errors import Conflict, Forbidden, NotFound
from olamchat.services.knowledge import shape

Audience = Literal["owner", "everyone"]
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


def create(*, user_id: UUID, name: str, audience: Audience) -> dict[str, Any]:
    """Make one. Raises TooManyCollections, Forbidden where somebody else than an administrator wants it for everybody."""
    with connected(), database.atomic():
        users.lock(user_id)
        _check_audience(user_id, audience)
        if rows.count(user_id) >= MOST:
            raise TooManyCollections
        collection_id = rows.add(user_id, name, audience)
    return get(user_id=user_id, collection_id=collection_id)


def change(*, user_id: UUID, collection_id: UUID, name: str | None, audience: Audience | None) -> dict[str, Any]:
    """Rename one's own, or say who may read it. Raises NotFound, Forbidden."""
    with connected(), database.atomic():
        _check_audience(user_id, audience)
        if not rows.change(collection_id, user_id, name=name, audience=audience):
            raise NotFound
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


def _check_audience(user_id: UUID, audience: Audience | None) -> None:
    if audience == "everyone" and (users.find(user_id) or {}).get("role") != "admin":
        raise Forbidden("Only administrators can give a collection to everyone.")
