"""A new password for who has forgotten theirs, by a link that is sent to their e-mail.

Asking says nothing of whether there is such an account: what is asked for is a row, which the auth function's postman sends.
"""

from olamchat import passwords
from olamchat.clock import now
from olamchat.db.people import mails, sessions, users
from olamchat.db.pool import connected, database
from olamchat.errors import MailOff, WrongLink
from olamchat.network import mail
from olamchat.services.people import accounts, audit, mailing, password_policy
from olamchat.texts import is_keepable


def ask(*, email: str, language: str) -> None:
    """Have a link sent, if somebody with a password has this e-mail. Raises MailOff."""
    if not mail.is_there():
        raise MailOff
    normal = accounts.same_email(email)
    with connected():
        mails.ask(normal if is_keepable(normal) else "", language)
    audit.note("password.reset_asked", subject=normal[:254] if is_keepable(normal) else "")


def choose(*, token: str, password: str) -> None:
    """Set the password of the account that the link is for, and end all of its sessions. Raises WrongLink, Invalid."""
    digest = mailing.digest(token)
    with connected():
        user_id = mails.linked(digest, mailing.RESET, now())
        user = users.find(user_id) if user_id else None
    if user is None:
        raise WrongLink
    kept = passwords.hash_password(password_policy.accept(password, email=user["email"]))
    with connected(), database.atomic():
        row = users.lock_whole(user["id"])
        if row is None or row["disabled_at"] or not mails.use_link(digest, mailing.RESET, now()):
            raise WrongLink
        users.change(user["id"], {"password_hash": kept})
        mails.withdraw(user["id"])
        ended = sessions.end(user["id"], now())
    accounts.tell_ended(user["id"], ended)
    audit.note("password.reset", actor_id=user["id"], subject=str(user["id"]), by="mail")
