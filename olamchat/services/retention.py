"""How long things are kept that nobody uses any more: settings in days, 0 for ever."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from olamchat.db import completions, conversations
from olamchat.db import retention as statements
from olamchat.db.people import audit
from olamchat.db.pool import connected
from olamchat.environment import environment

# Rows a transaction: few conversations, since each takes all of its messages along.
FEW, MANY = 20, 500
# Seconds that one sweep may take; the next goes on.
BUDGET_S = 10.0
# Deleted conversations that a person is shown at once.
SHOWN = 100


def sweep() -> dict[str, int]:
    """Erase what has been kept long enough; return how many rows by what they are. Raises DatabaseLost."""
    given, until = environment(), time.monotonic() + BUDGET_S
    return {
        "conversation": _erase(statements.erase_conversations, given.keep_deleted_days, FEW, until),
        "session": _erase(statements.erase_sessions, given.keep_sessions_days, MANY, until),
        "audit": _erase(audit.erase, given.keep_audit_days, MANY, until),
        "idempotency_key": _erase(statements.forget_keys, given.keep_idempotency_days, MANY, until),
        "vectors": _forget_vectors(),
    }


def deleted(*, user_id: UUID) -> dict[str, Any]:
    """Return what is kept of a person for how many days (0: for ever), and which deleted conversations will be erased when."""
    given = environment()
    with connected():
        rows = conversations.deleted(user_id, SHOWN + 1)
    return {
        "conversation_days": given.keep_deleted_days, "session_days": given.keep_sessions_days, "audit_days": given.keep_audit_days,
        "items": [_leaving(row, given.keep_deleted_days) for row in rows[:SHOWN]], "more": len(rows) > SHOWN,
    }  # fmt: skip


def _forget_vectors() -> int:
    with connected():
        return completions.forget_vectors()


def _leaving(row: Mapping[str, Any], days: int) -> dict[str, Any]:
    at: datetime = row["deleted_at"]
    erased_at = (at + timedelta(days=days)).isoformat() if days > 0 else None
    return {"id": str(row["id"]), "title": row["title"], "deleted_at": at.isoformat(), "erased_at": erased_at}


def _erase(batch: Callable[[int, int], int], days: int, size: int, until: float) -> int:
    erased = 0
    while days > 0 and time.monotonic() < until:
        with connected():
            done = batch(days, size)
        erased += done
        if done < size:
            break
    return erased
