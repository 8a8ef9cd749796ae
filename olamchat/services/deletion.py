"""Leaving for good: a person's account is deleted, and everything that is theirs with it.

The audit log keeps that they were there and have left; it belongs to who runs the server.
"""

from uuid import UUID

from olamchat import passwords
from olamchat.clock import now
from olamchat.db import messages
from olamchat.db.people import administration, sessions, users
from olamchat.db.pool import connected, database
from olamchat.errors import Invalid, LastAccount, LastAdministrator, NotSignedIn, WrongPassword
from olamchat.services.people import accounts, audit
from olamchat.services.turns import lifecycle


def delete(*, user_id: UUID, password: str = "", email: str = "", last: bool = False) -> None:
    """Erase a person; their answers in flight are stopped and their streams close.

    Who has a password shows it, who has none shows that they mean it by their e-mail. Somebody who is alone here says with `last` that they
    know it: the next who signs up is the administrator. Raises NotSignedIn, WrongPassword, Invalid, LastAdministrator, LastAccount.
    """
    _check(user_id, password, email)
    _refuse_last(user_id, last)
    _stop_answers(user_id)
    with connected(), database.atomic():
        _refuse_last_now(user_id, last)
        ended = sessions.end(user_id, now())
        users.delete(user_id)
    accounts.tell_ended(user_id, ended)
    audit.note("account.deleted", actor_id=user_id, subject=str(user_id))


def _check(user_id: UUID, password: str, email: str) -> None:
    with connected():
        user = users.find(user_id)
    if user is None:
        raise NotSignedIn
    if user["password_hash"] is None:
        if accounts.same_email(email) != user["email"]:
            message = "This is not your e-mail."
            raise Invalid(message, errors=[{"field": "email", "message": message}])
    elif not passwords.matches(password, user["password_hash"]):
        raise WrongPassword(errors=[{"field": "password", "message": WrongPassword.title}])


def _refuse_last(user_id: UUID, last: bool) -> None:
    """Refuse before anything is stopped. Raises LastAdministrator, LastAccount."""
    with connected(), database.atomic():
        _refuse_last_now(user_id, last)


def _refuse_last_now(user_id: UUID, last: bool) -> None:
    """Let nobody change the administrators before the transaction ends, nor join where this is the last one. Raises LastAdministrator, LastAccount."""
    number = administration.lock_administrators()
    user = users.find(user_id)
    if user is None or user["role"] != "admin" or number != 1:
        return
    if not users.is_alone(user_id):
        raise LastAdministrator
    if not last:
        raise LastAccount


def _stop_answers(user_id: UUID) -> None:
    """Free the engines; a worker that still writes finds its turn gone and lets go."""
    with connected():
        writing = messages.all_in_flight(user_id)
    for answer_id in writing:
        lifecycle.stop(answer_id)
