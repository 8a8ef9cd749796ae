"""Another e-mail for an account: it counts once the link that was sent there is opened, and then the old address is told."""

from uuid import UUID

import peewee

from olamchat.clock import now
from olamchat.db.people import mails, users
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row
from olamchat.errors import EmailTaken, MailOff, WrongLink, WrongPassword
from olamchat.network import mail
from olamchat.services.people import accounts, audit, mailing, sign_up_policy
from olamchat.services.people.proof import proved


def ask(*, user_id: UUID, password: str, email: str, language: str) -> None:
    """Have a link sent to the new address. Raises MailOff, Invalid, DomainRefused, WrongPassword, Conflict, EmailTaken."""
    if not mail.is_there():
        raise MailOff
    normal = accounts.normal_email(email)
    sign_up_policy.check_domain(normal)
    user = proved(user_id, password)
    with connected(), database.atomic():
        row = users.lock_whole(user_id)
        if row is None or row["password_hash"] != user["password_hash"]:  # replaced since it was checked
            raise WrongPassword
        if users.find_by_email(normal) is not None:
            raise EmailTaken
        mails.ask_to_confirm(user_id, normal, language)
    audit.note("email.asked", actor_id=user_id, subject=str(user_id), email=normal)


def confirm(*, token: str, language: str) -> None:
    """Take the address that the link was sent to; the person's other links end. Raises WrongLink, DomainRefused, EmailTaken."""
    try:
        with connected(), database.atomic():
            user, email = _use(mailing.digest(token))
            sign_up_policy.check_domain(email)
            users.change(user["id"], {"email": email})
            mails.withdraw(user["id"])
            mails.notify(user["email"], email, language)
    except peewee.IntegrityError:  # somebody has taken it meanwhile
        raise EmailTaken from None
    audit.note("email.changed", actor_id=user["id"], subject=str(user["id"]), before=user["email"], now=email)


def _use(digest: bytes) -> tuple[Row, str]:
    """Use a link up; return whose it is, and the address."""
    user_id = mails.linked(digest, mailing.EMAIL, now())
    user = users.lock_whole(user_id) if user_id else None
    link = mails.use_link(digest, mailing.EMAIL, now()) if user and not user["disabled_at"] else None
    if user is None or link is None:
        raise WrongLink
    return user, link["email"]
