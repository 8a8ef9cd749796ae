"""The queries about API keys."""

from datetime import datetime
from typing import Any
from uuid import UUID

from olamchat.db.rows import Row, first, locked, rows, run
from olamchat.db.tables import ApiKey

# Asked with every request that brings a key.
_GOOD = """
SELECT k.id, k.user_id, k.scopes, k.expires_at, k.used_at, k.quota, k.requests_per_minute, u.role FROM api_keys k JOIN users u ON u.id = k.user_id
WHERE k.digest = %(digest)s AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > %(at)s) AND u.disabled_at IS NULL
"""


def add(values: dict[str, Any]) -> Row:
    row = first(ApiKey.insert(values).returning(ApiKey))
    assert row is not None
    return row


def good(digest: str, at: datetime) -> Row | None:
    """Return a key that has neither been revoked nor run out, and whose person may use it."""
    found = run(_GOOD, {"digest": digest, "at": at})
    return found[0] if found else None


def working(key_id: UUID, at: datetime) -> Row | None:
    """Return a key by its id, where it has neither been revoked nor run out."""
    good = (ApiKey.id == key_id) & ApiKey.revoked_at.is_null() & (ApiKey.expires_at.is_null() | (ApiKey.expires_at > at))
    return first(ApiKey.select().where(good))


def used(key_id: UUID, at: datetime) -> None:
    ApiKey.update(used_at=at).where(ApiKey.id == key_id).execute()


def listing(user_id: UUID) -> list[Row]:
    """Return a person's keys that were not revoked, the newest first."""
    query = ApiKey.select().where((ApiKey.user_id == user_id) & ApiKey.revoked_at.is_null())
    return rows(query.order_by(ApiKey.created_at.desc(), ApiKey.id.desc()))


def count(user_id: UUID) -> int:
    """Return how many keys a person has that were not revoked."""
    number: int = ApiKey.select().where((ApiKey.user_id == user_id) & ApiKey.revoked_at.is_null()).count()
    return number


def lock(user_id: UUID, key_id: UUID) -> Row | None:
    """Return a person's key that was not revoked, and let nobody else change it before the transaction ends."""
    mine = (ApiKey.id == key_id) & (ApiKey.user_id == user_id) & ApiKey.revoked_at.is_null()
    return first(locked(ApiKey.select().where(mine)))


def change(key_id: UUID, values: dict[str, Any]) -> Row:
    """Change columns of a key and return it."""
    row = first(ApiKey.update(values).where(ApiKey.id == key_id).returning(ApiKey))
    assert row is not None
    return row


def revoke(user_id: UUID, key_id: UUID, at: datetime) -> bool:
    """Revoke a key; False where the person has no such key."""
    chosen = (ApiKey.id == key_id) & (ApiKey.user_id == user_id) & ApiKey.revoked_at.is_null()
    return bool(ApiKey.update(revoked_at=at).where(chosen).execute())


def revoke_all(user_id: UUID, at: datetime) -> list[UUID]:
    """Revoke all of a person's keys. Returns the ids of those that had not been revoked yet."""
    chosen = (ApiKey.user_id == user_id) & ApiKey.revoked_at.is_null()
    return [row["id"] for row in rows(ApiKey.update(revoked_at=at).where(chosen).returning(ApiKey.id))]
