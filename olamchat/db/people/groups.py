"""The statements about groups and who is in them."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.clock import now, uuid7
from olamchat.db.rows import Row, run

# What their groups give to the person whose row of users is `u`: {ids, manages, quotas, weight}; null where they are in none.
OF_PERSON = """(
    SELECT jsonb_build_object('ids', jsonb_agg(g.id), 'manages', coalesce(jsonb_agg(g.id) FILTER (WHERE m.manager), '[]'),
        'quotas', coalesce(jsonb_agg(g.quota) FILTER (WHERE g.quota IS NOT NULL), '[]'), 'weight', max(g.weight))
    FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.user_id = u.id HAVING count(*) > 0)"""

_SHOWN = """
SELECT g.id, g.name, g.quota, g.weight, g.second_factor, (SELECT count(*) FROM group_members m WHERE m.group_id = g.id) AS members
FROM groups g
"""

_CHANGE = """UPDATE groups SET name = %(name)s, quota = %(quota)s, weight = %(weight)s, second_factor = %(second_factor)s
WHERE id = %(id)s RETURNING id"""

_ADD = """
INSERT INTO group_members (group_id, user_id) SELECT g.id, u.id FROM groups g, users u WHERE g.id = %(group_id)s AND u.email = %(email)s
ON CONFLICT (group_id, user_id) DO UPDATE SET by_claim = false RETURNING user_id
"""

# What somebody who leaves has given to the group is no longer the group's.
_REMOVE = """
WITH gone AS (
    DELETE FROM group_members WHERE group_id = %(group_id)s AND user_id = %(user_id)s RETURNING group_id, user_id
), taken AS (
    DELETE FROM collection_groups l USING gone, collections c
    WHERE l.group_id = gone.group_id AND l.collection_id = c.id AND c.user_id = gone.user_id
), dismissed AS (
    DELETE FROM assistant_groups l USING gone, assistants a
    WHERE l.group_id = gone.group_id AND l.assistant_id = a.id AND a.user_id = gone.user_id
), unsaid AS (
    DELETE FROM prompt_groups l USING gone, prompts p WHERE l.group_id = gone.group_id AND l.prompt_id = p.id AND p.user_id = gone.user_id
)
SELECT user_id FROM gone
"""

# Groups that a rule names and that aren't there yet are made.
_CLAIM = """
WITH named AS (
    INSERT INTO groups (id, created_at, name) SELECT DISTINCT ON (lower(w.name)) w.id, %(at)s::timestamptz, w.name
    FROM unnest(%(ids)s::uuid[], %(names)s::text[]) AS w (id, name) ORDER BY lower(w.name)
    ON CONFLICT (lower(name)) DO UPDATE SET name = groups.name RETURNING id
)
INSERT INTO group_members (group_id, user_id, by_claim) SELECT id, %(user_id)s, true FROM named
ON CONFLICT (group_id, user_id) DO NOTHING RETURNING group_id
"""


def of_person(user_id: UUID) -> Row | None:
    """Return a person's `role` and their `groups` as OF_PERSON has them."""
    found = run(f"SELECT u.role, {OF_PERSON} AS groups FROM users u WHERE u.id = %s", [user_id])  # noqa: S608, a constant
    return found[0] if found else None


def every() -> list[Row]:
    return run(f"{_SHOWN} ORDER BY lower(g.name)")


def find(group_id: UUID) -> Row | None:
    found = run(f"{_SHOWN} WHERE g.id = %s", [group_id])
    return found[0] if found else None


def named(name: str) -> UUID | None:
    """Return the group of this name, in capitals or not."""
    found = run("SELECT id FROM groups WHERE lower(name) = lower(%s)", [name])
    return found[0]["id"] if found else None


def mine(user_id: UUID) -> list[Row]:
    """Return the groups a person is in, with whether they manage each."""
    sql = """SELECT g.id, g.name, m.manager FROM groups g JOIN group_members m ON m.group_id = g.id
             WHERE m.user_id = %s ORDER BY lower(g.name)"""
    return run(sql, [user_id])


