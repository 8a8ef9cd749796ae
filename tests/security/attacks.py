"""What an attacker holds in their hand, and every route of the app to try it on. Both are lists, so that nothing is forgotten."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from flask import Flask
from werkzeug.routing import Rule

from functions.http import token_keys
from olamchat.db.pool import database
from olamchat.environment import environment
from tests.functions.conftest import Person

# Routes that ask for no session, with what they answer an empty request.
OPEN = {
    "auth.signup": 422, "auth.login": 422, "auth.second_factor.log_in": 422, "auth.passkeys.log_in": 422, "auth.passkeys.begin_login": 409, "auth.mail.ask": 422, "auth.mail.choose": 422, "auth.mail.confirm_email": 422, "auth.may_join": 200, "models.health": 200, "models.document": 200,
    "auth.refresh": 401, "auth.logout": 401, "conversations.sharing.shared": 404, "files.handing_out.shared_file": 404,
    "auth.oidc.login": 404, "auth.oidc.callback": 404,
}  # fmt: skip
# What nobody has, by the kind of id that a rule takes.
NOBODYS = "01900000-0000-7000-8000-000000000000"
_NOBODYS = {"int": "1"}
# Routes that a browser's cookie does not open at all.
SAFE = {"GET", "HEAD"}


@dataclass(frozen=True)
class Way:
    """One method of one rule."""

    rule: Rule
    method: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule.rule}"

    @property
    def endpoint(self) -> str:
        return str(self.rule.endpoint)

    def path(self, **ids: str) -> str:
        """Return a path of the rule, with these ids or with some that nobody has."""
        return re.sub(r"<(?:(\w+)[^:>]*:)?(\w+)>", lambda found: ids.get(found[2], _NOBODYS.get(found[1], NOBODYS)), self.rule.rule)


@dataclass(frozen=True)
class Hand:
    """Something to show at the door, as headers."""

    name: str
    headers: dict[str, str]


def ways(app: Flask) -> list[Way]:
    """Return every method of every public rule."""
    return [
        Way(rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        if rule.rule.startswith("/api/") or rule.rule.startswith("/v1/")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def forged(people: Callable[[str], Person]) -> Iterator[Hand]:
    """Yield every token that must open nothing."""
    good = people("good")
    claims = jwt.decode(good.token, options={"verify_signature": False})
    header = jwt.get_unverified_header(good.token)
    mine, kid = _signing_key(), header["kid"]
    yield Hand("no token", {})
    yield _bearer("nonsense", "nonsense")
    yield _bearer("an empty token", "")
    yield _bearer("run out", jwt.encode({**claims, "exp": claims["iat"] - 31}, mine, "EdDSA", {"kid": kid}))
    yield _bearer("not yet good", jwt.encode({**claims, "nbf": claims["iat"] + 3_600}, mine, "EdDSA", {"kid": kid}))
    yield _bearer("another's key", jwt.encode(claims, Ed25519PrivateKey.generate(), "EdDSA", {"kid": kid}))
    yield _bearer("an unknown kid", jwt.encode(claims, mine, "EdDSA", {"kid": "x"}))
    yield _bearer("a kid that is a path", jwt.encode(claims, mine, "EdDSA", {"kid": "../../etc/passwd"}))
    yield _bearer("no kid", jwt.encode(claims, mine, "EdDSA"))
    yield _bearer("alg none", _unsigned({**header, "alg": "none"}, claims))
    yield _bearer("alg None", _unsigned({**header, "alg": "NoNe"}, claims))
    yield _bearer("HS256 with the public key", _hmac({**header, "alg": "HS256"}, claims))
    yield _bearer("tampered claims", _tampered(good.token, {**claims, "sub": people("victim").id}))
    yield _bearer("tampered signature", good.token[:-6] + "AAAAAA")
    yield _bearer("its own key in the header", _own_key(header, claims))
    yield _bearer("another issuer", jwt.encode({**claims, "iss": "somebody"}, mine, "EdDSA", {"kid": kid}))
    yield _bearer("another's session", jwt.encode({**claims, "sub": people("other").id}, mine, "EdDSA", {"kid": kid}))
    yield _bearer("a session that never was", jwt.encode({**claims, "sid": people("third").id}, mine, "EdDSA", {"kid": kid}))
    yield _bearer("a refresh token", people("refresher").refresh_token)
    yield _bearer("a revoked session", _revoked(people("revoked")).token)
    yield _bearer("a session run out", _sql(people("idle"), "UPDATE sessions SET expires_at = now() WHERE user_id = %s").token)
    yield _bearer("a disabled user", _sql(people("disabled"), "UPDATE users SET disabled_at = now() WHERE id = %s").token)
    yield _bearer("a deleted user", _sql(people("deleted"), "DELETE FROM users WHERE id = %s").token)
    yield Hand("a good token in another scheme", {"Authorization": f"Basic {good.token}"})
    yield Hand("a good token in another header", {"X-Authorization": f"Bearer {good.token}", "X-API-Key": good.token, "X-User-Id": good.id})
    yield Hand("a good token in a cookie of another name", {"Cookie": f"access_token={good.token}; olamchat_access={good.token}"})


def by_cookie(person: Person) -> list[Hand]:
    """Return a browser's cookies, sent by a page that is not ours."""
    csrf = jwt.decode(person.token, options={"verify_signature": False})["csrf"]
    cookie = {"Cookie": f"__Host-olamchat_access={person.token}; __Host-olamchat_csrf={csrf}"}
    return [
        Hand("CSRF missing", cookie),
        Hand("CSRF wrong", {**cookie, "X-CSRF-Token": "0b0e1e5c-1111-4111-8111-000000000000"}),
        Hand("CSRF empty", {**cookie, "X-CSRF-Token": ""}),
        Hand("CSRF with another scheme", {**cookie, "Authorization": "Basic eDp5"}),
    ]


def _bearer(name: str, token: str) -> Hand:
    return Hand(name, {"Authorization": f"Bearer {token}"})


def _signing_key() -> Any:
    return load_pem_private_key(Path(environment().signing_key_file).read_bytes(), None)


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return f"{_part(header)}.{_part(claims)}."


def _hmac(header: dict[str, Any], claims: dict[str, Any]) -> str:
    import hashlib
    import hmac

    said = f"{_part(header)}.{_part(claims)}"
    secret = Path(environment().verify_keys_file).read_bytes()
    return f"{said}.{base64.urlsafe_b64encode(hmac.new(secret, said.encode(), hashlib.sha256).digest()).rstrip(b'=').decode()}"


def _tampered(token: str, claims: dict[str, Any]) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{_part(claims)}.{signature}"


def _own_key(header: dict[str, Any], claims: dict[str, Any]) -> str:
    own = Ed25519PrivateKey.generate()
    x = base64.urlsafe_b64encode(own.public_key().public_bytes_raw()).rstrip(b"=").decode()
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": x}
    return jwt.encode(claims, own, "EdDSA", {**header, "kid": token_keys.thumbprint(own.public_key()), "jwk": jwk})


def _revoked(person: Person) -> Person:
    assert person.post("/api/auth/logout").status_code == 204
    return person


def _sql(person: Person, sql: str) -> Person:
    database.execute_sql(sql, [person.id])
    database.close()
    return person
