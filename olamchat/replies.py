"""Replies: what a worker answers to a request that waits for it, in Redis for a moment, and gone once it was read.

Nothing is owed here: who waited in vain asks again.
"""

import time
from typing import Any

import msgspec

from olamchat import redis

# Seconds that a reply waits for its reader, and how often the reader looks.
KEPT_S, LOOK_S = 30, 0.05

Reply = dict[str, Any]


def give(name: str, reply: Reply) -> None:
    """Answer the request of this name. Raises redis.Lost."""
    with redis.guard():
        redis.client().set(_key(name), msgspec.json.encode(reply), ex=KEPT_S)


def take(name: str, *, within_s: float) -> Reply | None:
    """Wait for the answer to the request of this name; None where none came. Raises redis.Lost."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        with redis.guard():
            told = redis.client().getdel(_key(name))
        if told is not None:
            return msgspec.json.decode(told, type=Reply)
        time.sleep(LOOK_S)
    return None


def _key(name: str) -> str:
    return f"reply:{name}"
