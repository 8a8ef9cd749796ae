"""What somebody holds who has given their password and owes the second factor: a signed word that it was given, good for five minutes.

It is no session: it has an audience of its own, which no other reader of our tokens takes. A code is good once, so it opens nothing twice.
"""

from uuid import UUID

import jwt

from functions.http import token_keys
from olamchat.clock import unix
from olamchat.errors import SignInExpired
from olamchat.services.people.second_factor import Halfway

AUDIENCE = "olamchat-second-factor"
LIFE_S = 300


def challenge(halfway: Halfway) -> str:
    """Return the word."""
    key = token_keys.signing_key()
    claims = {"aud": AUDIENCE, "sub": str(halfway.user_id), "stamp": halfway.stamp, "exp": int(unix()) + LIFE_S}
    return jwt.encode(claims, key.private, "EdDSA", {"kid": key.kid})


def halfway(token: str) -> Halfway:
    """Read the word. Raises SignInExpired for what is none, or is one no longer."""
    try:
        key = token_keys.verify_keys()[jwt.get_unverified_header(token)["kid"]]
        claims = jwt.decode(
            token, key, ["EdDSA"], audience=AUDIENCE, options={"require": ["aud", "sub", "stamp", "exp"], "verify_exp": False}
        )
        found = Halfway(user_id=UUID(claims["sub"]), stamp=claims["stamp"])
    except (jwt.PyJWTError, KeyError, TypeError, ValueError):
        raise SignInExpired from None
    if claims["exp"] <= unix():  # by the clock that it was made by: the database's
        raise SignInExpired
    return found
