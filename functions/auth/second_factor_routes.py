"""Two-step sign-in: setting it up, turning it off, and its second step."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from functions.auth import challenges, proof, same_site
from functions.auth.welcome import welcome
from functions.http import rate_limits
from functions.http.auth import signed_in
from functions.http.messages import device, read
from functions.http.operation import operation
from functions.schemas.account import Confirm, LogInWithCode, Proof
from functions.schemas.factors import RecoveryCodes, SecondFactor, SecondFactorSetUp
from functions.schemas.responses import Account, AccountWithTokens
from olamchat.errors import Conflict, CsrfFailed, SignInExpired, TooMany, WrongPassword
from olamchat.services.people import accounts, second_factor

bp = Blueprint("second_factor", __name__)


@bp.post("/login/code")
@operation(body=LogInWithCode, response=(Account, AccountWithTokens), refuses=(CsrfFailed, SignInExpired, TooMany))
def log_in() -> Response:
    """Take the second step of signing in, with the challenge of the first and a code from the app, or a recovery code."""
    said = read(LogInWithCode)
    if not said.tokens:
        same_site.check()
    halfway = challenges.halfway(said.challenge)
    rate_limits.second_step(str(halfway.user_id))
    return welcome(accounts.log_in_with_code(halfway, code=said.code, device=device()), by_cookie=not said.tokens)


@bp.get("/second-factor")
@operation(response=SecondFactor)
@signed_in
def state(user_id: UUID) -> dict[str, Any]:
    """Tell whether one's sign-in has a second step."""
    return second_factor.state(user_id=user_id)


@bp.post("/second-factor")
@operation(status=201, body=Proof, response=SecondFactorSetUp, refuses=(Conflict, WrongPassword))
@signed_in
def begin(user_id: UUID) -> dict[str, Any]:
    """Get a secret for an authenticator app. Nothing is asked for until a code confirms it."""
    return second_factor.begin(user_id=user_id, password=proof.given(user_id))


@bp.post("/second-factor/confirm")
@operation(body=Confirm, response=RecoveryCodes, refuses=(Conflict,))
@signed_in
def confirm(user_id: UUID) -> dict[str, Any]:
    """Turn it on by a code from the app; get the recovery codes."""
    said = read(Confirm)
    rate_limits.second_step(str(user_id))
    return {"codes": second_factor.confirm(user_id=user_id, code=said.code)}


@bp.post("/second-factor/codes")
@operation(body=Proof, response=RecoveryCodes, refuses=(Conflict, WrongPassword))
@signed_in
def renew_codes(user_id: UUID) -> dict[str, Any]:
    """Replace the recovery codes; the old ones are good no longer."""
    return {"codes": second_factor.renew_codes(user_id=user_id, password=proof.given(user_id))}


@bp.post("/second-factor/off")
@operation(status=204, body=Proof, refuses=(Conflict, WrongPassword))
@signed_in
def switch_off(user_id: UUID) -> None:
    """Sign in by the password alone from now on."""
    second_factor.switch_off(user_id=user_id, password=proof.given(user_id))
