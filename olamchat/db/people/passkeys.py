"""The queries about passkeys: the public key of each, and what it is known by."""

from datetime import datetime
from uuid import UUID

from olamchat.db.rows import Row, run

_ADD = """
INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, transports, synced, name)
VALUES (%(id)s, %(user_id)s, %(credential_id)s, %(public_key)s, %(sign_count)s, %(transports)s, %(synced)s, %(name)s)
ON CONFLICT (credential_id) DO NOTHING RETURNING *
"""


def add(values: Row) -> Row | None:
    """Keep a passkey and return its row; None where somebody has it already."""
    found = run(_ADD, values)
    return found[0] if found else None


def listing(user_id: UUID) -> list[Row]:
    """Return a person's passkeys, the oldest first."""
    return run("SELECT * FROM passkeys WHERE user_id = %s ORDER BY created_at, id", [user_id])


def find(credential_id: bytes) -> Row | None:
    """Return the passkey that a device calls so."""
    found = run("SELECT * FROM passkeys WHERE credential_id = %s", [credential_id])
    return found[0] if found else None


def owner(credential_id: bytes) -> Row | None:
    """Return {id, email} of the person whose passkey it is."""
    found = run("SELECT u.id, u.email FROM passkeys p JOIN users u ON u.id = p.user_id WHERE p.credential_id = %s", [credential_id])
    return found[0] if found else None


def use(passkey_id: UUID, sign_count: int, at: datetime, *, synced: bool) -> None:
    """Note that it was used just now."""
    run("UPDATE passkeys SET sign_count = %s, used_at = %s, synced = %s WHERE id = %s", [sign_count, at, synced, passkey_id])


def rename(user_id: UUID, passkey_id: UUID, name: str) -> Row | None:
    """Give a person's passkey another name; None where they have no such one."""
    found = run("UPDATE passkeys SET name = %s WHERE id = %s AND user_id = %s RETURNING *", [name, passkey_id, user_id])
    return found[0] if found else None


def remove(user_id: UUID, passkey_id: UUID) -> Row | None:
    """Forget a person's passkey and return what it was; None where they have no such one."""
    found = run("DELETE FROM passkeys WHERE id = %s AND user_id = %s RETURNING *", [passkey_id, user_id])
    return found[0] if found else None
