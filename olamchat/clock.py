"""Time and the identifiers that are made of it."""

import os
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

_lock = threading.Lock()
_last_tick = 0


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


def uuid7() -> UUID:
    """Make a UUID version 7 that sorts after every one this process made before.

    48 bits of Unix milliseconds, then 12 bits that count within the millisecond, then 62 random bits
    (RFC 9562, section 5.7 with the method 3 of section 6.2).
    """
    tick = _next_tick()
    milliseconds, fraction = divmod(tick, 4096)
    value = (milliseconds & (1 << 48) - 1) << 80 | 7 << 76 | fraction << 64 | 2 << 62
    return UUID(int=value | int.from_bytes(os.urandom(8)) >> 2)


def _next_tick() -> int:
    global _last_tick
    with _lock:
        _last_tick = max(time.time_ns() * 4096 // 1_000_000, _last_tick + 1)
        return _last_tick
