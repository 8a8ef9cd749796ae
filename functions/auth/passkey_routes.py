"""Passkeys: one's own, and signing in by one, alone or as the second step."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from functions.auth import challenges, known_device, postman, proof, same_site
from functions.auth.welcome import welcome
from functions.http import rate_limits
from functions.http.auth import signed_in
from functions.http.messages import device, read
from functions.http.operation import operation
from functions.schemas.account import AddPasskey, BeginPasskey, LogInWithPasskey, NamePasskey, Proof
from functions.schemas.factors import AddedPasskey, Passkey, PasskeyOptions, Passkeys
from functions.schemas.responses import Account, AccountWithTokens
from olamchat.errors import (
    Conflict,
    CsrfFailed,
    NotFound,
    PasskeyRefused,
    PasskeysOff,
    SignInExpired,
    TooMany,
    Unavailable,
    WrongPassword,
)
from olamchat.services.people.passkeys import own, signing_in, site

bp = Blueprint("passkeys", __name__)


def host() -> str | None:
    """Return the domain whose pages can sign in by a passkey, None where there are none."""
    here = site.site()
    return here.host if here else None


@bp.post("/login/passkey/options")
@operation(body=BeginPasskey, response=PasskeyOptions, refuses=(CsrfFailed, PasskeysOff, SignInExpired, TooMany, Unavailable))
def begin_login() -> dict[str, Any]:
    """Get what a page asks the device with: for any passkey of this place, or after the password for one of that account."""
    said = read(BeginPasskey)
    same_site.check()
    rate_limits.visiting()
    return {"options": signing_in.begin(challenges.halfway(said.challenge) if said.challenge else None)}


@bp.post("/login/passkey")
@operation(
    body=LogInWithPasskey,
    response=(Account, AccountWithTokens),
    refuses=(CsrfFailed, PasskeyRefused, PasskeysOff, SignInExpired, TooMany, Unavailable),
)
def log_in() -> Response:
    """Sign in by what the device answered: by a passkey alone, or with the first step's `challenge` after the password."""
    said = read(LogInWithPasskey)
    if not said.tokens:
        same_site.check()
    halfway = challenges.halfway(said.challenge) if said.challenge else None
    credential = said.credential.model_dump(exclude_none=True)
    if halfway:
        rate_limits.second_step(str(halfway.user_id))
    else:
        email = signing_in.whose(credential)
        rate_limits.signing_in(email or said.credential.id, device=known_device.of(email) if email else None)
    return welcome(signing_in.log_in(credential, halfway=halfway, device=device()), by_cookie=not said.tokens)


@bp.get("/passkeys")
@operation(response=Passkeys)
@signed_in
def listed(user_id: UUID) -> dict[str, Any]:
    """List one's passkeys, the oldest first."""
    return own.listed(user_id=user_id)


@bp.post("/passkeys/options")
@operation(body=Proof, response=PasskeyOptions, refuses=(Conflict, PasskeysOff, TooMany, Unavailable, WrongPassword))
@signed_in
def begin(user_id: UUID) -> dict[str, Any]:
    """Get what a page asks the device for a new passkey with. It takes the password."""
    return {"options": own.begin(user_id=user_id, password=proof.given(user_id))}


@bp.post("/passkeys")
@operation(status=201, body=AddPasskey, response=AddedPasskey, refuses=(Conflict, PasskeyRefused, PasskeysOff, Unavailable))
@signed_in
def add(user_id: UUID) -> dict[str, Any]:
    """Add the passkey that the device made. With it a password alone signs in no longer."""
    said = read(AddPasskey)
    credential = said.credential.model_dump(exclude_none=True)
    added = own.add(user_id=user_id, credential=credential, name=said.name, language=said.language)
    postman.wake()
    return added


@bp.patch("/passkeys/<uuid:passkey_id>")
@operation(body=NamePasskey, response=Passkey, refuses=(NotFound,))
@signed_in
def rename(user_id: UUID, passkey_id: UUID) -> dict[str, Any]:
    """Give one of one's passkeys another name."""
    return own.rename(user_id=user_id, passkey_id=passkey_id, name=read(NamePasskey).name)


@bp.post("/passkeys/<uuid:passkey_id>/remove")
@operation(status=204, body=Proof, refuses=(Conflict, NotFound, TooMany, WrongPassword))
@signed_in
def remove(user_id: UUID, passkey_id: UUID) -> None:
    """Remove one of one's passkeys. It takes the password, and is a POST since some proxies refuse a DELETE with a body."""
    own.remove(user_id=user_id, passkey_id=passkey_id, password=proof.given(user_id))
