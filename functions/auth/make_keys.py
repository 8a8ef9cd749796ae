"""Make the pair of keys once: `python -m functions.auth.make_keys FOR_AUTH FOR_ALL`, two folders.

FOR_AUTH gets signing.pem and verify.pem and goes to the auth function alone; FOR_ALL gets verify.pem. What is there stays as it is.
"""

import os
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key

# The user that the image runs as.
USER = 10001


def make(for_auth: Path, for_all: Path) -> None:
    """Put the keys into both folders, for the image's user where this one may say so."""
    signing = for_auth / "signing.pem"
    if not signing.exists():
        _write(signing, Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), mode=0o400)
    public = load_pem_private_key(signing.read_bytes(), None).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for folder in (for_auth, for_all):
        if not (folder / "verify.pem").exists():
            _write(folder / "verify.pem", public, mode=0o444)


def _write(file: Path, content: bytes, *, mode: int) -> None:
    draft = file.with_suffix(".draft")
    draft.touch(mode=mode)
    draft.chmod(0o600)
    draft.write_bytes(content)
    draft.chmod(mode)
    if os.geteuid() == 0:
        os.chown(draft, USER, USER)
    draft.replace(file)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m functions.auth.make_keys FOR_AUTH FOR_ALL")
    make(Path(sys.argv[1]), Path(sys.argv[2]))
