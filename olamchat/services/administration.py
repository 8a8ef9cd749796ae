"""What administrators do: see and change accounts."""

from uuid import UUID

from olamchat.db import users
from olamchat.db.pool import connected
from olamchat.errors import Forbidden


def check(*, user_id: UUID) -> None:
    """Let none but administrators pass. Raises Forbidden."""
    with connected():
        person = users.find(user_id)
    if person is None or person["role"] != "admin":
        raise Forbidden
