"""Signing in by a passkey: alone, where the device must have recognised its owner, or as the second step after a password."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from olamchat.clock import now
from olamchat.db.people import passkeys, users
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row
from olamchat.errors import PasskeyRefused
from olamchat.services.people import accounts, audit
from olamchat.services.people.accounts import SignedIn
from olamchat.services.people.audit import NOWHERE, Device
from olamchat.services.people.passkeys import ceremonies
from olamchat.services.people.passkeys.ceremonies import Challenge
from olamchat.services.people.second_factor import Halfway


def begin(halfway: Halfway | None = None) -> dict[str, Any]:
    """Return the options that a page asks a device with. Raises PasskeysOff, Unavailable."""
    if halfway is None:
        return ceremonies.options_to_sign_in("sign_in")
    with connected():
        known = passkeys.listing(halfway.user_id)
    return ceremonies.options_to_sign_in("second_step", halfway.user_id, known)


def whose(credential: Mapping[str, Any]) -> str | None:
    """Return the email of the account that a passkey is said to be of, before anything is proved. Raises PasskeyRefused."""
    with connected():
        found = passkeys.owner(ceremonies.credential_id(credential))
    return str(found["email"]) if found else None


def log_in(credential: Mapping[str, Any], *, halfway: Halfway | None = None, device: Device = NOWHERE) -> SignedIn:
    """Sign in by a passkey, or take the second step with it. A copied passkey lets nobody in.

    Raises PasskeyRefused, PasskeysOff, Unavailable; SignInExpired where the account changed since its password was given.
    """
    ceremonies.there()
    name = ceremonies.credential_id(credential)
    challenge = _taken(credential, halfway)
    with connected():
        owner = passkeys.owner(name)
    if owner is None:
        raise _refused(None, "unknown")
    with connected(), database.atomic():
        user = accounts.still_halfway(halfway) if halfway else users.lock_whole(owner["id"])
        reason, passkey = _judged(credential, challenge, user, name)
        signed_in = accounts.begin(user, device) if user and not reason else None
    if signed_in is None or passkey is None:
        raise _refused(owner["id"], reason, passkey)
    second = "passkey" if halfway else None
    by = None if halfway else "passkey"
    audit.note("login.done", actor_id=owner["id"], subject=str(signed_in.session_id), second=second, by=by, passkey=passkey["name"])
    return signed_in


def _taken(credential: Mapping[str, Any], halfway: Halfway | None) -> Challenge:
    if halfway is None:
        return ceremonies.take(credential, "sign_in", None)
    return ceremonies.take(credential, "second_step", halfway.user_id)


def _judged(credential: Mapping[str, Any], challenge: Challenge, user: Mapping[str, Any] | None, name: bytes) -> tuple[str, Row | None]:
    """Return why a passkey lets nobody in, "" where it lets its person in, and the passkey. The transaction holds the person's row."""
    passkey = passkeys.find(name)
    if user is None or passkey is None or passkey["user_id"] != user["id"] or user["disabled_at"]:
        return "another's", None
    try:
        shown = ceremonies.shown(credential, challenge, passkey)
    except PasskeyRefused:
        return "no proof", passkey
    if (shown.handle or user["id"].bytes) != user["id"].bytes or (challenge.purpose == "sign_in" and shown.handle is None):
        return "another's", passkey
    if (shown.sign_count or passkey["sign_count"]) and shown.sign_count <= passkey["sign_count"]:
        return "copied", passkey
    passkeys.use(passkey["id"], shown.sign_count, now(), synced=shown.synced)
    return "", passkey


def _refused(user_id: UUID | None, reason: str, passkey: Row | None = None) -> PasskeyRefused:
    """Write down why, and say no more than that it isn't accepted."""
    subject = str(user_id) if user_id else ""
    audit.note("passkey.failed", actor_id=user_id, subject=subject, reason=reason, passkey=passkey and passkey["name"])
    return PasskeyRefused()
