"""DATABASE_URL as libpq reads it: every parameter is honoured, or refused by name. What is shown of it has no password."""

import re
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from olamchat.environment import BadSetting

_SCHEMES = ("postgresql://", "postgres://")
_UNKNOWN = re.compile(r'invalid URI query parameter: "([\w.-]{1,64})"')
_LETTERS = "In a user's name or password, each of / @ : ? # % is written in percent form, such as %40 for @."


def parameters(url: str) -> dict[str, Any]:
    """Return the parameters of libpq that the URL has, decoded. Raises BadSetting, whose message never shows the URL."""
    if not url.startswith(_SCHEMES):
        raise BadSetting("DATABASE_URL must begin with postgresql://.")
    try:
        found = conninfo_to_dict(url)
    except psycopg.Error as error:
        raise BadSetting(_refusal(str(error))) from None
    ports = str(found.get("port", "")).split(",")
    if not all(port.isdigit() for port in ports if port):
        raise BadSetting(f"DATABASE_URL has a port that is not a number. {_LETTERS}")
    return dict(found)


def database_name(given: Mapping[str, Any]) -> str:
    """Return the database's name; as with libpq it is the user's where none is given."""
    return str(given.get("dbname") or given.get("user") or "postgres")


def place(url: str) -> str:
    """Return where the database is, as people may see it: hosts with their ports, or a socket's folder."""
    given = parameters(url)
    hosts = str(given.get("host") or given.get("hostaddr") or "this machine's socket").split(",")
    ports = str(given.get("port") or "").split(",")
    if len(ports) < len(hosts):
        ports = [ports[0]] * len(hosts)
    return ", ".join(_joined(host, port) for host, port in zip(hosts, ports, strict=False))


def _joined(host: str, port: str) -> str:
    if not port:
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _refusal(error: str) -> str:
    if unknown := _UNKNOWN.search(error):
        return f"DATABASE_URL has the parameter {unknown[1]!r}, which PostgreSQL's client does not know."
    return f"DATABASE_URL can't be read. {_LETTERS}"
