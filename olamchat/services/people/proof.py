"""Asking for the password again before anything that someone at an unlocked page must not be able to do."""

from uuid import UUID

from olamchat import passwords
from olamchat.db.people import users
from olamchat.db.pool import connected
from olamchat.db.rows import Row
from olamchat.errors import Conflict, NotSignedIn, WrongPassword


def proved(user_id: UUID, password: str) -> Row:
    """Return the person, whose password it is. Raises WrongPassword; Conflict where they have none."""
    with connected():
        user = users.find(user_id)
    if user is None:
        raise NotSignedIn
    if user["password_hash"] is None:
        raise Conflict("This takes a password. Set one first.")
    if not passwords.matches(password, user["password_hash"]):
        raise WrongPassword(errors=[{"field": "password", "message": WrongPassword.title}])
    return user
