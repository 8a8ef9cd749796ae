"""What administrators do: see and change accounts, and see what was used. All of it is in the audit log."""

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from olamchat import passwords
from olamchat.clock import now
from olamchat.db.people import administration as statements
from olamchat.db.people import mails, sessions, spending, users
from olamchat.db.pool import connected, database
from olamchat.errors import Conflict, Forbidden, NotFound
from olamchat.services.pagination import cursor, place
from olamchat.services.people import accounts, audit, quotas


def check(*, user_id: UUID) -> None:
    """Let none but administrators pass. Raises Forbidden."""
    with connected():
        person = users.find(user_id)
    if person is None or person["role"] != "admin":
        raise Forbidden


def people(*, limit: int, before: str | None, q: str) -> dict[str, Any]:
    """Return {items, next_cursor}, the newest account first. Raises Invalid."""
    with connected():
        found = statements.people(limit=limit + 1, before=place(before), q=q.strip(), today=now().date())
    items = found[:limit]
    more = len(found) > limit
    return {"items": [_shape(row) for row in items], "next_cursor": cursor((items[-1]["created_at"], items[-1]["id"])) if more else None}


def change(*, by: UUID, user_id: UUID, said: Mapping[str, Any]) -> dict[str, Any]:
    """Change what is said of a person: `role`, `disabled`, `quota` (None for the role's). Raises NotFound; Conflict where no administrator would be left."""
    values = {name: said[name] for name in ("role", "quota") if name in said}
    if "disabled" in said:
        values["disabled_at"] = now() if said["disabled"] else None
    ended: list[UUID] = []
    with connected(), database.atomic():
        statements.lock_administrators()
        if (users.change(user_id, values) if values else users.find(user_id)) is None:
            raise NotFound
        if statements.lock_administrators() == 0:
            raise Conflict("There must be at least one administrator.")
        if said.get("disabled") or said.get("role") == "user":
            ended = sessions.end(user_id, now())
        row = statements.person(user_id, now().date())
        assert row is not None
    accounts.tell_ended(user_id, ended)
    audit.note("user.changed", actor_id=by, subject=str(user_id), **said)
    return _shape(row)


def reset(*, by: UUID, user_id: UUID) -> str:
    """Give a person a new password, which is returned this once, and end their sessions. Raises NotFound."""
    password = secrets.token_urlsafe(15)
    kept = passwords.hash_password(password)
    with connected(), database.atomic():
        if users.change(user_id, {"password_hash": kept}) is None:
            raise NotFound
        mails.withdraw(user_id)
        ended = sessions.end(user_id, now())
    accounts.tell_ended(user_id, ended)
    audit.note("password.reset", actor_id=by, subject=str(user_id))
    return password


def usage(*, days: int) -> list[dict[str, Any]]:
    """Return what was used by day, person and model."""
    with connected():
        return [{**row, "user_id": str(row["user_id"])} for row in spending.by_day(days)]


def _shape(row: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: row[name] and row[name].isoformat() for name in ("created_at", "disabled_at", "seen_at")}
    same = {name: row[name] for name in ("email", "name", "role", "sessions", "second_factor", "quota")}
    used = quotas.shape(row["spent_day"], row["spent_month"], quotas.allowance(row["quota"], row["role"], row["groups"]))
    return {**same, "id": str(row["id"]), "used": used, **times}
