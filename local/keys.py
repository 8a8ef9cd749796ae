"""The keys of this house, made once: the pair that signs its tokens, and the one that seals people's tokens for tool servers."""

from pathlib import Path

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key

from local.process import CannotStart


def make_once(folder: Path) -> dict[str, str]:
    """Return the variables that name the two files, made where they are missing. Raises CannotStart."""
    signing, verify = folder / "signing.pem", folder / "verify.pem"
    folder.mkdir(mode=0o700, exist_ok=True)
    if not signing.exists():
        _write(signing, Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    if not verify.exists():
        _write(verify, _public(signing))
    return {"OLAMCHAT_SIGNING_KEY_FILE": str(signing), "OLAMCHAT_VERIFY_KEYS_FILE": str(verify)}


def seal_once(folder: Path) -> dict[str, str]:
    """Return the variable with the key that seals people's tokens, made where it is missing."""
    seals = folder / "connections.key"
    folder.mkdir(mode=0o700, exist_ok=True)
    if not seals.exists():
        _write(seals, Fernet.generate_key())
    return {"OLAMCHAT_CONNECTION_KEYS": seals.read_text()}


def _public(signing: Path) -> bytes:
    try:
        key = load_pem_private_key(signing.read_bytes(), None)
    except ValueError:
        raise CannotStart(f"{signing} is not a key. Remove it to have a new one made; everyone signs in again then.") from None
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _write(file: Path, content: bytes) -> None:
    """Write all or nothing, for the owner's eyes only."""
    draft = file.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    draft.replace(file)
