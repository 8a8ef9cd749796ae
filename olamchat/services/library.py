"""What people write once and give to each other, in versions: made, changed, gone back with.

One that the person may not use is not there (NotFound); only its owner changes it. All of these raise DatabaseLost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from olamchat.db.people import users
from olamchat.db.pool import connected, database
from olamchat.db.together.shelf import Shelf
from olamchat.errors import Conflict, Forbidden, Invalid, NotFound
from olamchat.permissions import rules
from olamchat.services.people import audit
from olamchat.services.people.groups import membership
from olamchat.services.serialize import time

Audience = Literal["owner", "chosen", "everyone"]
MOST = 500


class TooManyKept(Conflict):
    code, title = "too_many_kept", f"You can have at most {MOST} of these."


class HandleTaken(Conflict):
    code, title = "handle_taken", "Another one has this name already."


@dataclass(frozen=True)
class Library:
    """All of one kind: what its rows are, and what the audit log calls them."""

    shelf: Shelf

    def listed(self, *, user_id: UUID) -> list[dict[str, Any]]:
        """Return what a person may use, their own first."""
        with connected():
            return [shape(row) for row in self.shelf.usable(user_id)]

    def get(self, *, user_id: UUID, id_: UUID) -> dict[str, Any]:
        """Return one. Raises NotFound."""
        with connected():
            row = self.shelf.find(id_, user_id)
        if row is None:
            raise NotFound
        return shape(row)

    def create(
        self, *, user_id: UUID, handle: str, audience: Audience, groups: Sequence[UUID], content: Mapping[str, Any], note: str = ""
    ) -> dict[str, Any]:
        """Make one. Raises HandleTaken, TooManyKept, Forbidden where the person may not give it to this audience."""
        with connected(), database.atomic():
            users.lock(user_id)
            _check_audience(user_id, audience, groups)
            if self.shelf.count(user_id) >= MOST:
                raise TooManyKept
            id_ = self.shelf.add(user_id, handle, audience, content, note)
            if id_ is None:
                raise HandleTaken
            self._give(id_, audience, groups)
        self._note("made", user_id, handle, audience)
        return self.get(user_id=user_id, id_=id_)

    def change(
        self, *, user_id: UUID, id_: UUID, audience: Audience, groups: Sequence[UUID], content: Mapping[str, Any], note: str = ""
    ) -> dict[str, Any]:
        """Say everything of one's own again; where it says something else it is a new version. Raises NotFound, Forbidden."""
        with connected(), database.atomic():
            before = self.shelf.lock_own(id_, user_id)
            if before is None:
                raise NotFound
            _check_audience(user_id, audience, groups)
            if before["content"] != content:
                self.shelf.say(id_, content, note)
            self.shelf.change(id_, audience)
            self._give(id_, audience, groups)
        self._note("changed", user_id, before["handle"], audience, was=before["audience"])
        return self.get(user_id=user_id, id_=id_)

    def delete(self, *, user_id: UUID, id_: UUID) -> None:
        """Delete one's own with its versions. Raises NotFound."""
        with connected():
            before = self.shelf.remove(id_, user_id)
        if before is None:
            raise NotFound
        self._note("removed", user_id, before["handle"], before["audience"])

    def versions(self, *, user_id: UUID, id_: UUID) -> list[dict[str, Any]]:
        """Return the versions of one's own, the newest first. Raises NotFound."""
        with connected():
            found = self.shelf.versions(id_, user_id)
        if not found:
            raise NotFound
        return [{"number": row["number"], "note": row["note"], "at": time(row["created_at"]), **row["content"]} for row in found]

    def go_back(self, *, user_id: UUID, id_: UUID, number: int) -> dict[str, Any]:
        """Make an earlier version the newest again. Raises NotFound."""
        with connected(), database.atomic():
            before = self.shelf.lock_own(id_, user_id)
            content = self.shelf.content(id_, number) if before else None
            if before is None or content is None:
                raise NotFound
            self.shelf.say(id_, content, f"← {number}")
        self._note("changed", user_id, before["handle"], before["audience"])
        return self.get(user_id=user_id, id_=id_)

    def take(self, *, user_id: UUID, handle: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Make one of one's own out of a file; a name that is taken gets a number. Raises TooManyKept, HandleTaken."""
        for number in range(1, 100):
            name = handle if number == 1 else f"{handle[:36]}-{number}"
            try:
                return self.create(user_id=user_id, handle=name, audience="owner", groups=(), content=content)
            except HandleTaken:
                continue
        raise HandleTaken

    def _give(self, id_: UUID, audience: Audience, groups: Sequence[UUID]) -> None:
        given = set(groups) if audience == "chosen" else set()
        if self.shelf.give(id_, given) != len(given):
            message = "There is no such group."
            raise Invalid(message, errors=[{"field": "groups", "message": message}])

    def _note(self, what: str, user_id: UUID, handle: str, audience: Audience, *, was: Audience = "owner") -> None:
        """What more than one person uses, or did until now, is everybody's business."""
        if {audience, was} != {"owner"}:
            audit.note(f"{self.shelf.one}.{what}", actor_id=user_id, subject=handle, audience=audience)


def shape(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one as the API shows it. Whom the owner has given it to is the owner's business."""
    groups = [str(group) for group in row["groups"]] if row["mine"] else []
    same = {name: row[name] for name in ("handle", "audience", "version", "mine")}
    return {"id": str(row["id"]), **same, "groups": groups, "changed_at": time(row["changed_at"]), **row["content"]}


def _check_audience(user_id: UUID, audience: Audience, groups: Sequence[UUID]) -> None:
    if rules.may_give(membership.asker(user_id), audience, groups):
        return
    if audience == "everyone":
        raise Forbidden("Only administrators can give something to everyone.")
    raise Forbidden("You can give something only to groups you are in.")
