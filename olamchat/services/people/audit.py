"""The audit log: who did what that bears on security, when, and from where. Rows are added and read, never changed.

Where a request comes from is known to whoever answers it: they put how to learn it into `where` for everything that happens meanwhile.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from olamchat.db.people import audit as statements
from olamchat.db.pool import DatabaseLost, connected
from olamchat.services.pagination import cursor, place

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Device:
    """Where somebody comes from, as they are told later in the list of their sessions; `name` is a browser's that was here before."""

    user_agent: str = ""
    address: str = ""
    name: str = ""

    def fingerprint(self) -> str:
        """Return what tells this device from another that has only the token."""
        return hashlib.sha256((self.name or f"{self.address}\n{self.user_agent}").encode(errors="surrogatepass")).hexdigest()


NOWHERE = Device()
where: ContextVar[Callable[[], Device]] = ContextVar("where", default=lambda: NOWHERE)


def note(event: str, *, actor_id: UUID | None = None, subject: str = "", **details: Any) -> None:
    """Write down what has happened. What was done stays done where this can't be written: then the process's log has it."""
    device = where.get()()
    values = {
        "event": event, "actor_id": actor_id, "subject": subject[:300], "address": device.address[:100],
        "user_agent": device.user_agent[:300], "details": {name: value for name, value in details.items() if value is not None},
    }  # fmt: skip
    try:
        with connected():
            statements.add(values)
    except DatabaseLost:
        _log.error("not in the audit log: %s", values)


def page(*, limit: int = 100, before: str | None = None, event: str = "", q: str = "") -> dict[str, Any]:
    """Return {items, next_cursor}, the newest first; `event` is how an event's name begins, `q` of an e-mail, an address or a subject. Raises Invalid."""
    with connected():
        found = statements.page(limit=limit + 1, before=place(before), event=event, q=q.strip())
    items = found[:limit]
    return {
        "items": [_shape(row) for row in items],
        "next_cursor": cursor((items[-1]["created_at"], items[-1]["id"])) if len(found) > limit else None,
    }


def _shape(row: Mapping[str, Any]) -> dict[str, Any]:
    at: datetime = row["created_at"]
    same = {name: row[name] for name in ("event", "subject", "address", "user_agent", "details", "actor", "whom")}
    return {"id": str(row["id"]), "at": at.isoformat(), "actor_id": row["actor_id"] and str(row["actor_id"]), **same}
