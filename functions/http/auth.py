"""Who asks: tokens in cookies for browsers (with CSRF double submit), in the Authorization header for everybody else.

`signed_in` guards a route, `signed_in_by_statement` one whose statement looks the session up by itself; `who()` tells about the session. A token is believed by its signature, and its session is looked up:
one that was ended lets nobody in.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache, wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask, Response, current_app, g, request
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    get_jwt_request_location,
    set_access_cookies,
    set_refresh_cookies,
    unset_jwt_cookies,
    verify_jwt_in_request,
)
from flask_jwt_extended.exceptions import CSRFError, JWTExtendedException
from jwt.exceptions import InvalidKeyError, PyJWTError
from werkzeug.sansio.http import parse_cookie

from functions.http import rate_limits, token_keys
from olamchat.environment import environment
from olamchat.errors import CsrfFailed, NotSignedIn, OutOfScope
from olamchat.services.people import accounts, administration, api_keys, quotas
from olamchat.services.people.accounts import SignedIn
from olamchat.services.people.api_keys import Key

# How long a stream that a key opened may stay open before it is to be opened anew.
KEY_STREAM = timedelta(hours=12)
# How far the clock of who signs a token and that of who reads it may be apart.
LEEWAY = timedelta(seconds=30)
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Who:
    """The session or key that asks; nothing may outlive `expires_at`. `jti` names the token, `by_cookie` how it came.

    With a `key` `session_id` is the key's id: streams are ended by either.
    """

    user_id: UUID
    session_id: UUID
    expires_at: datetime
    jti: str
    by_cookie: bool
    key: Key | None = None


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """A pair of tokens; the access token is good for `expires_in` seconds."""

    access: str
    refresh: str
    expires_in: int


# Tokens whose signature was verified already: verifying one takes longer than most requests.
TOKENS_KEPT = 20_000
COOKIES_KEPT = 2_000
_seen: dict[str, tuple[Who, str | None]] = {}
_SAFE = {"GET", "HEAD", "OPTIONS"}
# What is open to a session whose person must set up a second step first: that, and who they are.
_FOR_OWING = ("auth.me", "auth.second_factor.", "auth.passkeys.")


def set_up(app: Flask) -> None:
    """Teach the app our tokens and cookies."""
    secure = environment().secure_cookies
    prefix = "__Host-" if secure else ""
    app.config.update(
        JWT_ALGORITHM="EdDSA",
        JWT_DECODE_ALGORITHMS=["EdDSA"],
        JWT_TOKEN_LOCATION=["headers", "cookies"],
        JWT_ENCODE_ISSUER="olamchat",
        JWT_DECODE_ISSUER="olamchat",
        JWT_DECODE_LEEWAY=LEEWAY,
        JWT_ACCESS_TOKEN_EXPIRES=timedelta(seconds=environment().access_ttl_s),
        JWT_REFRESH_TOKEN_EXPIRES=timedelta(seconds=environment().refresh_ttl_s),
        JWT_ACCESS_COOKIE_NAME=f"{prefix}olamchat_access",
        JWT_REFRESH_COOKIE_NAME=f"{prefix}olamchat_refresh",
        JWT_ACCESS_CSRF_COOKIE_NAME=f"{prefix}olamchat_csrf",
        JWT_REFRESH_CSRF_COOKIE_NAME=f"{prefix}olamchat_refresh_csrf",
        JWT_ACCESS_CSRF_HEADER_NAME="X-CSRF-Token",
        JWT_REFRESH_CSRF_HEADER_NAME="X-CSRF-Token",
        # A __Host- cookie is for the whole host or not at all.
        JWT_REFRESH_COOKIE_PATH="/" if secure else "/api/auth",
        JWT_COOKIE_SECURE=secure,
        JWT_COOKIE_SAMESITE="Strict",
        JWT_COOKIE_CSRF_PROTECT=True,
    )
    manager = JWTManager(app)
    manager.decode_key_loader(_verify_key)
    manager.encode_key_loader(lambda _identity: token_keys.signing_key().private)
    manager.additional_headers_loader(lambda _identity: {"kid": token_keys.signing_key().kid})


def signed_in(view: View) -> View:
    """Hand the view the `user_id` of a session that is good. Raises NotSignedIn, CsrfFailed, SecondFactorRequired."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        g.who = _by_key() or _by_session()
        _count(g.who)
        quotas.paying.set(g.who.key and g.who.key.purse)
        return view(user_id=g.who.user_id, **arguments)

    guarded.signed_in = True  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def signed_in_by_statement(view: View) -> View:
    """Hand the view the `user_id` and the `session_id` that its own statement looks up: one trip to Postgres and not two.

    The session_id is None for a key, which is looked up before. Who asks is counted after the view, since only then it is
    known to be signed in. Raises NotSignedIn, CsrfFailed, TooMany.
    """

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        key = _by_key()
        g.who = key or _verified()
        rate_limits.refuse_spent(_counted(g.who))
        result = view(user_id=g.who.user_id, session_id=None if key else g.who.session_id, **arguments)
        _count(g.who)
        return result

    guarded.signed_in = True  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def administrator(view: View) -> View:
    """Guard a route as signed_in does, and let none but administrators pass. Raises NotSignedIn, CsrfFailed, Forbidden."""

    @wraps(view)
    def guarded(*, user_id: UUID, **arguments: Any) -> Any:
        administration.check(user_id=user_id)
        return view(user_id=user_id, **arguments)

    return signed_in(guarded)  # type: ignore[return-value]


def refuse_key() -> None:
    """Let no API key pass where somebody is let in: else whoever stole one could stay when it is revoked. Raises OutOfScope."""
    if who().key:
        raise OutOfScope("This takes an administrator who is signed in, not a key.")


