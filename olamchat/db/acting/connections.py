"""The statements about people's connections to servers of tools."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.db.acting.tools import MAY
from olamchat.db.rows import Row, run

_MINE = f"""
SELECT v.name, v.title, v.url, c.state, c.scope, c.problem, c.connected_at
FROM users p CROSS JOIN tool_servers v LEFT JOIN tool_connections c ON c.server_id = v.id AND c.user_id = p.id
WHERE p.id = %s AND v.auth = 'oauth' AND {MAY} ORDER BY v.name
"""  # noqa: S608, the condition of tools

_ASK = """
INSERT INTO tool_connections (user_id, server_id, state) VALUES (%(user)s, %(server)s, 'asking')
ON CONFLICT (user_id, server_id) DO UPDATE SET state = 'asking', address = '', returns_with = NULL, problem = NULL, created_at = now()
WHERE tool_connections.state <> 'connected'
"""


def mine(user_id: UUID) -> list[Row]:
    """Return the servers that ask a person for OAuth, with their connection to each, all null where there is none."""
    return run(_MINE, [user_id])


def ask(user_id: UUID, server_id: UUID) -> None:
    """Begin a connection, or begin again one that never came to be."""
    run(_ASK + "RETURNING user_id", {"user": user_id, "server": server_id})


def find(user_id: UUID, server_id: UUID) -> Row | None:
    found = run("SELECT * FROM tool_connections WHERE user_id = %s AND server_id = %s", [user_id, server_id])
    return found[0] if found else None


def asked(user_id: UUID, server_id: UUID, values: Row) -> None:
    """Keep where the person is sent (`address`), what they come back with (`returns_with`) and the `sealed` verifier."""
    sql = """UPDATE tool_connections SET state = 'asked', address = %(address)s, returns_with = %(returns_with)s, sealed = %(sealed)s
             WHERE user_id = %(user)s AND server_id = %(server)s AND state = 'asking' RETURNING user_id"""
    run(sql, {**values, "user": user_id, "server": server_id})


def returned(user_id: UUID, returns_with: str) -> Row | None:
    """Take a person's return, once; None where it is not theirs, or nobody was asked within the last quarter of an hour."""
    sql = """UPDATE tool_connections c SET state = 'finishing', returns_with = NULL, address = '' FROM tool_servers v
             WHERE c.user_id = %s AND c.returns_with = %s AND c.state = 'asked' AND c.created_at > now() - interval '15 minutes'
                 AND v.id = c.server_id RETURNING v.id, v.name"""
    found = run(sql, [user_id, returns_with])
    return found[0] if found else None


def keep(user_id: UUID, server_id: UUID, sealed: str, scope: str) -> None:
    """Keep tokens, of a connection that is new or was renewed."""
    sql = """UPDATE tool_connections SET state = 'connected', sealed = %s, scope = %s, problem = NULL, connected_at = coalesce(connected_at, now())
             WHERE user_id = %s AND server_id = %s RETURNING user_id"""
    run(sql, [sealed, scope, user_id, server_id])


def fail(user_id: UUID, server_id: UUID, problem: dict[str, Any]) -> None:
    """Note that there is no connection any more, and why."""
    sql = """UPDATE tool_connections SET state = 'failed', sealed = '', problem = %s, connected_at = NULL
             WHERE user_id = %s AND server_id = %s RETURNING user_id"""
    run(sql, [Jsonb(problem), user_id, server_id])


def lose(user_id: UUID, server_id: UUID, problem: dict[str, Any]) -> None:
    """Note that a connection is good for nothing any more; one that is being made stays."""
    sql = """UPDATE tool_connections SET state = 'failed', sealed = '', problem = %s, connected_at = NULL
             WHERE user_id = %s AND server_id = %s AND state = 'connected' RETURNING user_id"""
    run(sql, [Jsonb(problem), user_id, server_id])


def remove(user_id: UUID, server_id: UUID) -> bool:
    return bool(run("DELETE FROM tool_connections WHERE user_id = %s AND server_id = %s RETURNING user_id", [user_id, server_id]))


def client(server_id: UUID) -> str:
    """Return what is sealed of olamchat's registration at a server, nothing where it has none."""
    found = run("SELECT sealed FROM tool_clients WHERE server_id = %s", [server_id])
    return str(found[0]["sealed"]) if found else ""


def keep_client(server_id: UUID, sealed: str) -> None:
    sql = """INSERT INTO tool_clients (server_id, sealed) VALUES (%s, %s)
             ON CONFLICT (server_id) DO UPDATE SET sealed = excluded.sealed, created_at = now() RETURNING server_id"""
    run(sql, [server_id, sealed])


def renew(user_id: UUID, server_id: UUID, before: str, sealed: str, scope: str) -> None:
    """Replace the tokens that these were renewed from; do nothing if the person has reconnected or disconnected in the meantime."""
    sql = """UPDATE tool_connections SET sealed = %s, scope = %s
             WHERE user_id = %s AND server_id = %s AND state = 'connected' AND sealed = %s RETURNING user_id"""
    run(sql, [sealed, scope, user_id, server_id, before])
