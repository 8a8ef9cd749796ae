"""A cookie that says: from this browser that account was signed in to before. Strangers' wrong guesses then don't keep its owner out.

This is OWASP's device cookie (owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies): signed, for one account, and
its tries are counted by themselves. It lets nobody in.
"""

import hashlib
from uuid import uuid4

import jwt
from flask import Response, current_app, request

from functions.http import token_keys
from olamchat.clock import unix
from olamchat.services.people import accounts

AUDIENCE = "olamchat-device"
LIFE_S = 400 * 86_400  # the most that browsers keep a cookie


def of(email: str) -> str | None:
    """Return the device's name where this browser was signed in to the account before, else None."""
    claims = _claims()
    return str(claims["jti"]) if claims and claims["sub"] == _digest(email) else None


def name() -> str:
    """Return the device's name, whichever account it knows; empty where it has none."""
    claims = _claims()
    return str(claims["jti"]) if claims else ""


def remember(response: Response, email: str) -> None:
    """Have the browser say from now on that it knows the account."""
    if of(email):
        return
    key = token_keys.signing_key()
    claims = {"aud": AUDIENCE, "sub": _digest(email), "jti": uuid4().hex, "iat": int(unix())}
    secure = current_app.config["JWT_COOKIE_SECURE"]
    response.set_cookie(
        _cookie(), jwt.encode(claims, key.private, "EdDSA", {"kid": key.kid}), max_age=LIFE_S, httponly=True, samesite="Strict",
        secure=secure, path="/" if secure else "/api/auth",
    )  # fmt: skip


def _claims() -> dict[str, str] | None:
    token = request.cookies.get(_cookie(), "")
    try:
        key = token_keys.verify_keys()[jwt.get_unverified_header(token)["kid"]]
        claims: dict[str, str] = jwt.decode(
            token, key, ["EdDSA"], audience=AUDIENCE, options={"require": ["aud", "sub", "jti"], "verify_iat": False}
        )
    except (jwt.PyJWTError, KeyError, TypeError):
        return None
    return claims


def _cookie() -> str:
    return "__Host-olamchat_device" if current_app.config["JWT_COOKIE_SECURE"] else "olamchat_device"


def _digest(email: str) -> str:
    return hashlib.sha256(accounts.same_email(email).encode(errors="surrogatepass")).hexdigest()