def who() -> Who:
    """Return the session that asks, within a route that is signed_in."""
    asking: Who = g.who
    return asking


def account() -> dict[str, Any]:
    """Return who asks as the API shows them, within a route that is signed_in. Raises NotSignedIn."""
    known: dict[str, Any] | None = g.get("account")
    return known or accounts.me(user_id=who().user_id)


def session_id() -> str:
    """Return the id of the session that asks, as events name it."""
    return str(who().session_id)


def refreshing() -> Who:
    """Return who asks by a refresh token. Raises NotSignedIn, CsrfFailed."""
    return _verified(refresh=True)


def leaving() -> Who:
    """Return who asks by either token: also somebody whose access token has run out may sign out. Raises NotSignedIn, CsrfFailed."""
    try:
        return _verified()
    except NotSignedIn as refusal:
        try:
            return _verified(refresh=True)
        except CsrfFailed:  # the page sent the access token's, which ran out with it; it is to renew the session first
            raise refusal from None


def mint(session: SignedIn) -> Tokens:
    """Make a session's tokens."""
    identity, claims = str(session.user_id), {"sid": str(session.session_id)}
    return Tokens(
        access=create_access_token(identity, additional_claims=claims),
        refresh=create_refresh_token(identity, additional_claims={**claims, "jti": session.jti}),
        expires_in=environment().access_ttl_s,
    )


def set_cookies(response: Response, tokens: Tokens) -> None:
    set_access_cookies(response, tokens.access, max_age=environment().access_ttl_s)
    set_refresh_cookies(response, tokens.refresh, max_age=environment().refresh_ttl_s)


def clear_cookies(response: Response) -> None:
    unset_jwt_cookies(response)


def _counted(asking: Who) -> UUID:
    """Return by whom requests are counted: a key for itself, a session for its person."""
    return asking.session_id if asking.key else asking.user_id


def _count(asking: Who) -> None:
    rate_limits.person(_counted(asking), own=asking.key.requests_per_minute if asking.key else None)


def _by_session() -> Who:
    found = _verified()
    owing = (request.endpoint or "").startswith(_FOR_OWING)
    g.account = accounts.check(user_id=found.user_id, session_id=found.session_id, owing=owing)
    return found


def _by_key() -> Who | None:
    """Return who asks by an API key, None where none is shown. Raises NotSignedIn, OutOfScope."""
    scheme, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not token.startswith(api_keys.PREFIX):
        return None
    key = api_keys.find(token)
    scope = _scope()
    if scope is None or not key.may(scope):
        raise OutOfScope
    until = min(key.expires_at or datetime.max.replace(tzinfo=UTC), datetime.now(UTC) + KEY_STREAM)
    return Who(user_id=key.user_id, session_id=key.id, expires_at=until, jti=str(key.id), by_cookie=False, key=key)


def _scope() -> api_keys.Scope | None:
    """Return what a key must be for to open the route that is asked; None where none opens it: sessions, passwords and keys are people's own."""
    function = (request.endpoint or "").partition(".")[0]  # blueprints may have others in them
    if function == "auth":
        return "read" if request.endpoint in {"auth.me", "auth.quota"} else None
    if function == "admin":
        return "admin"
    return "read" if request.method in {"GET", "HEAD"} else "chat"


def _verified(*, refresh: bool = False) -> Who:
    token = _presented()
    if not refresh and (known := _believed(token)):
        return known
    try:
        verified = verify_jwt_in_request(refresh=refresh)
        assert verified is not None, "no method is exempt"
        found = _who(verified[1])
        if not refresh:
            _believe(token, found, verified[1].get("csrf"))
        return found
    except CSRFError:
        raise CsrfFailed from None
    except (JWTExtendedException, PyJWTError, KeyError, ValueError):
        raise NotSignedIn from None


def _presented() -> str | None:
    """Return the access token as it came, by header before cookie; None where it isn't plain which is meant."""
    header = request.environ.get("HTTP_AUTHORIZATION")
    if header is None:
        return _cookie(request.environ.get("HTTP_COOKIE", ""), current_app.config["JWT_ACCESS_COOKIE_NAME"])
    return header.removeprefix("Bearer ") if header.count(" ") == 1 and "," not in header else None


@lru_cache(COOKIES_KEPT)
def _cookie(header: str, name: str) -> str | None:
    """Return a cookie out of all that a browser sends: until it renews its session it sends the same with every request."""
    return parse_cookie(header).get(name)


def _believed(token: str | None) -> Who | None:
    """Return who it is where this very token was verified before: a signature stays good, only its time runs out."""
    known, csrf = _seen.get(token or "", (None, None))
    if known is None or known.expires_at + LEEWAY <= datetime.now(UTC) or known.by_cookie == ("HTTP_AUTHORIZATION" in request.environ):
        return None
    if known.by_cookie and request.method not in _SAFE and not _same(csrf, request.headers.get("X-CSRF-Token")):
        return None
    return known


def _believe(token: str | None, found: Who, csrf: str | None) -> None:
    if token:
        if len(_seen) >= TOKENS_KEPT:
            _seen.clear()
        _seen[token] = (found, csrf)


def _same(kept: str | None, given: str | None) -> bool:
    return bool(kept and given) and hmac.compare_digest(str(kept).encode(), str(given).encode())


def _who(claims: dict[str, Any]) -> Who:
    return Who(
        user_id=UUID(claims["sub"]),
        session_id=UUID(claims["sid"]),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        jti=claims["jti"],
        by_cookie=get_jwt_request_location() == "cookies",
    )


def _verify_key(header: dict[str, Any], _claims: dict[str, Any]) -> Any:
    try:
        return token_keys.verify_keys()[header["kid"]]
    except (KeyError, TypeError):
        raise InvalidKeyError("no such key") from None
