"""The queries about second factors: the secret that an authenticator app shares, and recovery codes, which are kept as digests."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from olamchat.db.rows import Row, run

_FIND = """
SELECT f.secret, f.last_step, f.confirmed_at, (SELECT count(*) FROM recovery_codes c WHERE c.user_id = f.user_id) AS recovery_codes
FROM second_factors f WHERE f.user_id = %s
"""
_BEGIN = """
INSERT INTO second_factors (user_id, secret) VALUES (%s, %s)
ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, last_step = 0 WHERE second_factors.confirmed_at IS NULL RETURNING user_id
"""
_CONFIRM = "UPDATE second_factors SET confirmed_at = %s WHERE user_id = %s AND confirmed_at IS NULL RETURNING user_id"
# In one statement, so that of two who come with the same code at the same time one is let in.
_USE_STEP = "UPDATE second_factors SET last_step = %s WHERE user_id = %s AND last_step < %s RETURNING user_id"


def find(user_id: UUID) -> Row | None:
    """Return a person's second factor, also one that isn't confirmed yet, and how many recovery codes are left."""
    found = run(_FIND, [user_id])
    return found[0] if found else None


def is_on(user_id: UUID) -> bool:
    """Tell whether a person's second factor is asked for."""
    return bool(run("SELECT 1 FROM second_factors WHERE user_id = %s AND confirmed_at IS NOT NULL", [user_id]))


def begin(user_id: UUID, secret: str) -> bool:
    """Keep a secret until it is confirmed, in place of one that never was; False where one is confirmed."""
    return bool(run(_BEGIN, [user_id, secret]))


def confirm(user_id: UUID, at: datetime) -> bool:
    """Ask for it from now on; False where there is nothing to confirm."""
    return bool(run(_CONFIRM, [at, user_id]))


def use_step(user_id: UUID, step: int) -> bool:
    """Let the code of a time step count, this once; False where it or a later one was used."""
    return bool(run(_USE_STEP, [step, user_id, step]))


def replace_codes(user_id: UUID, digests: Iterable[bytes]) -> None:
    """Keep these recovery codes and no others."""
    run("DELETE FROM recovery_codes WHERE user_id = %s", [user_id])
    run("INSERT INTO recovery_codes (user_id, digest) SELECT %s, unnest(%s::bytea[])", [user_id, list(digests)])


def use_code(user_id: UUID, digest: bytes) -> bool:
    """Let a recovery code count, this once; False where there is no such code."""
    return bool(run("DELETE FROM recovery_codes WHERE user_id = %s AND digest = %s RETURNING user_id", [user_id, digest]))


def remove(user_id: UUID) -> bool:
    """Forget a person's second factor with its recovery codes; False where there was none that is asked for."""
    run("DELETE FROM recovery_codes WHERE user_id = %s", [user_id])
    gone = run("DELETE FROM second_factors WHERE user_id = %s RETURNING confirmed_at", [user_id])
    return bool(gone and gone[0]["confirmed_at"])
