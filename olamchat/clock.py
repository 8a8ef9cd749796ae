"""Time and the identifiers that are made of it."""

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

# How long one measurement counts.
ASK_AGAIN_S = 60.0


class _Measured(NamedTuple):
    """What the database's clock told, at which tick of this machine's, and how long the question took."""

    told: float
    at: float
    doubt_s: float


_measured: _Measured | None = None
_lock = threading.Lock()
_last_tick = 0


def _ticks() -> float:
    """Return seconds of a clock that nobody sets; on Linux it counts sleep too."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def now() -> datetime:
    """Return the current time, aware, in UTC: the database's, as far as this process has asked it.

    Times are kept by one process and compared by another, or by the database: so all go by one clock, whatever the machines' own say.
    """
    return datetime.fromtimestamp(unix(), UTC)


def unix() -> float:
    """Return the same in seconds since 1970."""
    return time.time() if _measured is None else _measured.told + _ticks() - _measured.at


def follow(ask: Callable[[], datetime]) -> None:
    """Ask the database for its time, and go by it from now on."""
    global _measured
    before = _ticks()
    told = ask()
    after = _ticks()
    measured = _Measured(told.timestamp(), (before + after) / 2, after - before)
    if _measured is None or is_old() or measured.doubt_s < _measured.doubt_s:
        _measured = measured


def is_old() -> bool:
    """Tell whether the database's time is to be asked for again: clocks drift apart."""
    return _measured is None or _ticks() - _measured.at > ASK_AGAIN_S


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
        _last_tick = max(int(unix() * 4_096_000), _last_tick + 1)
        return _last_tick
