"""The password once more, before anything that someone at an unlocked page must not be able to do."""

from uuid import UUID

from functions.http import auth, rate_limits
from functions.http.messages import read
from functions.schemas.account import Proof


def given(user_id: UUID) -> str:
    """Return the password given, counted as an attempt, so that someone at an unlocked page can't guess it. Raises TooMany."""
    said = read(Proof)
    rate_limits.signing_in(str(user_id), device=auth.session_id())
    return said.password
