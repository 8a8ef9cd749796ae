"""The second factor beside a password: a code that changes every half minute (TOTP, RFC 6238) in an app that shares a secret, or a recovery code.

Who has given the password alone is *halfway*: they hold no session, only a challenge that ends soon (functions/auth/challenges.py). A code counts
once: of a time step that was used, or of one before it, none counts again.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pyotp

from olamchat.clock import now, unix
from olamchat.db.people import second_factors, users
from olamchat.db.pool import connected, database
from olamchat.environment import environment
from olamchat.errors import Conflict, NotFound, WrongCode
from olamchat.services import serialize
from olamchat.services.people import audit
from olamchat.services.people.other_devices import drawn
from olamchat.services.people.proof import proved

STEP_S = 30
# The clock of a phone may be a step ahead or behind (RFC 6238, 5.2).
NEIGHBOURS = (0, -1, 1)
CODES, GROUPS, GROUP = 10, 4, 4
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when it is copied by hand


@dataclass(frozen=True, kw_only=True)
class Halfway:
    """Somebody who has given their password and owes the second factor. `stamp` is the password's: with another one the way is over."""

    user_id: UUID
    stamp: str = ""


def stamp(password_hash: str | None) -> str:
    """Return what tells a password from the one after it."""
    return hashlib.sha256((password_hash or "").encode()).hexdigest()[:32]


def state(*, user_id: UUID) -> dict[str, Any]:
    """Return whether a person's second factor is on, since when, and how many recovery codes are left."""
    with connected():
        found = second_factors.find(user_id)
    since = found["confirmed_at"] if found else None
    return {"on": since is not None, "since": serialize.time(since), "recovery_codes": found["recovery_codes"] if found and since else 0}


def begin(*, user_id: UUID, password: str) -> dict[str, Any]:
    """Make a secret for an authenticator app; it counts from `confirm` on. Returns {secret, uri, qr}. Raises WrongPassword, Conflict."""
    user = proved(user_id, password)
    secret = pyotp.random_base32()
    with connected():
        if not second_factors.begin(user_id, secret):
            raise Conflict("Two-step sign-in is already on.")
    uri = pyotp.TOTP(secret).provisioning_uri(name=user["email"], issuer_name=_issuer())
    return {"secret": secret, "uri": uri, "qr": drawn(uri)}


def confirm(*, user_id: UUID, code: str) -> list[str]:
    """Turn it on, since the app has the secret; return the recovery codes, this once. Raises Conflict, WrongCode."""
    with connected(), database.atomic():
        users.lock(user_id)
        found = second_factors.find(user_id)
        if found is None or found["confirmed_at"]:
            raise Conflict("There is nothing to confirm. Set two-step sign-in up first.")
        if not _fits(user_id, found, code):
            raise _wrong()
        second_factors.confirm(user_id, now())
        codes = _renewed(user_id)
    audit.note("second_factor.on", actor_id=user_id, subject=str(user_id))
    return codes


def renew_codes(*, user_id: UUID, password: str) -> list[str]:
    """Replace the recovery codes; return them, this once. Raises WrongPassword, Conflict."""
    proved(user_id, password)
    with connected(), database.atomic():
        users.lock(user_id)
        if not second_factors.is_on(user_id):
            raise Conflict("Two-step sign-in is off.")
        codes = _renewed(user_id)
    audit.note("second_factor.codes", actor_id=user_id, subject=str(user_id))
    return codes


def switch_off(*, user_id: UUID, password: str) -> None:
    """Ask for no second factor any more. Raises WrongPassword."""
    proved(user_id, password)
    _remove(user_id, by=user_id)


def reset(*, by: UUID, user_id: UUID) -> None:
    """Let a person in by their password alone, who has lost app and codes. Raises NotFound."""
    with connected():
        if users.find(user_id) is None:
            raise NotFound
    _remove(user_id, by=by)


def use(user_id: UUID, code: str) -> str | None:
    """Use a code up, within the transaction that begins a session; return what it was, "app" or "recovery", None for a wrong one."""
    found = second_factors.find(user_id)
    if found is None or not found["confirmed_at"]:
        return None
    if _fits(user_id, found, code):
        return "app"
    return "recovery" if second_factors.use_code(user_id, _digest(code)) else None


def _fits(user_id: UUID, found: Mapping[str, Any], code: str) -> bool:
    said, here = "".join(code.split()), int(unix()) // STEP_S
    totp = pyotp.TOTP(found["secret"])
    step = next(
        (here + by for by in NEIGHBOURS if hmac.compare_digest(totp.generate_otp(here + by).encode(), said.encode(errors="surrogatepass"))),
        None,
    )
    return step is not None and second_factors.use_step(user_id, step)


def _renewed(user_id: UUID) -> list[str]:
    codes = ["-".join("".join(secrets.choice(_LETTERS) for _ in range(GROUP)) for _ in range(GROUPS)) for _ in range(CODES)]
    second_factors.replace_codes(user_id, map(_digest, codes))
    return codes


def _remove(user_id: UUID, *, by: UUID) -> None:
    with connected(), database.atomic():
        users.lock(user_id)
        was_on = second_factors.remove(user_id)
    if was_on:
        audit.note("second_factor.off", actor_id=by, subject=str(user_id))


def _digest(code: str) -> bytes:
    """Return what is kept of a recovery code: it has 79 random bits, so nobody finds it by its digest."""
    return hashlib.sha256(code.strip().lower().replace("-", "").replace(" ", "").encode(errors="surrogatepass")).digest()


def _issuer() -> str:
    """Return what the app calls this instance, so that people who use two can tell their codes apart."""
    return urlsplit(environment().public_url).hostname or "olamchat"


def _wrong() -> WrongCode:
    return WrongCode(errors=[{"field": "code", "message": WrongCode.title}])
