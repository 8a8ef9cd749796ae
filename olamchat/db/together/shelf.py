"""The statements about what people write once and give to each other, in versions: assistants and prompts are each a shelf."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.clock import now, uuid7
from olamchat.db.people import groups
from olamchat.db.rows import Row, run
from olamchat.permissions import conditions

_SHOWN = """
SELECT a.id, a.handle, a.audience, a.version, a.created_at, a.user_id = %(user_id)s AS mine, v.content, v.created_at AS changed_at,
    ARRAY(SELECT group_id FROM {one}_groups g WHERE g.{one}_id = a.id) AS groups
FROM {one}s a JOIN {one}_versions v ON v.{one}_id = a.id AND v.number = a.version WHERE {usable}
"""
_ADD = """
WITH made AS (
    INSERT INTO {one}s (id, created_at, user_id, handle, audience) VALUES (%(id)s, %(at)s, %(user_id)s, %(handle)s, %(audience)s)
    ON CONFLICT DO NOTHING RETURNING id
)
INSERT INTO {one}_versions ({one}_id, number, note, content) SELECT id, 1, %(note)s, %(content)s FROM made RETURNING {one}_id
"""
_NEXT = """
WITH moved AS (UPDATE {one}s SET version = version + 1 WHERE id = %(id)s RETURNING id, version)
INSERT INTO {one}_versions ({one}_id, number, note, content) SELECT id, version, %(note)s, %(content)s FROM moved
"""
_LOCK = """
SELECT a.*, v.content FROM {one}s a JOIN {one}_versions v ON v.{one}_id = a.id AND v.number = a.version
WHERE a.id = %(id)s AND a.user_id = %(user_id)s FOR NO KEY UPDATE OF a
"""
_VERSIONS = """
SELECT v.* FROM {one}_versions v JOIN {one}s a ON a.id = v.{one}_id
WHERE a.id = %(id)s AND a.user_id = %(user_id)s ORDER BY v.number DESC LIMIT 200
"""


@dataclass(frozen=True)
class Shelf:
    """The tables of one kind of thing: `one`s, `one`_versions, `one`_groups."""

    one: str

    def usable(self, user_id: UUID) -> list[Row]:
        """Return what a person may use, their own first, by handle."""
        return self._run(_SHOWN + " ORDER BY a.user_id <> %(user_id)s, a.handle, a.id", user_id=user_id)

    def find(self, id_: UUID, user_id: UUID) -> Row | None:
        return self._first(_SHOWN + " AND a.id = %(id)s", user_id=user_id, id=id_)

    def named(self, handle: str, user_id: UUID | None) -> Row | None:
        """Return the one of this handle, where the person may use it."""
        return self._first(_SHOWN + " AND a.handle = %(handle)s", user_id=user_id, handle=handle)

    def lock_own(self, id_: UUID, user_id: UUID) -> Row | None:
        """Return a person's own with its content, and let nobody else change it before the transaction ends."""
        return self._first(_LOCK, id=id_, user_id=user_id)

    def count(self, user_id: UUID) -> int:
        return int(self._run("SELECT count(*) AS n FROM {one}s WHERE user_id = %(user_id)s", user_id=user_id)[0]["n"])

    def add(self, user_id: UUID, handle: str, audience: str, content: Any, note: str) -> UUID | None:
        """Make one; None where another has the handle."""
        id_ = uuid7()
        said = {"id": id_, "at": now(), "user_id": user_id, "handle": handle, "audience": audience, "note": note}
        return id_ if self._run(_ADD, **said, content=Jsonb(content)) else None

    def change(self, id_: UUID, audience: str) -> None:
        self._run("UPDATE {one}s SET audience = %(audience)s WHERE id = %(id)s", id=id_, audience=audience)

    def say(self, id_: UUID, content: Any, note: str) -> None:
        """Make the next version of one that is locked."""
        self._run(_NEXT, id=id_, note=note, content=Jsonb(content))

    def remove(self, id_: UUID, user_id: UUID) -> Row | None:
        """Remove a person's own; return what it was called and who could use it."""
        sql = "DELETE FROM {one}s WHERE id = %(id)s AND user_id = %(user_id)s RETURNING handle, audience"
        return self._first(sql, id=id_, user_id=user_id)

    def versions(self, id_: UUID, user_id: UUID) -> list[Row]:
        """Return the versions of a person's own, the newest first."""
        return self._run(_VERSIONS, id=id_, user_id=user_id)

    def content(self, id_: UUID, number: int) -> Any:
        """Return what a version says; None where it is gone."""
        found = self._first("SELECT content FROM {one}_versions WHERE {one}_id = %(id)s AND number = %(number)s", id=id_, number=number)
        return found and found["content"]

    def give(self, id_: UUID, chosen: Iterable[UUID]) -> int:
        """Give one to these groups and no others; return how many of them there are."""
        return groups.choose(self._groups, id_, chosen)

    @property
    def _groups(self) -> str:
        return f"{self.one}_groups.{self.one}_id"

    def _run(self, sql: str, **values: Any) -> list[Row]:
        usable = conditions.may_use("a", person="%(user_id)s", groups=self._groups, owned=True)
        return run(sql.format(one=self.one, usable=usable), values)

    def _first(self, sql: str, **values: Any) -> Row | None:
        found = self._run(sql, **values)
        return found[0] if found else None


assistants, prompts = Shelf("assistant"), Shelf("prompt")
