"""Sign-ins that are on their way to an OpenID provider: what has to be remembered until the browser comes back. Each can be taken once."""

import json
from typing import Any

from olamchat import redis

TTL_S = 600


def keep(state: str, values: dict[str, Any]) -> None:
    """Remember a sign-in for TTL_S. Raises redis.Lost."""
    with redis.guard():
        redis.client().set(_key(state), json.dumps(values), ex=TTL_S)


def take(state: str) -> dict[str, Any] | None:
    """Return what was kept, and forget it; None where there is nothing. Raises redis.Lost."""
    with redis.guard():
        found = redis.client().getdel(_key(state))
    return json.loads(found) if found is not None else None


def _key(state: str) -> str:
    return f"sign_on:{{{state}}}"
