"""Seals people's tokens, so that the database alone opens nothing. Only step workers have the keys.

`OLAMCHAT_CONNECTION_KEYS` names Fernet keys, the newest first: it seals, all open. To rotate, put a new key in front; what is used is sealed
with it from then on, and an old key may go once nothing that it sealed is left (a connection sealed with it must be made again).
"""

import json
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from olamchat.environment import BadSetting, environment


def seal(value: Any) -> str:
    """Return a value that only a holder of the keys can read. Raises BadSetting."""
    return _keys().encrypt(json.dumps(value).encode()).decode()


def unseal(sealed: str) -> Any:
    """Return what was sealed, None where no key opens it. Raises BadSetting."""
    try:
        return json.loads(_keys().decrypt(sealed.encode()))
    except InvalidToken:
        return None


@cache
def _keys() -> MultiFernet:
    names = [key.strip() for key in environment().connection_keys.split(",") if key.strip()]
    if not names:
        raise BadSetting("OLAMCHAT_CONNECTION_KEYS is not set for the step workers, so that people's tokens can't be kept")
    try:
        return MultiFernet([Fernet(key) for key in names])
    except ValueError:
        raise BadSetting("OLAMCHAT_CONNECTION_KEYS has a key that is not 32 bytes in URL-safe base64") from None
