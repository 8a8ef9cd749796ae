"""Encryption by age (https://age-encryption.org): a public key makes backups that only its private key opens, also with the program `age`."""

from pathlib import Path

import pyrage

from local import version
from local.process import CannotStart

_HEADER = b"age-encryption.org/"


def make_key(file: Path) -> str:
    """Write a new private key and return its public one. Raises CannotStart where the file is there already."""
    if file.exists():
        raise CannotStart(f"{file} exists already. Name another file for the key.")
    identity = pyrage.x25519.Identity.generate()
    file.touch(mode=0o600)
    file.write_text(f"# public key: {identity.to_public()}\n{identity}\n")
    return str(identity.to_public())


def encrypt(source: Path, target: Path, key: str) -> None:
    """Encrypt a file for a key: a public one (age1…), or a file with a key in it. Raises CannotStart."""
    to = _recipient(key)
    draft = target.with_name(f"{target.name}.partial")
    draft.touch(mode=0o600)
    with source.open("rb") as plain, draft.open("wb") as sealed:
        pyrage.encrypt_io(plain, sealed, [to])
    draft.replace(target)


def is_encrypted(file: Path) -> bool:
    """Tell by its first bytes."""
    with file.open("rb") as content:
        return content.read(len(_HEADER)) == _HEADER


def decrypt(source: Path, target: Path, key: Path) -> None:
    """Decrypt a file with the private key that a file holds. Raises CannotStart."""
    identity = _identity(key)
    target.touch(mode=0o600)
    try:
        with source.open("rb") as sealed, target.open("wb") as plain:
            pyrage.decrypt_io(sealed, plain, [identity])
    except (pyrage.DecryptError, OSError) as error:
        raise CannotStart(
            f"{source} can't be opened with the key in {key} ({error}). It was made for another key, or is damaged."
        ) from None


def _recipient(key: str) -> pyrage.x25519.Recipient:
    if not key.startswith("age1"):
        public = [word for line in _lines(Path(key)) for word in line.split() if word.startswith("age1")]
        return _identity(Path(key)).to_public() if not public else _recipient(public[0])
    try:
        return pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError:
        raise CannotStart(f"{key} is not a public key of age.") from None


def _identity(file: Path) -> pyrage.x25519.Identity:
    for line in _lines(file):
        if line.startswith("AGE-SECRET-KEY-"):
            try:
                return pyrage.x25519.Identity.from_str(line.strip())
            except pyrage.IdentityError:
                break
    raise CannotStart(f"{file} holds no private key of age (AGE-SECRET-KEY-1…). Make one: {version.PROGRAM} backup --make-key {file}")


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CannotStart(f"The key file {file} can't be read ({error}).") from None
