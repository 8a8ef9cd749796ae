"""The file that names this machine's programs, in the form that desktop clients use:

{"mcpServers": {"name": {"command", "args", "env", "cwd"}}}.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from olamchat.environment import BadSetting

# What the built-in tools stand under. A server of such a name would lose to them, or they to it.
BUILT_IN = frozenset({"documents", "files", "web"})


def read(path: str) -> dict[str, Mapping[str, Any]]:
    """Return what is said of each program, by the name of its server. Raises BadSetting."""
    try:
        told = json.loads(Path(path).read_text())["mcpServers"]
        plans: dict[str, Mapping[str, Any]] = {}
        for given, said in told.items():
            plans[_name(given, plans, path)] = _program(given, said, path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, BadSetting):
            raise
        raise BadSetting(f"OLAMCHAT_MCP_FILE={path!r} can't be read as a file of mcpServers: {error!r}") from None
    return plans


def _program(given: str, said: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    if "command" in said:
        return said
    raise BadSetting(
        f"{given!r} in {path} has no command to start. Add a server that has an address on the page, under Administration › Tools"
    )


def _name(given: str, taken: Mapping[str, Any], path: str) -> str:
    """Return a name as servers have them: a-z, digits and hyphens."""
    name = re.sub(r"[^a-z0-9]+", "-", given.lower()).strip("-")[:40] or "server"
    if name in BUILT_IN:
        raise BadSetting(f"{given!r} in {path} is the name of built-in tools. Give the server another name, such as {f'my-{name}'!r}")
    if name in taken:
        raise BadSetting(f"Two servers in {path} would be called {name!r}. Give {given!r} another name")
    return name
