"""What a page asks a device for, and the proof of what it answers, by py_webauthn (WebAuthn level 2, sections 7.1 and 7.2).

Each ceremony has a challenge of its own, kept in Redis for five minutes. It can be answered once, for what it was made for and by whom.
"""

import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from olamchat import redis, sign_ons
from olamchat.db.rows import Row
from olamchat.errors import PasskeyRefused, PasskeysOff, Unavailable
from olamchat.services.people.passkeys.site import Site, site

LIFE_S = 300
# Signing in by a passkey alone, taking the second step with it, and adding one.
Purpose = Literal["sign_in", "second_step", "add"]


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """What a device answers. `user_id` is whose device must: None where whoever comes may sign in."""

    value: bytes
    purpose: Purpose
    user_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class Made:
    """A passkey as a device has just made it."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    synced: bool


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a device says with a proof. `verified`: it has recognised its owner, by a fingerprint or a PIN; `handle` is whose passkey it holds it for."""

    sign_count: int
    synced: bool
    verified: bool
    handle: bytes | None


def there() -> Site:
    """Return where passkeys work. Raises PasskeysOff."""
    found = site()
    if found is None:
        raise PasskeysOff
    return found


def options_to_add(user: Row, known: Iterable[Row]) -> dict[str, Any]:
    """Return what a page asks a device for a new passkey with; none that has a `known` one makes another. Raises PasskeysOff, Unavailable."""
    import webauthn
    from webauthn.helpers.structs import AuthenticatorSelectionCriteria, ResidentKeyRequirement, UserVerificationRequirement

    here = there()
    options = webauthn.generate_registration_options(
        rp_id=here.host, rp_name=here.host, user_id=user["id"].bytes, user_name=user["email"], user_display_name=user["name"] or user["email"],
        timeout=LIFE_S * 1_000, exclude_credentials=_described(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )  # fmt: skip
    _keep(Challenge(value=options.challenge, purpose="add", user_id=user["id"]))
    return _told(options)


def options_to_sign_in(purpose: Purpose, user_id: UUID | None = None, known: Iterable[Row] = ()) -> dict[str, Any]:
    """Return what a page asks a device for a proof with; without `known` ones, for any passkey of this place. Raises PasskeysOff, Unavailable."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    alone = purpose == "sign_in"
    options = webauthn.generate_authentication_options(
        rp_id=there().host, timeout=LIFE_S * 1_000, allow_credentials=_described(known),
        user_verification=UserVerificationRequirement.REQUIRED if alone else UserVerificationRequirement.PREFERRED,
    )  # fmt: skip
    _keep(Challenge(value=options.challenge, purpose=purpose, user_id=user_id))
    return _told(options)


def take(credential: Mapping[str, Any], purpose: Purpose, user_id: UUID | None) -> Challenge:
    """Return the challenge that a credential answers, and let nothing answer it again. Raises PasskeyRefused, Unavailable."""
    from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

    with _refusing():
        said = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))["challenge"]
        value = base64url_to_bytes(said)
    kept = _taken(bytes_to_base64url(value))
    if kept is None or kept != {"purpose": purpose, "user_id": user_id and str(user_id)}:
        raise PasskeyRefused("This took too long, or it was already used. Try again.")
    return Challenge(value=value, purpose=purpose, user_id=user_id)


def made(credential: Mapping[str, Any], challenge: Challenge) -> Made:
    """Return the passkey that a device has made for a challenge. Raises PasskeyRefused, PasskeysOff."""
    import webauthn

    here = there()
    with _refusing():
        found = webauthn.verify_registration_response(
            credential=dict(credential), expected_challenge=challenge.value, expected_rp_id=here.host, expected_origin=list(here.origins)
        )
    return Made(
        credential_id=found.credential_id,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        synced=found.credential_backed_up,
    )


def shown(credential: Mapping[str, Any], challenge: Challenge, passkey: Row) -> Shown:
    """Return what a device says that has proved to hold the passkey. Its count isn't judged here. Raises PasskeyRefused, PasskeysOff."""
    import webauthn
    from webauthn.helpers import base64url_to_bytes

    here = there()
    with _refusing():
        found = webauthn.verify_authentication_response(
            credential=dict(credential), expected_challenge=challenge.value, expected_rp_id=here.host, expected_origin=list(here.origins),
            credential_public_key=bytes(passkey["public_key"]), credential_current_sign_count=0,
            require_user_verification=challenge.purpose == "sign_in",
        )  # fmt: skip
        handle = credential["response"].get("userHandle")
        return Shown(
            sign_count=found.new_sign_count,
            synced=found.credential_backed_up,
            verified=found.user_verified,
            handle=base64url_to_bytes(handle) if handle else None,
        )


def credential_id(credential: Mapping[str, Any]) -> bytes:
    """Return what the device calls the passkey. Raises PasskeyRefused."""
    from webauthn.helpers import base64url_to_bytes

    with _refusing():
        return base64url_to_bytes(credential["rawId"])


def _described(passkeys: Iterable[Row]) -> list[Any]:
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    known = {each.value for each in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=bytes(each["credential_id"]), transports=[AuthenticatorTransport(way) for way in each["transports"] if way in known]
        )
        for each in passkeys
    ]


def _told(options: Any) -> dict[str, Any]:
    from webauthn import options_to_json

    told: dict[str, Any] = json.loads(options_to_json(options))
    return told


def _keep(challenge: Challenge) -> None:
    from webauthn.helpers import bytes_to_base64url

    values = {"purpose": challenge.purpose, "user_id": challenge.user_id and str(challenge.user_id)}
    try:
        sign_ons.keep(_name(bytes_to_base64url(challenge.value)), values, ttl_s=LIFE_S)
    except redis.Lost:
        raise _away() from None


def _taken(challenge: str) -> dict[str, Any] | None:
    try:
        return sign_ons.take(_name(challenge))
    except redis.Lost:
        raise _away() from None


def _name(challenge: str) -> str:
    return f"passkey:{challenge}"


def _away() -> Unavailable:
    return Unavailable("Passkeys can't be used right now. Existing sessions are not affected.", retry_after_s=2)


@contextmanager
def _refusing() -> Iterator[None]:
    """Refuse what the library refuses, and what breaks it: a credential is whatever its sender made up."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        yield
    except (WebAuthnException, UnsupportedAlgorithm, ValueError, TypeError, LookupError, AttributeError, RecursionError, struct.error):
        raise PasskeyRefused from None
