"""Accounts and sessions: sign up, log in, go on, log out, me. The only function that can make tokens."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from functions.auth import challenges, known_device, mail_routes, oidc_routes, passkey_routes, same_site, second_factor_routes
from functions.auth.welcome import welcome
from functions.http import auth, rate_limits
from functions.http.auth import signed_in
from functions.http.messages import device, read, read_query
from functions.http.operation import operation
from functions.schemas.account import ChangeKey, DeleteMe, EndSessions
from functions.schemas.requests import ChangeMe, LogIn, NewKey, Nothing, SignUp, given
from functions.schemas.responses import Account, AccountWithTokens, ApiKey, ApiKeys, Joining, MadeApiKey, OtherDevices, Quota, Sessions
from olamchat.errors import (
    Conflict,
    CsrfFailed,
    EmailTaken,
    Forbidden,
    LastAccount,
    LastAdministrator,
    SecondFactorNeeded,
    SignUpClosed,
    TooMany,
    Unavailable,
    WrongInvitation,
    WrongLogin,
    WrongPassword,
)
from olamchat.network import mail
from olamchat.services import deletion
from olamchat.services.people import accounts, api_keys, other_devices, quotas, sign_up_policy
from olamchat.services.people.second_factor import Halfway

bp = Blueprint("auth", __name__, url_prefix="/api/auth")
bp.register_blueprint(oidc_routes.bp)
bp.register_blueprint(second_factor_routes.bp)
bp.register_blueprint(mail_routes.bp)
bp.register_blueprint(passkey_routes.bp)
_EITHER = (Account, AccountWithTokens)


@bp.get("/joining")
@operation(response=Joining, refuses=(Unavailable,))
def may_join() -> dict[str, Any]:
    """Say who may sign up."""
    return {
        "sign_up": sign_up_policy.policy(),
        "first": sign_up_policy.invites_the_first(),
        "provider": oidc_routes.name(),
        "mail": mail.is_there(),
        "passkeys": passkey_routes.host(),
    }


@bp.post("/signup")
@operation(status=201, body=SignUp, response=_EITHER, refuses=(CsrfFailed, EmailTaken, SignUpClosed, WrongInvitation, TooMany))
def signup() -> Response:
    """Make an account and sign in: by cookies, or with `tokens` by tokens in the answer."""
    said = read(SignUp)
    if not said.tokens:
        same_site.check()
    rate_limits.joining()
    session = accounts.sign_up(email=said.email, password=said.password, name=said.name, invitation=said.invitation, device=device())
    return welcome(session, by_cookie=not said.tokens, status=201)


@bp.post("/login")
@operation(body=LogIn, response=_EITHER, refuses=(CsrfFailed, WrongLogin, SecondFactorNeeded, TooMany))
def login() -> Response:
    """Sign in: by cookies, or with `tokens` by tokens in the answer."""
    said = read(LogIn)
    if not said.tokens:
        same_site.check()
    rate_limits.signing_in(said.email, device=known_device.of(said.email))
    come = accounts.log_in(email=said.email, password=said.password, device=device())
    if isinstance(come, Halfway):
        raise SecondFactorNeeded(challenge=challenges.challenge(come), ways=come.ways)
    return welcome(come, by_cookie=not said.tokens)


@bp.post("/refresh")
@operation(body=Nothing, response=_EITHER, refuses=(WrongLogin, TooMany))
def refresh() -> Response:
    """Replace a refresh token, and get an access token with it. Each is good once: an old one that comes back ends the session."""
    asking = auth.refreshing()
    rate_limits.renewing(asking.session_id)
    session = accounts.refresh(session_id=asking.session_id, jti=asking.jti, device=replace(device(), name=known_device.name()))
    return welcome(session, by_cookie=asking.by_cookie)


@bp.post("/logout")
@operation(status=204, body=Nothing, refuses=(WrongLogin,))
def logout() -> Response:
    """End the session, whichever of its tokens comes."""
    who = auth.leaving()
    accounts.sign_out(user_id=who.user_id, session_id=who.session_id)
    response = Response(status=204)
    auth.clear_cookies(response)
    return response


@bp.get("/sessions")
@operation(response=Sessions)
@signed_in
def sessions(user_id: UUID) -> dict[str, Any]:
    """List where one is signed in, the session used last first."""
    return {"items": accounts.listed(user_id=user_id, session_id=auth.who().session_id)}


@bp.get("/address")
@operation(response=OtherDevices)
@signed_in
def address(user_id: UUID) -> dict[str, Any]:  # noqa: ARG001, it is the same for everybody
    """Tell where one's other devices find the page."""
    return other_devices.address()


