"""Making assistants, changing them, going back to an earlier version.

One that the person may not use is not there (NotFound); only its owner changes it. All of these raise DatabaseLost.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from olamchat.db.people import groups as group_rows
from olamchat.db.people import users
from olamchat.db.pool import connected, database
from olamchat.db.together import assistants as rows
from olamchat.errors import Conflict, Forbidden, Invalid, NotFound
from olamchat.permissions import rules
from olamchat.services.people import audit
from olamchat.services.people.groups import membership
from olamchat.services.serialize import time

Audience = Literal["owner", "chosen", "everyone"]
MOST = 200


class TooManyAssistants(Conflict):
    code, title = "too_many_assistants", f"You can have at most {MOST} assistants."


class HandleTaken(Conflict):
    code, title = "handle_taken", "Another assistant has this name already."


def listed(*, user_id: UUID) -> list[dict[str, Any]]:
    """Return what a person may use, their own first."""
    with connected():
        return [shape(row) for row in rows.usable(user_id)]


def get(*, user_id: UUID, assistant_id: UUID) -> dict[str, Any]:
    """Return one. Raises NotFound."""
    with connected():
        row = rows.find(assistant_id, user_id)
    if row is None:
        raise NotFound
    return shape(row)


def create(
    *, user_id: UUID, handle: str, audience: Audience, groups: Sequence[UUID], content: Mapping[str, Any], note: str = ""
) -> dict[str, Any]:
    """Make one. Raises HandleTaken, TooManyAssistants, Forbidden where the person may not give it to this audience."""
    with connected(), database.atomic():
        users.lock(user_id)
        _check_audience(user_id, audience, groups)
        if rows.count(user_id) >= MOST:
            raise TooManyAssistants
        assistant_id = rows.add(user_id, handle, audience, content, note)
        if assistant_id is None:
            raise HandleTaken
        _give(assistant_id, audience, groups)
    _note("assistant.made", user_id, handle, audience)
    return get(user_id=user_id, assistant_id=assistant_id)


def change(
    *, user_id: UUID, assistant_id: UUID, audience: Audience, groups: Sequence[UUID], content: Mapping[str, Any], note: str = ""
) -> dict[str, Any]:
    """Say everything of one's own again; where it says something else it is a new version. Raises NotFound, Forbidden."""
    with connected(), database.atomic():
        before = rows.lock_own(assistant_id, user_id)
        if before is None:
            raise NotFound
        _check_audience(user_id, audience, groups)
        if before["content"] != content:
            rows.say(assistant_id, content, note)
        rows.change(assistant_id, audience)
        _give(assistant_id, audience, groups)
    _note("assistant.changed", user_id, before["handle"], audience)
    return get(user_id=user_id, assistant_id=assistant_id)


def delete(*, user_id: UUID, assistant_id: UUID) -> None:
    """Delete one's own with its versions. What it answered stays. Raises NotFound."""
    with connected():
        if not rows.remove(assistant_id, user_id):
            raise NotFound


def versions(*, user_id: UUID, assistant_id: UUID) -> list[dict[str, Any]]:
    """Return the versions of one's own, the newest first. Raises NotFound."""
    with connected():
        found = rows.versions(assistant_id, user_id)
    if not found:
        raise NotFound
    return [{"number": row["number"], "note": row["note"], "at": time(row["created_at"]), **row["content"]} for row in found]


def go_back(*, user_id: UUID, assistant_id: UUID, number: int) -> dict[str, Any]:
    """Make an earlier version the newest again. Raises NotFound."""
    with connected(), database.atomic():
        content = rows.content(assistant_id, number) if rows.lock_own(assistant_id, user_id) else None
        if content is None:
            raise NotFound
        rows.say(assistant_id, content, f"← {number}")
    return get(user_id=user_id, assistant_id=assistant_id)


def shape(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an assistant as the API shows it. Whom the owner has given it to is the owner's business."""
    groups = [str(group) for group in row["groups"]] if row["mine"] else []
    same = {name: row[name] for name in ("handle", "audience", "version", "mine")}
    return {"id": str(row["id"]), **same, "groups": groups, "changed_at": time(row["changed_at"]), **row["content"]}


def _check_audience(user_id: UUID, audience: Audience, groups: Sequence[UUID]) -> None:
    if rules.may_give(membership.asker(user_id), audience, groups):
        return
    if audience == "everyone":
        raise Forbidden("Only administrators can give an assistant to everyone.")
    raise Forbidden("You can give an assistant only to groups you are in.")


def _give(assistant_id: UUID, audience: Audience, groups: Sequence[UUID]) -> None:
    given = set(groups) if audience == "chosen" else set()
    if group_rows.choose(rows.GROUPS, assistant_id, given) != len(given):
        message = "There is no such group."
        raise Invalid(message, errors=[{"field": "groups", "message": message}])


def _note(event: str, user_id: UUID, handle: str, audience: Audience) -> None:
    """What more than one person uses is everybody's business."""
    if audience != "owner":
        audit.note(event, actor_id=user_id, subject=handle, audience=audience)
