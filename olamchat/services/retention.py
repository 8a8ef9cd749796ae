"""How long things are kept that nobody uses any more: settings in days, 0 for ever."""

import time
from collections.abc import Callable

from olamchat.db import retention as statements
from olamchat.db.people import audit
from olamchat.db.pool import connected
from olamchat.environment import environment

# Rows a transaction: few conversations, since each takes all of its messages along.
FEW, MANY = 20, 500
# Seconds that one sweep may take; the next goes on.
BUDGET_S = 10.0


def sweep() -> dict[str, int]:
    """Erase what has been kept long enough; return how many rows by what they are. Raises DatabaseLost."""
    given, until = environment(), time.monotonic() + BUDGET_S
    return {
        "conversation": _erase(statements.erase_conversations, given.keep_deleted_days, FEW, until),
        "session": _erase(statements.erase_sessions, given.keep_sessions_days, MANY, until),
        "audit": _erase(audit.erase, given.keep_audit_days, MANY, until),
        "idempotency_key": _erase(statements.forget_keys, given.keep_idempotency_days, MANY, until),
    }


def _erase(batch: Callable[[int, int], int], days: int, size: int, until: float) -> int:
    erased = 0
    while days > 0 and time.monotonic() < until:
        with connected():
            done = batch(days, size)
        erased += done
        if done < size:
            break
    return erased
