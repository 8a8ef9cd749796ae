"""A security key in software: it makes passkeys and proves to hold them as a device does, and says whatever a test wants it to say."""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, NEW = 0x01, 0x04, 0x40


def text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def read(value: str) -> bytes:
    return urlsafe_b64decode(value + "===")


@dataclass
class Authenticator:
    """One device with one passkey. `counts` is what it says next; with None it doesn't count."""

    origin: str = "https://chat.example.org"
    host: str = "chat.example.org"
    verifies: bool = True
    counts: int | None = 0
    handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """Make the passkey that a page asks for."""
        self.handle = read(options["user"]["id"])
        point = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + cose
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(NEW) + attested}
        return self._credential(options, "webauthn.create", attestationObject=text(cbor2.dumps(statement)), transports=["internal"])

    def show(self, options: dict[str, Any]) -> dict[str, Any]:
        """Prove to hold it."""
        data = self._data(0)
        signed = data + hashlib.sha256(self._client(options, "webauthn.get")).digest()
        signature = self.key.sign(signed, ECDSA(SHA256()))
        handle = {"userHandle": text(self.handle)} if self.handle else {}
        return self._credential(options, "webauthn.get", authenticatorData=text(data), signature=text(signature), **handle)

    def _data(self, flags: int) -> bytes:
        if self.counts is not None:
            self.counts += 1
        says = flags | PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", says, self.counts or 0)

    def _client(self, options: dict[str, Any], kind: str) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}).encode()

    def _credential(self, options: dict[str, Any], kind: str, **response: Any) -> dict[str, Any]:
        name = text(self.credential_id)
        client = text(self._client(options, kind))
        return {"id": name, "rawId": name, "type": "public-key", "response": {"clientDataJSON": client, **response}}


def handle_of(user_id: str) -> bytes:
    return UUID(user_id).bytes
