"""The OpenID provider that people may sign in with, by Authlib: authorization code with PKCE, discovery, and what its ID token must show.

Sources: OpenID Connect Core 1.0 (3.1) and Discovery 1.0 (4), RFC 7636 (PKCE), RFC 9207 (iss). The provider's addresses come from its own
document, at the issuer that the environment names: nobody else can name one.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from olamchat.environment import BadSetting, Environment, environment
from olamchat.errors import SignOnFailed, Unavailable
from olamchat.network import certificates

CALLBACK = "/api/auth/oidc/callback"
TIMEOUTS_S = (3.0, 10.0)
# How long the provider's document and keys are believed, and how soon they are asked for anew when a key is missing.
KEPT_S, AGAIN_S = 3_600.0, 30.0
SKEW_S = 60
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """What one sign-in is known by: `state` to the browser, `nonce` in the ID token, `verifier` to the provider's token endpoint."""

    state: str
    nonce: str
    verifier: str


class Untrusted(Exception):
    """The provider said something that it must not."""


class Provider:
    """One provider, as the environment names it."""

    def __init__(self, settings: Environment) -> None:
        self._settings = settings
        self._redirect = settings.public_url.rstrip("/") + CALLBACK
        self._document: dict[str, Any] = {}
        self._keys: Any = None
        self._fetched_at = -KEPT_S

    def address(self, secrets: Secrets) -> str:
        """Return where the browser is to go. Raises Unavailable, SignOnFailed."""
        with _told():
            self._refresh(KEPT_S)
            with self._session() as session:
                url, _ = session.create_authorization_url(
                    self._document["authorization_endpoint"], state=secrets.state, code_verifier=secrets.verifier, nonce=secrets.nonce
                )
                return str(url)

    def claims(self, secrets: Secrets, *, code: str, issuer: str) -> dict[str, Any]:
        """Return what the provider says of the person who comes back with the code. Raises Unavailable, SignOnFailed."""
        with _told():
            self._refresh(KEPT_S)
            self._check_issuer(issuer)
            with self._session() as session:
                token = session.fetch_token(
                    self._document["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=secrets.verifier,
                    timeout=TIMEOUTS_S, allow_redirects=False,
                )  # fmt: skip
                claims = self._verified(token, secrets)
                return together(claims, self._userinfo(session, claims["sub"]))

    def _session(self) -> Any:
        settings, method = self._settings, None
        methods = self._document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if settings.oidc_client_secret and "client_secret_basic" not in methods and "client_secret_post" in methods:
            method = "client_secret_post"
        session = OAuth2Session(
            settings.oidc_client_id, settings.oidc_client_secret or None, token_endpoint_auth_method=method, scope=settings.oidc_scopes,
            redirect_uri=self._redirect, code_challenge_method="S256", default_timeout=TIMEOUTS_S,
        )  # fmt: skip
        session.trust_env, session.verify = False, certificates.bundle() or True
        return session

    def _refresh(self, after_s: float) -> None:
        """Ask for the provider's document and keys where they are older."""
        if time.monotonic() - self._fetched_at < after_s:
            return
        document = _json(self._settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration")
        if document.get("issuer") != self._settings.oidc_issuer:
            raise Untrusted(f"it calls itself {document.get('issuer')!r}")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            _check_secure(document[name])
        self._keys = KeySet.import_key_set({"keys": _json(document["jwks_uri"])["keys"]})
        self._document, self._fetched_at = document, time.monotonic()

    def _check_issuer(self, issuer: str) -> None:
        """A browser that another provider has sent back is not ours to take (RFC 9207)."""
        if (issuer or self._document.get("authorization_response_iss_parameter_supported")) and issuer != self._settings.oidc_issuer:
            raise Untrusted(f"the answer is {issuer!r}'s")

    def _verified(self, token: Mapping[str, Any], secrets: Secrets) -> dict[str, Any]:
        decoded = self._decoded(str(token["id_token"]))
        essential = {"iss": self._settings.oidc_issuer, "aud": self._settings.oidc_client_id}
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={name: {"essential": True, "value": value} for name, value in essential.items()},
            params={"nonce": secrets.nonce, "client_id": self._settings.oidc_client_id, "access_token": token.get("access_token")},
        )
        claims.validate(leeway=SKEW_S)
        return dict(claims)

    def _decoded(self, id_token: str) -> Any:
        try:
            return jwt.decode(id_token, self._keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError):  # it may be signed by a key that is new
            self._refresh(AGAIN_S)
            return jwt.decode(id_token, self._keys, algorithms=ALGORITHMS)

    def _userinfo(self, session: Any, subject: str) -> dict[str, Any]:
        """Return what the provider says beside the ID token: many put e-mail and groups there."""
        address = self._document.get("userinfo_endpoint")
        if not address:
            return {}
        _check_secure(address)
        answer = session.get(address, timeout=TIMEOUTS_S, allow_redirects=False)
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        if said.get("sub") != subject:
            raise Untrusted("its userinfo is somebody else's")
        return said


def together(claims: Mapping[str, Any], userinfo: Mapping[str, Any]) -> dict[str, Any]:
    """Return both; the ID token's word counts. That an e-mail is verified is said of the e-mail beside it and of no other."""
    if "email" in claims and claims["email"] != userinfo.get("email"):
        userinfo = {name: value for name, value in userinfo.items() if name != "email_verified"}
    return {**userinfo, **claims}


def provider() -> Provider | None:
    """Return the provider of this process's environment, None where there is none."""
    return _of(environment()) if environment().oidc_issuer else None


def check() -> None:
    """Raise BadSetting where the provider can't work as it is set up."""
    settings = environment()
    if not settings.oidc_issuer:
        return
    for name, value in (("OLAMCHAT_OIDC_CLIENT_ID", settings.oidc_client_id), ("OLAMCHAT_PUBLIC_URL", settings.public_url)):
        if not value:
            raise BadSetting(f"OLAMCHAT_OIDC_ISSUER wants {name}")
    try:
        _check_secure(settings.oidc_issuer)
    except Untrusted as error:
        raise BadSetting(f"OLAMCHAT_OIDC_ISSUER: {error}") from None


@cache
def _of(settings: Environment) -> Provider:
    return Provider(settings)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what goes wrong at the provider's into refusals; the log has the reason."""
    try:
        yield
    except (requests.ConnectionError, requests.Timeout) as error:
        _log.warning("the OpenID provider can't be reached: %s", error)
        raise Unavailable("The identity provider can't be reached right now.", retry_after_s=5) from None
    except (requests.RequestException, AuthlibBaseError, JoseError, Untrusted, KeyError, TypeError, ValueError) as error:
        _log.warning("no sign-in by the OpenID provider: %s: %s", type(error).__name__, error)
        raise SignOnFailed from None


def _json(address: str) -> dict[str, Any]:
    with requests.Session() as session:
        session.trust_env, session.verify = False, certificates.bundle() or True
        answer = session.get(address, timeout=TIMEOUTS_S, allow_redirects=False)
        answer.raise_for_status()
        said = answer.json()
    if answer.status_code != 200 or not isinstance(said, dict):
        raise Untrusted(f"{address} answers {answer.status_code}")
    return said


def _check_secure(address: str) -> None:
    """Over the network only TLS shows that it is the provider who speaks."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise Untrusted(f"{address[:200]!r} is no address") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}):
        raise Untrusted(f"{address!r} is not https")
