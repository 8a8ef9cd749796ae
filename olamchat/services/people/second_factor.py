"""The second step after a password: a code that changes every half minute (TOTP, RFC 6238) in an app that shares a secret, a passkey, or a recovery code.

Someone who has given the password alone is *halfway*: they hold no session, only a challenge that ends soon (functions/auth/challenges.py). A code
works once: after it, no code of its time step or of an earlier one works. Passkeys have a room of their own, `passkeys`.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pyotp

from olamchat.clock import now, unix
from olamchat.db.people import second_factors, users
from olamchat.db.pool import connected, database
from olamchat.environment import BadSetting, environment
from olamchat.errors import Conflict, LastFactor, NotFound, WrongCode
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
    """Somebody who has given their password and owes the second step, which they can take by `ways`. `stamp` is the password's: a new one ends it."""

    user_id: UUID
    stamp: str = ""
    ways: tuple[str, ...] = ()


def stamp(password_hash: str | None) -> str:
    """Return what tells a password from the one after it."""
    return hashlib.sha256((password_hash or "").encode()).hexdigest()[:32]


def must_have() -> str:
    """Return who must have a second step besides members of some groups: "", "admins" or "everyone". Raises BadSetting."""
    said = environment().second_factor
    if said not in {"", "admins", "everyone"} or environment().second_factor_grace_days < 0:
        raise BadSetting(f"OLAMCHAT_SECOND_FACTOR={said!r} must be empty, admins or everyone, and the days of grace no less than 0")
    return said


def settle(user_id: UUID) -> datetime | None:
    """Return by when a person must have a second step, None where they have one or need none; in the caller's transaction."""
    due = now() + timedelta(days=environment().second_factor_grace_days)
    return second_factors.settle(user_id, everyone=must_have() == "everyone", admins=must_have() == "admins", due=due)


def refuse_last(user_id: UUID) -> None:
    """Take back the transaction that left a person without the second step that they must have. Raises LastFactor."""
    if settle(user_id) is not None:
        raise LastFactor


def state(*, user_id: UUID) -> dict[str, Any]:
    """Return whether a person's sign-in has a second step, since when an app is part of it, and what else is."""
    with connected():
        found = second_factors.state(user_id)
    since = found["since"]
    counts = {name: found[name] for name in ("passkeys", "recovery_codes")}
    return {"on": since is not None or found["passkeys"] > 0, "app": since is not None, "since": serialize.time(since), **counts}


def begin(*, user_id: UUID, password: str) -> dict[str, Any]:
    """Make a secret for an authenticator app; it counts from `confirm` on. Returns {secret, uri, qr}. Raises WrongPassword, Conflict."""
    user = proved(user_id, password)
    secret = pyotp.random_base32()
    with connected():
        if not second_factors.begin(user_id, secret):
            raise Conflict("An authenticator app is already set up.")
    uri = pyotp.TOTP(secret).provisioning_uri(name=user["email"], issuer_name=_issuer())
    return {"secret": secret, "uri": uri, "qr": drawn(uri)}


def confirm(*, user_id: UUID, code: str) -> list[str]:
    """Ask for the app's codes from now on, since it has the secret; return new recovery codes, this once. Raises Conflict, WrongCode."""
    with connected(), database.atomic():
        users.lock(user_id)
        found = second_factors.find(user_id)
        if found is None or found["confirmed_at"]:
            raise Conflict("There is nothing to confirm. Set two-step sign-in up first.")
        if not _fits(user_id, found, code):
            raise _wrong()
        second_factors.confirm(user_id, now())
        codes = new_codes(user_id)
        settle(user_id)
    audit.note("second_factor.on", actor_id=user_id, subject=str(user_id))
    return codes


def renew_codes(*, user_id: UUID, password: str) -> list[str]:
    """Replace the recovery codes; return them, this once. Raises WrongPassword, Conflict."""
    proved(user_id, password)
    with connected(), database.atomic():
        users.lock(user_id)
        if not second_factors.ways(user_id):
            raise Conflict("Two-step sign-in is off.")
        codes = new_codes(user_id)
    audit.note("second_factor.codes", actor_id=user_id, subject=str(user_id))
    return codes


def switch_off(*, user_id: UUID, password: str) -> None:
    """Do without the app from now on; passkeys stay. Raises WrongPassword, LastFactor."""
    proved(user_id, password)
    with connected(), database.atomic():
        users.lock(user_id)
        was_on = second_factors.forget_app(user_id)
        if was_on:
            refuse_last(user_id)
    if was_on:
        audit.note("second_factor.off", actor_id=user_id, subject=str(user_id))


def reset(*, by: UUID, user_id: UUID) -> None:
    """Let a person in by their password alone, who has lost everything else: app, passkeys and codes go. Raises NotFound."""
    with connected(), database.atomic():
        if users.lock(user_id) is None:
            raise NotFound
        was_on = second_factors.remove(user_id)
    if was_on:
        audit.note("second_factor.off", actor_id=by, subject=str(user_id))


def use(user_id: UUID, code: str) -> str | None:
    """Use a code up, within the transaction that begins a session; return what it was, "app" or "recovery", None for a wrong one."""
    found = second_factors.find(user_id)
    if found and found["confirmed_at"] and _fits(user_id, found, code):
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


def new_codes(user_id: UUID) -> list[str]:
    """Replace the recovery codes, in the caller's transaction; return them, this once."""
    codes = ["-".join("".join(secrets.choice(_LETTERS) for _ in range(GROUP)) for _ in range(GROUPS)) for _ in range(CODES)]
    second_factors.replace_codes(user_id, map(_digest, codes))
    return codes


def _digest(code: str) -> bytes:
    """Return what is kept of a recovery code: it has 79 random bits, so nobody finds it by its digest."""
    return hashlib.sha256(code.strip().lower().replace("-", "").replace(" ", "").encode(errors="surrogatepass")).digest()


def _issuer() -> str:
    """Return what the app calls this instance, so that people who use two can tell their codes apart."""
    return urlsplit(environment().public_url).hostname or "olamchat"


def _wrong() -> WrongCode:
    return WrongCode(errors=[{"field": "code", "message": WrongCode.title}])
