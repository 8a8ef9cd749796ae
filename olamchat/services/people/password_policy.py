"""Which passwords are taken: any that are long enough, and neither the account's own e-mail nor one of those that are tried first.

common_passwords.txt has the thousand commonest passwords of at least eight characters, from zxcvbn's list (MIT, version 4.5.0).
"""

from functools import cache
from pathlib import Path

from olamchat.errors import Invalid
from olamchat.texts import is_keepable

LENGTHS = range(8, 1_001)
_FILE = Path(__file__).with_name("common_passwords.txt")


def accept(password: str, *, email: str, field: str = "password") -> str:
    """Return the password. Raises Invalid, which names the field."""
    if len(password) not in LENGTHS:
        raise _refused(field, f"A password has {LENGTHS.start} to {LENGTHS.stop - 1:,} characters.")
    if not is_keepable(password):
        raise _refused(field, "A password has no NUL and no half characters.")
    plain = password.strip().lower()
    if plain in {email.lower(), email.lower().partition("@")[0]}:
        raise _refused(field, "Your e-mail is the first thing others would try. Choose another password.")
    if plain in _common():
        raise _refused(field, "This is one of the most common passwords. Choose another.")
    return password


@cache
def _common() -> frozenset[str]:
    return frozenset(_FILE.read_text().split())


def _refused(field: str, message: str) -> Invalid:
    return Invalid(message, errors=[{"field": field, "message": message}])
