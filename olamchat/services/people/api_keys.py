"""API keys: what programs show instead of a session. A key is told once; what is kept of it is a digest, and how it begins."""

import hashlib
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from olamchat.clock import now
from olamchat.db.people import api_keys, users
from olamchat.db.pool import connected, database
from olamchat.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn, TooMany
from olamchat.services import publish
from olamchat.services.people import audit, quotas
from olamchat.services.people.quotas import Purse
from olamchat.tokenlog.events import SignedOut

Scope = Literal["chat", "read", "admin"]
PREFIX = "olk_"
MOST_KEYS = 100
# How old a key's `used_at` may be before it is written anew.
USED_S = 60


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key that is good; `expires_at` is None for one that does not run out."""

    id: UUID
    user_id: UUID
    scopes: frozenset[str]
    role: str
    expires_at: datetime | None
    requests_per_minute: int | None
    purse: Purse

    def may(self, scope: Scope) -> bool:
        """Tell whether the key opens what wants this scope: "chat" reads too, "admin" needs an administrator besides."""
        return scope in _opened(self.scopes) and (scope != "admin" or self.role == "admin")


def make(*, user_id: UUID, name: str, scopes: Sequence[Scope], days: int | None, **own: Any) -> dict[str, Any]:
    """Make a key; `key` is in the answer this once. `own` are its own `quota` and `requests_per_minute`. Raises Forbidden for the scope admin where they are none, TooMany."""
    token = PREFIX + secrets.token_urlsafe(32)
    values = {
        "user_id": user_id, "name": name, "digest": _digest(token), "hint": token[:8], "scopes": sorted(set(scopes)),
        "expires_at": _end(days), **own,
    }  # fmt: skip
    with connected(), database.atomic():
        users.lock(user_id)
        person = users.find(user_id)
        if "admin" in scopes and (person is None or person["role"] != "admin"):
            raise Forbidden("Only an administrator's key can have the administration scope.")
        if api_keys.count(user_id) >= MOST_KEYS:
            raise TooMany(f"You already have {MOST_KEYS} keys. Revoke one that you don't use.")
        row = api_keys.add(values)
    audit.note("key.made", actor_id=user_id, subject=str(row["id"]), scopes=row["scopes"])
    return {**_shape(row), "key": token}


def listed(*, user_id: UUID) -> list[dict[str, Any]]:
    """List a person's keys, the newest first."""
    with connected():
        return [_shape(row) for row in api_keys.listing(user_id)]


def change(*, user_id: UUID, key_id: UUID, said: Mapping[str, Any]) -> dict[str, Any]:
    """Change what is said of a key: `name`, `scopes` (less than it has), `days` (from now on, None for ever), `quota`, `requests_per_minute`.

    A key that may open less is let go of by its streams. Raises NotFound; Conflict for a key that has run out, which stays what it was;
    Invalid for a scope that it hasn't.
    """
    with connected(), database.atomic():
        row = api_keys.lock(user_id, key_id)
        if row is None:
            raise NotFound
        if row["expires_at"] is not None and row["expires_at"] <= now():
            raise Conflict("This key has expired. Create a new one.")
        _refuse_more(row["scopes"], said.get("scopes", ()))
        if values := _columns(said):
            row = api_keys.change(key_id, values)
    if "scopes" in said:
        publish.tell_user(user_id, SignedOut(session_id=str(key_id)))
    if values:
        audit.note("key.changed", actor_id=user_id, subject=str(key_id), changed=dict(said))
    return _shape(row)


def revoke(*, user_id: UUID, key_id: UUID) -> None:
    """End a key; its open streams close. Raises NotFound."""
    with connected():
        if not api_keys.revoke(user_id, key_id, now()):
            raise NotFound
    publish.tell_user(user_id, SignedOut(session_id=str(key_id)))
    audit.note("key.revoked", actor_id=user_id, subject=str(key_id))


def find(token: str) -> Key:
    """Return the key that is shown. Raises NotSignedIn where it isn't good."""
    at = now()
    with connected():
        row = api_keys.good(_digest(token), at)
        if row is None:
            raise NotSignedIn
        if row["used_at"] is None or at - row["used_at"] > timedelta(seconds=USED_S):
            api_keys.used(row["id"], at)
    same = {name: row[name] for name in ("id", "user_id", "role", "expires_at", "requests_per_minute")}
    return Key(**same, scopes=frozenset(row["scopes"]), purse=Purse(key_id=row["id"], allowance=quotas.allowance(row["quota"])))


@contextmanager
def paid_by(key_id: UUID | None) -> Iterator[None]:
    """Let a key pay for what is asked within, as if it asked now; None is the person. Raises NotSignedIn where the key isn't good any more."""
    if key_id is None:
        yield
        return
    row = api_keys.working(key_id, now())
    if row is None:
        raise NotSignedIn("The API key that this was sent with is not good any more.")
    token = quotas.paying.set(Purse(key_id=row["id"], allowance=quotas.allowance(row["quota"])))
    try:
        yield
    finally:
        quotas.paying.reset(token)


def _opened(scopes: Collection[str]) -> set[str]:
    """Return all that these scopes open: who may ask may read."""
    return {*scopes, *(["read"] if "chat" in scopes else [])}


def _refuse_more(had: Collection[str], wanted: Collection[str]) -> None:
    if not set(wanted) <= _opened(had):
        message = "A key can't be made to open more than it does. Make another."
        raise Invalid(message, errors=[{"field": "scopes", "message": message}])


def _columns(said: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: said[name] for name in ("name", "quota", "requests_per_minute") if name in said}
    if "scopes" in said:
        values["scopes"] = sorted(set(said["scopes"]))
    if "days" in said:
        values["expires_at"] = _end(said["days"])
    return values


def _end(days: int | None) -> datetime | None:
    return now() + timedelta(days=days) if days else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def _shape(row: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: row[name] and row[name].isoformat() for name in ("created_at", "expires_at", "used_at")}
    same = {name: row[name] for name in ("name", "hint", "quota", "requests_per_minute")}
    return {"id": str(row["id"]), "scopes": list(row["scopes"]), **same, **times}