@bp.delete("/sessions")
@operation(status=204, query=EndSessions)
@signed_in
def sign_out_everywhere(user_id: UUID) -> Response:
    """End all of one's sessions: this one too, or with `others` all but this one."""
    others = read_query(EndSessions).others
    accounts.sign_out_everywhere(user_id=user_id, but=auth.who().session_id if others else None)
    response = Response(status=204)
    if not others:
        auth.clear_cookies(response)
    return response


@bp.delete("/sessions/<uuid:session_id>")
@operation(status=204)
@signed_in
def revoke(user_id: UUID, session_id: UUID) -> None:
    """End one of one's sessions."""
    accounts.revoke(user_id=user_id, session_id=session_id)


@bp.get("/keys")
@operation(response=ApiKeys)
@signed_in
def list_api_keys(user_id: UUID) -> dict[str, Any]:
    """List one's API keys, the newest first."""
    return {"items": api_keys.listed(user_id=user_id)}


@bp.post("/keys")
@operation(status=201, body=NewKey, response=MadeApiKey, refuses=(Forbidden, TooMany))
@signed_in
def make_key(user_id: UUID) -> dict[str, Any]:
    """Make an API key. It is told this once."""
    said = read(NewKey)
    own = said.quota and said.quota.model_dump()
    return api_keys.make(
        user_id=user_id, name=said.name, scopes=said.scopes, days=said.days, quota=own, requests_per_minute=said.requests_per_minute
    )


@bp.patch("/keys/<uuid:key_id>")
@operation(body=ChangeKey, response=ApiKey, refuses=(Conflict,))
@signed_in
def change_key(user_id: UUID, key_id: UUID) -> dict[str, Any]:
    """Change an API key's name, its limits and when it runs out, or let it open less."""
    return api_keys.change(user_id=user_id, key_id=key_id, said=read(ChangeKey).said())


@bp.delete("/keys/<uuid:key_id>")
@operation(status=204)
@signed_in
def revoke_key(user_id: UUID, key_id: UUID) -> None:
    """End an API key."""
    api_keys.revoke(user_id=user_id, key_id=key_id)


@bp.get("/quota")
@operation(response=Quota)
@signed_in
def quota(user_id: UUID) -> dict[str, Any]:
    """Tell how many tokens one has taken this day and this month, and how many one may; a key is told of itself."""
    return quotas.told(user_id=user_id)


@bp.get("/me")
@operation(response=Account)
@signed_in
def me(user_id: UUID) -> dict[str, Any]:  # noqa: ARG001, who asks was looked up with the session
    """Tell who is signed in."""
    return {"user": auth.account()}


@bp.patch("/me")
@operation(body=ChangeMe, response=Account)
@signed_in
def change_me(user_id: UUID) -> dict[str, Any]:
    """Change the name, the settings or the password."""
    said = read(ChangeMe)
    if said.new_password is not None:
        rate_limits.signing_in(str(user_id), device=auth.session_id())  # whoever found an open page is not to guess the password
        session_id = auth.who().session_id
        accounts.change_password(user_id=user_id, session_id=session_id, current=said.current_password, new=said.new_password)
    settings = given(said.settings)
    return {"user": accounts.change(user_id=user_id, name=said.name, settings=settings)}


@bp.post("/me/delete")
@operation(status=204, body=DeleteMe, refuses=(LastAccount, LastAdministrator, WrongPassword))
@signed_in
def delete_me(user_id: UUID) -> Response:
    """Delete one's account and everything that is one's own, for good. A POST: some proxies refuse a DELETE with a body."""
    said = read(DeleteMe)
    rate_limits.signing_in(str(user_id), device=auth.session_id())
    deletion.delete(user_id=user_id, password=said.password, email=said.email, last=said.last)
    response = Response(status=204)
    auth.clear_cookies(response)
    return response
