"""What has to be remembered while a browser is at an OpenID provider, or a device answers a passkey's challenge. Each can be taken once."""

import json
from typing import Any

from olamchat import redis

TTL_S = 600


def keep(state: str, values: dict[str, Any], *, ttl_s: int = TTL_S) -> None:
    """Remember something for a while. Raises redis.Lost."""
    with redis.guard():
        redis.client().set(_key(state), json.dumps(values), ex=ttl_s)


def take(state: str) -> dict[str, Any] | None:
    """Return what was kept, and forget it; None where there is nothing. Raises redis.Lost."""
    with redis.guard():
        found = redis.client().getdel(_key(state))
    return json.loads(found) if found is not None else None


def _key(state: str) -> str:
    return f"sign_on:{{{state}}}"
