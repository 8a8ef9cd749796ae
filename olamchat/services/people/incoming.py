"""People who come from elsewhere with the password they had there: an operator moves a house in, nobody signs up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from olamchat import passwords
from olamchat.clock import now
from olamchat.db.people import users
from olamchat.db.pool import connected
from olamchat.services.people import accounts, audit


@dataclass(frozen=True, kw_only=True)
class IncomingPerson:
    """Somebody as they come; `bcrypt` is their hash as it was kept there, empty where there is none that can be taken over."""

    email: str
    name: str = ""
    bcrypt: str = ""
    role: Literal["user", "admin"] = "user"
    disabled: bool = False
    created_at: datetime | None = None


def known(email: str) -> UUID | None:
    """Return the account that has this e-mail. Raises Invalid for what is none."""
    with connected():
        user = users.find_by_email(accounts.normal_email(email))
    return user["id"] if user else None


def take(person: IncomingPerson, *, source: str) -> tuple[UUID, bool]:
    """Make somebody's account, unless the e-mail has one, which stays as it is. Returns its id, and whether it was made. Raises Invalid."""
    email, at = accounts.normal_email(person.email), now()
    values = {
        "email": email,
        "name": person.name.strip()[:200],
        "password_hash": passwords.foreign(person.bcrypt) if person.bcrypt else None,
        "role": person.role,
        "disabled_at": at if person.disabled else None,
        "created_at": min(person.created_at or at, at),
    }
    with connected():
        made = users.add(values)
        user = made or users.find_by_email(email)
    assert user is not None, "it was there or it was made"
    if made:
        audit.note("account.made", actor_id=user["id"], subject=email, role=person.role, source=source)
    return user["id"], made is not None
