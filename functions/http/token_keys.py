"""The keys of the tokens: one private key that signs, any number of public ones that verify, each known by its thumbprint.

To change keys without signing anybody out: put the new public key beside the old one everywhere, then give auth the new private
key, and take the old public key away when the last token it signed has run out.
"""

import hashlib
import json
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from olamchat.environment import BadSetting, environment

_PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """The private key and the name (`kid`) under which the others know its public half."""

    private: Ed25519PrivateKey
    kid: str


@cache
def signing_key() -> SigningKey:
    """Return the key that signs. Raises BadSetting where this process has none: only the auth function does."""
    file = environment().signing_key_file
    try:
        private = load_pem_private_key(Path(file).read_bytes(), None) if file else None
    except (OSError, ValueError, TypeError) as error:
        raise BadSetting(f"OLAMCHAT_SIGNING_KEY_FILE={file!r} can't be read as a private key: {error}") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise BadSetting("OLAMCHAT_SIGNING_KEY_FILE must name a file with an Ed25519 private key (PEM)")
    return SigningKey(private=private, kid=thumbprint(private.public_key()))


@cache
def verify_keys() -> dict[str, Ed25519PublicKey]:
    """Return the public keys by kid; without a file of them, the signing key's own. Raises BadSetting."""
    file = environment().verify_keys_file
    if not file:
        key = signing_key()
        return {key.kid: key.private.public_key()}
    try:
        loaded = [load_pem_public_key(block) for block in _PEM.findall(Path(file).read_bytes())]
    except (OSError, ValueError) as error:
        raise BadSetting(f"OLAMCHAT_VERIFY_KEYS_FILE={file!r} can't be read as public keys: {error}") from None
    keys = {thumbprint(key): key for key in loaded if isinstance(key, Ed25519PublicKey)}
    if not keys or len(keys) != len(loaded):
        raise BadSetting(f"OLAMCHAT_VERIFY_KEYS_FILE={file!r} must hold Ed25519 public keys (PEM), one after another, and nothing else")
    return keys


def thumbprint(key: Ed25519PublicKey) -> str:
    """Return the key's JWK thumbprint (RFC 7638, RFC 8037 appendix A.3)."""
    jwk = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(key.public_bytes_raw())}
    return _base64url(hashlib.sha256(json.dumps(jwk, separators=(",", ":")).encode()).digest())


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
