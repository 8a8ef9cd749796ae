"""Passwords: bcrypt over a digest, so that each character of a long password counts, and off the hub where gevent runs."""

import hashlib
import re
import sys
from base64 import b64encode
from collections.abc import Callable
from typing import TypeVar

import bcrypt

from olamchat.environment import environment

T = TypeVar("T")
# Before a hash that another system made, of the password itself; it gives way to one of ours when its person signs in.
_FOREIGN = "plain:"
_BCRYPT = re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}")
# What such systems cut a password to.
_BCRYPT_BYTES = 72


def hash_password(password: str) -> str:
    """Return what to keep of a password. Takes a fifth of a second on purpose (OLAMCHAT_BCRYPT_COST)."""
    salt = bcrypt.gensalt(environment().bcrypt_cost)
    return _off_the_hub(lambda: bcrypt.hashpw(_digest(password), salt)).decode()


def matches(password: str, kept: str | None) -> bool:
    """Tell whether the password is the one that was kept. With None (nobody's password) it says no, and takes as long to say it."""
    known = kept or _nobodys()
    asked = password.encode()[:_BCRYPT_BYTES] if known.startswith(_FOREIGN) else _digest(password)
    same = _off_the_hub(lambda: bcrypt.checkpw(asked, known.removeprefix(_FOREIGN).encode()))
    return same and kept is not None


def is_bcrypt(kept: str) -> bool:
    """Tell whether another system's hash can be taken over."""
    return _BCRYPT.fullmatch(kept) is not None


def foreign(kept: str) -> str:
    """Return another system's bcrypt hash as it is kept here, so that its password goes on working. Raises ValueError for another kind."""
    if not is_bcrypt(kept):
        raise ValueError("This is no hash of bcrypt.")
    return _FOREIGN + kept


def is_outdated(kept: str) -> bool:
    """Tell whether it was made with less work than is asked for today, or elsewhere."""
    return kept.startswith(_FOREIGN) or int(kept.split("$")[2]) < environment().bcrypt_cost


def _nobodys() -> str:
    """Return a hash that no password has; made without work, so that nobody's first try takes no longer than the next."""
    return bcrypt.gensalt(environment().bcrypt_cost).decode() + "." * 31


def _digest(password: str) -> bytes:
    """Bcrypt reads 72 bytes and stops at a NUL: 44 characters of base64 are neither too long nor cut short."""
    return b64encode(hashlib.sha256(password.encode()).digest())


def _off_the_hub(work: Callable[[], T]) -> T:
    """Run it in a thread of gevent's own when gevent stands in for threads: else every other request would wait."""
    monkey = sys.modules.get("gevent.monkey")
    if monkey is None or not monkey.is_module_patched("threading"):
        return work()
    import gevent

    result: T = gevent.get_hub().threadpool.apply(work)
    return result
