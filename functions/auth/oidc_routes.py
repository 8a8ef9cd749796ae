"""Signing in by an OpenID provider: the browser goes there with a state that only it and we know, and comes back with a code.

What has to be remembered meanwhile is in Redis, good once and for ten minutes; a cookie ties it to the browser that began, so that nobody can be
signed in as somebody else by a link. Whatever goes wrong on the way back ends on the page's own sign-in, with the code of the refusal.
"""

import hashlib
import hmac
import re
import secrets
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, request

from functions.auth import known_device, oidc_provider
from functions.auth.oidc_provider import Provider, Secrets
from functions.http import auth, rate_limits
from functions.http.messages import device, read_query
from functions.http.operation import operation
from functions.schemas.requests import SignOn, SignOnBack
from olamchat import redis, sign_ons
from olamchat.environment import environment
from olamchat.errors import NotFound, Problem, SignOnCancelled, SignOnFailed, TooMany, Unavailable
from olamchat.services.people import identities

bp = Blueprint("oidc", __name__, url_prefix="/oidc")
# Of this site, by a path: no host, nothing that browsers read as one, nothing of the API.
_PATH = re.compile(r"/(?!/|api/|v1/)[\x21-\x5b\x5d-\x7e]*")


def name() -> str | None:
    """Return what people call the provider, None where there is none."""
    return environment().oidc_name if environment().oidc_issuer else None


@bp.get("/login")
@operation(status=302, query=SignOn, refuses=(NotFound, SignOnFailed, TooMany, Unavailable))
def login() -> Response:
    """Send the browser to the provider; 404 where there is none."""
    provider, said = _there(), read_query(SignOn)
    rate_limits.joining()
    begun = Secrets(state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(64))
    address = provider.address(begun)
    binding = request.cookies.get(_cookie()) or secrets.token_urlsafe(32)
    place = said.next if _PATH.fullmatch(said.next) else "/"
    kept = {"nonce": begun.nonce, "verifier": begun.verifier, "next": place, "invitation": said.invitation, "binding": _digest(binding)}
    try:
        sign_ons.keep(begun.state, kept)
    except redis.Lost:
        raise Unavailable("Signing in is not possible right now. Existing sessions are not affected.", retry_after_s=2) from None
    response = _sent(address)
    response.set_cookie(_cookie(), binding, max_age=sign_ons.TTL_S, httponly=True, samesite="Lax", **_scope())
    return response


@bp.get("/callback")
@operation(status=302, query=SignOnBack, refuses=(NotFound, TooMany, Unavailable))
def callback() -> Response:
    """Take the browser back from the provider and sign it in by cookies; a refusal is told by the page, /login?refused=its code."""
    provider, said = _there(), read_query(SignOnBack)
    rate_limits.joining()
    try:
        kept = _taken(said.state)
        if said.error or not said.code:
            raise SignOnCancelled
        begun = Secrets(state=said.state, nonce=kept["nonce"], verifier=kept["verifier"])
        person = identities.vouched(provider.claims(begun, code=said.code, issuer=said.iss))
        session = identities.sign_in(person, invitation=kept["invitation"], device=device())
    except Problem as refusal:
        return _sent("/login?" + urlencode({"refused": refusal.code}))
    response = _sent(kept["next"])
    auth.set_cookies(response, auth.mint(session))
    known_device.remember(response, session.user["email"])
    return response


def _there() -> Provider:
    provider = oidc_provider.provider()
    if provider is None:
        raise NotFound
    return provider


def _taken(state: str) -> dict[str, Any]:
    """Return what was kept for the sign-in that this very browser began. Raises SignOnFailed, Unavailable."""
    try:
        kept = sign_ons.take(state)
    except redis.Lost:
        raise Unavailable from None
    if kept is None or not hmac.compare_digest(kept["binding"], _digest(request.cookies.get(_cookie()) or "")):
        raise SignOnFailed
    return kept


def _sent(address: str) -> Response:
    response = redirect(address)
    response.set_data(b"")
    assert isinstance(response, Response)
    return response


def _cookie() -> str:
    return "__Host-olamchat_sign_on" if current_app.config["JWT_COOKIE_SECURE"] else "olamchat_sign_on"


def _scope() -> dict[str, Any]:
    """Where the cookie goes: a __Host- cookie is for the whole host or not at all."""
    secure = current_app.config["JWT_COOKIE_SECURE"]
    return {"secure": secure, "path": "/" if secure else "/api/auth/oidc"}


def _digest(binding: str) -> str:
    return hashlib.sha256(binding.encode(errors="surrogatepass")).hexdigest()
