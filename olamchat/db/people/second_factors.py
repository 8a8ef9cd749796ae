"""The queries about second factors: the secret that an authenticator app shares, and recovery codes, which are kept as digests.

Passkeys are second factors too; what they are is in `passkeys`.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from olamchat.db.rows import Row, run

_STATE = """
SELECT (SELECT confirmed_at FROM second_factors WHERE user_id = %(id)s) AS since,
    (SELECT count(*) FROM passkeys WHERE user_id = %(id)s) AS passkeys,
    (SELECT count(*) FROM recovery_codes WHERE user_id = %(id)s) AS recovery_codes
"""
_WAYS = """
SELECT 'app' AS way FROM second_factors WHERE user_id = %(id)s AND confirmed_at IS NOT NULL
UNION ALL SELECT 'passkey' WHERE EXISTS (SELECT FROM passkeys WHERE user_id = %(id)s)
"""
_BEGIN = """
INSERT INTO second_factors (user_id, secret) VALUES (%s, %s)
ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, last_step = 0 WHERE second_factors.confirmed_at IS NULL RETURNING user_id
"""
_CONFIRM = "UPDATE second_factors SET confirmed_at = %s WHERE user_id = %s AND confirmed_at IS NULL RETURNING user_id"
# Whose password alone is to open nothing, and does: everybody's, administrators', or that of members of some groups.
_SETTLE = """
WITH owing AS (
    SELECT u.id FROM users u
    WHERE u.id = %(id)s AND u.password_hash IS NOT NULL
        AND (%(everyone)s OR (%(admins)s AND u.role = 'admin')
            OR EXISTS (SELECT FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.user_id = u.id AND g.second_factor))
        AND NOT EXISTS (SELECT FROM second_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)
        AND NOT EXISTS (SELECT FROM passkeys p WHERE p.user_id = u.id)
)
UPDATE users u SET factor_due_at = CASE WHEN EXISTS (SELECT FROM owing) THEN coalesce(u.factor_due_at, %(due)s) END
WHERE u.id = %(id)s AND (u.factor_due_at IS NOT NULL OR EXISTS (SELECT FROM owing)) RETURNING factor_due_at
"""
# In one statement, so that of two who come with the same code at the same time one is let in.
_USE_STEP = "UPDATE second_factors SET last_step = %s WHERE user_id = %s AND last_step < %s RETURNING user_id"


def find(user_id: UUID) -> Row | None:
    """Return what a person's authenticator app shares, even if it isn't confirmed yet."""
    found = run("SELECT secret, last_step, confirmed_at FROM second_factors WHERE user_id = %s", [user_id])
    return found[0] if found else None


def state(user_id: UUID) -> Row:
    """Return since when a person has an app (None without one), and how many passkeys and recovery codes they have."""
    return run(_STATE, {"id": user_id})[0]


def ways(user_id: UUID) -> tuple[str, ...]:
    """Return how a person can take the second step: "app", "passkey", both, or none of them while a password alone is enough."""
    return tuple(row["way"] for row in run(_WAYS, {"id": user_id}))


def begin(user_id: UUID, secret: str) -> bool:
    """Keep a secret until it is confirmed, in place of one that never was; False where one is confirmed."""
    return bool(run(_BEGIN, [user_id, secret]))


def confirm(user_id: UUID, at: datetime) -> bool:
    """Ask for it from now on; False where there is nothing to confirm."""
    return bool(run(_CONFIRM, [at, user_id]))


def use_step(user_id: UUID, step: int) -> bool:
    """Let the code of a time step count, this once; False where it or a later one was used."""
    return bool(run(_USE_STEP, [step, user_id, step]))


def settle(user_id: UUID, *, everyone: bool, admins: bool, due: datetime) -> datetime | None:
    """Set by when a person must have a second step, or take that back; return it. Who was told a time before keeps it."""
    found = run(_SETTLE, {"id": user_id, "everyone": everyone, "admins": admins, "due": due})
    return found[0]["factor_due_at"] if found else None


def replace_codes(user_id: UUID, digests: Iterable[bytes]) -> None:
    """Keep these recovery codes and no others."""
    run("DELETE FROM recovery_codes WHERE user_id = %s", [user_id])
    run("INSERT INTO recovery_codes (user_id, digest) SELECT %s, unnest(%s::bytea[])", [user_id, list(digests)])


def use_code(user_id: UUID, digest: bytes) -> bool:
    """Let a recovery code count, this once; False where there is no such code."""
    return bool(run("DELETE FROM recovery_codes WHERE user_id = %s AND digest = %s RETURNING user_id", [user_id, digest]))


def forget_app(user_id: UUID) -> bool:
    """Forget a person's app; False where there was none that is asked for. Recovery codes go with the last factor."""
    gone = run("DELETE FROM second_factors WHERE user_id = %s RETURNING confirmed_at", [user_id])
    forget_codes_of_none(user_id)
    return bool(gone and gone[0]["confirmed_at"])


def forget_codes_of_none(user_id: UUID) -> None:
    """Forget the recovery codes of a person who has nothing left that they stand in for."""
    if not ways(user_id):
        run("DELETE FROM recovery_codes WHERE user_id = %s", [user_id])


def remove(user_id: UUID) -> bool:
    """Forget a person's app, passkeys and recovery codes; False where there was nothing that is asked for."""
    passkeys = run("DELETE FROM passkeys WHERE user_id = %s RETURNING id", [user_id])
    return forget_app(user_id) or bool(passkeys)