def add(values: Row) -> UUID | None:
    """Make a group; None where one has the name."""
    group_id = uuid7()
    sql = """INSERT INTO groups (id, created_at, name, quota, weight, second_factor)
             VALUES (%(id)s, %(at)s, %(name)s, %(quota)s, %(weight)s, %(second_factor)s)
             ON CONFLICT (lower(name)) DO NOTHING RETURNING id"""
    return group_id if run(sql, {**_kept(values), "id": group_id, "at": now()}) else None


def change(group_id: UUID, values: Row) -> bool:
    """Replace what is said of a group; False where there is none. Raises IntegrityError where another has the name."""
    return bool(run(_CHANGE, {**_kept(values), "id": group_id}))


def remove(group_id: UUID) -> bool:
    return bool(run("DELETE FROM groups WHERE id = %s RETURNING id", [group_id]))


def members(group_id: UUID) -> list[Row]:
    sql = """SELECT u.id, u.email, u.name, m.manager, m.by_claim FROM group_members m JOIN users u ON u.id = m.user_id
             WHERE m.group_id = %s ORDER BY u.email"""
    return run(sql, [group_id])


def join(group_id: UUID, email: str) -> bool:
    """Put the person with this email into a group by hand; False where there is no such person."""
    return bool(run(_ADD, {"group_id": group_id, "email": email}))


def let_manage(group_id: UUID, user_id: UUID, manager: bool) -> bool:
    sql = "UPDATE group_members SET manager = %s WHERE group_id = %s AND user_id = %s RETURNING user_id"
    return bool(run(sql, [manager, group_id, user_id]))


def let_these_manage(group_id: UUID, emails: Sequence[str]) -> None:
    """Make those of the members managers who have one of these emails."""
    sql = """UPDATE group_members m SET manager = true FROM users u
             WHERE m.group_id = %s AND u.id = m.user_id AND u.email = ANY(%s)"""
    run(sql, [group_id, list(emails)])


def leave(group_id: UUID, user_id: UUID) -> bool:
    """Take a person out of a group, with what they gave to it."""
    return bool(run(_REMOVE, {"group_id": group_id, "user_id": user_id}))


def claim(user_id: UUID, names: Sequence[str]) -> list[UUID]:
    """Let a person be in the groups of these names and, of those they were in by a claim, in no others; return the ones joined."""
    sql = """SELECT m.group_id FROM group_members m JOIN groups g ON g.id = m.group_id
             WHERE m.user_id = %s AND m.by_claim AND lower(g.name) NOT IN (SELECT lower(name) FROM unnest(%s::text[]) AS w (name))"""
    for row in run(sql, [user_id, list(names)]):
        leave(row["group_id"], user_id)
    values = {"user_id": user_id, "names": list(names), "ids": [uuid7() for _ in names], "at": now()}
    return [row["group_id"] for row in run(_CLAIM, values)] if names else []


def choose(link: str, thing: Any, groups: Iterable[UUID]) -> int:
    """Give a thing to these groups and no others; return how many of them there are. `link` is like `tool_groups.server_id`."""
    table, _, column = link.partition(".")
    run(f"DELETE FROM {table} WHERE {column} = %s", [thing])  # noqa: S608, names are the statements' own
    sql = f"INSERT INTO {table} ({column}, group_id) SELECT %s, id FROM groups WHERE id = ANY(%s) RETURNING group_id"  # noqa: S608, the same
    return len(run(sql, [thing, list(groups)]))


def names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of these groups."""
    return {row["id"]: row["name"] for row in run("SELECT id, name FROM groups WHERE id = ANY(%s)", [list(ids)])}


def _kept(values: Row) -> Row:
    return {**values, "quota": Jsonb(values["quota"]) if values["quota"] is not None else None}
