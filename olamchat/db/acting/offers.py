"""The statements about what servers of tools offer besides tools: prompts and resources."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from olamchat.db.acting.tools import MAY
from olamchat.db.rows import Row, run

_USABLE = f"""
SELECT v.name, v.auth <> 'oauth' OR EXISTS (SELECT FROM tool_connections k WHERE k.server_id = v.id AND k.user_id = p.id AND k.state = 'connected')
    AS is_connected
FROM users p CROSS JOIN tool_servers v WHERE p.id = %s AND v.kind <> 'built_in' AND {MAY}
"""  # noqa: S608, the condition of tools

_MINE = f"""
SELECT v.id, v.name, v.title, v.auth, CASE WHEN v.auth = 'oauth' THEN c.offers ELSE v.offers END AS offers
FROM users p CROSS JOIN tool_servers v
    LEFT JOIN tool_connections c ON c.server_id = v.id AND c.user_id = p.id AND c.state = 'connected'
WHERE p.id = %s AND v.kind <> 'built_in' AND (v.auth <> 'oauth' OR c.user_id IS NOT NULL) AND {MAY} ORDER BY v.name
"""  # noqa: S608, the condition of tools


def mine(user_id: UUID) -> list[Row]:
    """Return the servers that a person may use and is connected to, where that is wanted, with what each offers them."""
    return run(_MINE, [user_id])


def have_resources(user_id: UUID) -> bool:
    """Tell whether a server offers a person something to attach."""
    # An empty list, and none at all, have no first element.
    sql = f"SELECT EXISTS (SELECT FROM ({_MINE}) mine WHERE offers #> '{{resources,0}}' IS NOT NULL OR offers #> '{{templates,0}}' IS NOT NULL) AS found"  # noqa: S608, a constant
    return bool(run(sql, [user_id])[0]["found"])


def usable(user_id: UUID) -> list[Row]:
    """Return the names of the servers that a person may use, and whether they are connected, where that is wanted."""
    return run(_USABLE, [user_id])


def keep(server_id: UUID, offers: Mapping[str, Any]) -> None:
    """Keep what a server offers everyone."""
    run("UPDATE tool_servers SET offers = %s WHERE id = %s", [Jsonb(offers), server_id])


def keep_own(server_id: UUID, user_id: UUID, offers: Mapping[str, Any]) -> None:
    """Keep what a server offers a person who is connected to it."""
    sql = """UPDATE tool_connections SET offers = %s, listed_at = now()
             WHERE server_id = %s AND user_id = %s AND state = 'connected' RETURNING user_id"""
    run(sql, [Jsonb(offers), server_id, user_id])


def due(user_id: UUID, after_s: float) -> list[str]:
    """Return the servers whose offers to a person were listed longer ago than this, and count them as listed."""
    sql = """UPDATE tool_connections c SET listed_at = now() FROM tool_servers v
             WHERE c.user_id = %s AND v.id = c.server_id AND v.auth = 'oauth' AND c.state = 'connected'
                 AND (c.listed_at IS NULL OR c.listed_at < now() - make_interval(secs => %s)) RETURNING v.name"""
    return [row["name"] for row in run(sql, [user_id, after_s])]
