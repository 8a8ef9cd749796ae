"""The statements about servers of tools: who may use which, what they offer, and what administrators say of that."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.clock import now, uuid7
from olamchat.db.rows import Row, run
from olamchat.permissions import conditions

# Whether a person may use a server: `p` is their row of users.
GROUPS = "tool_groups.server_id"
MAY = conditions.may_use("v", person="p.id", groups=GROUPS, people="tool_people.server_id")

_USABLE = f"""
SELECT v.name AS server, v.title AS server_title, v.kind, v.auth, v.usual, v.problem, t.name, t.alias, t.title, t.description, t.parameters,
    coalesce(t.own_effect, t.effect) AS effect, t.outside, coalesce(t.approval, v.approval) AS approval,
    v.auth <> 'oauth' OR EXISTS (SELECT FROM tool_connections k WHERE k.server_id = v.id AND k.user_id = p.id AND k.state = 'connected') AS connected
FROM users p CROSS JOIN tool_servers v JOIN tools t ON t.server_id = v.id
WHERE p.id = %(user_id)s AND t.enabled AND {MAY} ORDER BY v.name, t.name
"""  # noqa: S608, the condition above

_KEEP_SERVER = """
INSERT INTO tool_servers (id, created_at, name, title, kind, url, auth, token_variable, audience, approval, usual)
VALUES (%(id)s, %(at)s, %(name)s, %(title)s, %(kind)s, %(url)s, %(auth)s, %(token_variable)s, %(audience)s, %(approval)s, %(usual)s)
ON CONFLICT (name) DO NOTHING RETURNING *
"""

_KEEP_TOOLS = """
INSERT INTO tools (server_id, name, alias, title, description, parameters, effect, outside)
SELECT %(server_id)s, t.name, t.alias, t.title, t.description, t.parameters, t.effect, t.outside
FROM jsonb_to_recordset(%(tools)s) AS t (name text, alias text, title text, description text, parameters jsonb, effect text, outside boolean)
ON CONFLICT (server_id, name) DO UPDATE SET alias = excluded.alias, title = excluded.title, description = excluded.description,
    parameters = excluded.parameters, effect = excluded.effect, outside = excluded.outside
"""


def usable(user_id: UUID) -> list[Row]:
    """Return every tool that a person may use, with its server, `effect` and `approval` as they count."""
    return run(_USABLE, {"user_id": user_id})


def servers() -> list[Row]:
    """Return every server, with the ids of the `people` and the `groups` it was chosen for."""
    return run(
        """SELECT v.*, ARRAY(SELECT user_id FROM tool_people c WHERE c.server_id = v.id) AS people,
               ARRAY(SELECT group_id FROM tool_groups g WHERE g.server_id = v.id) AS groups
           FROM tool_servers v ORDER BY v.name"""
    )


def keep_programs(names: Sequence[str]) -> None:
    """Let the servers of the kind stdio be these. What was said of one that stays, stays."""
    _keep_own("stdio", dict.fromkeys(names, ""))


def keep_built_in(names: Iterable[str], titles: Mapping[str, str]) -> list[Row]:
    """Let the servers of the kind built_in be these, and return them; a name that an administrator has taken stays theirs."""
    _keep_own("built_in", {name: titles[name] for name in names})
    return run("SELECT * FROM tool_servers WHERE kind = 'built_in'")


def _keep_own(kind: str, titles: Mapping[str, str]) -> None:
    run("DELETE FROM tool_servers WHERE kind = %s AND NOT name = ANY(%s)", [kind, list(titles)])
    for name, title in titles.items():
        add({"name": name, "title": title, "kind": kind, "url": "", "auth": "none", "token_variable": "", "audience": "everyone",
             "approval": "writes", "usual": True})  # fmt: skip


def server(name: str) -> Row | None:
    found = run("SELECT * FROM tool_servers WHERE name = %s", [name])
    return found[0] if found else None


def add(values: Row) -> Row | None:
    """Keep a server; return its row, None where one has that name."""
    found = run(_KEEP_SERVER, {**values, "id": uuid7(), "at": now()})
    return found[0] if found else None


def change(name: str, values: Row) -> Row | None:
    """Change a server's columns; None where there is none."""
    columns = ", ".join(f"{column} = %({column})s" for column in values)
    found = run(f"UPDATE tool_servers SET {columns} WHERE name = %(of)s RETURNING *", {**values, "of": name})  # noqa: S608, columns are the service's
    return found[0] if found else None


def remove(name: str) -> bool:
    return bool(run("DELETE FROM tool_servers WHERE name = %s RETURNING name", [name]))


def choose(server_id: UUID, people: Sequence[UUID]) -> int:
    """Let these people use a server and no others; return how many of them there are."""
    run("DELETE FROM tool_people WHERE server_id = %s", [server_id])
    return len(run("INSERT INTO tool_people SELECT %s, id FROM users WHERE id = ANY(%s) RETURNING user_id", [server_id, list(people)]))


def tools(server_id: UUID) -> list[Row]:
    return run("SELECT * FROM tools WHERE server_id = %s ORDER BY name", [server_id])


def say(server_id: UUID, name: str, values: dict[str, Any]) -> bool:
    """Say otherwise of a tool: `own_effect`, `approval`, `enabled`. False where there is none."""
    sql = """UPDATE tools SET own_effect = %(own_effect)s, approval = %(approval)s, enabled = %(enabled)s
             WHERE server_id = %(server_id)s AND name = %(name)s RETURNING name"""
    return bool(run(sql, {**values, "server_id": server_id, "name": name}))


def checked(server_id: UUID, found: Sequence[Row] | None, problem: Row | None) -> None:
    """Note what a look at a server has found: its tools, or (None) only what is wrong. What administrators said of a tool stays."""
    run("UPDATE tool_servers SET checked_at = now(), problem = %s WHERE id = %s", [Jsonb(problem) if problem else None, server_id])
    if found is not None:
        run("DELETE FROM tools WHERE server_id = %s AND NOT name = ANY(%s)", [server_id, [tool["name"] for tool in found]])
        run(_KEEP_TOOLS, {"server_id": server_id, "tools": Jsonb(list(found))})


def due(after_s: float) -> list[str]:
    """Return the names of the servers that were looked at longer ago than this, and count them as looked at: two sweepers don't look twice."""
    sql = """UPDATE tool_servers SET checked_at = now()
             WHERE kind <> 'built_in' AND auth <> 'oauth' AND checked_at < now() - make_interval(secs => %s) RETURNING name"""
    return [row["name"] for row in run(sql, [after_s])]
