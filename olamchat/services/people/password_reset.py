"""A new password for who has forgotten theirs, by a link that is sent to their e-mail.

Asking says nothing of whether there is such an account. What is asked for is a row; the auth function's postman sends it, again and again while the
mail server is away, and makes the link's token as the mail leaves: kept is a digest of it alone.
"""

import hashlib
import logging
import secrets
from datetime import timedelta

from olamchat import mail, passwords
from olamchat.clock import now
from olamchat.db.people import mails, sessions, users
from olamchat.db.pool import connected, database
from olamchat.errors import MailOff, WrongLink
from olamchat.mail import MailLost, MailRefused
from olamchat.services.people import accounts, audit, mail_texts, password_policy
from olamchat.texts import is_keepable

KIND = "reset"
LIFE = timedelta(minutes=30)
# The pause after the first failed try, which doubles up to the longest; and when nobody waits for the mail any more.
FIRST_S, LONGEST_S = 30.0, 300.0
GIVE_UP = timedelta(hours=1)
_log = logging.getLogger(__name__)


def ask(*, email: str, language: str) -> None:
    """Have a link sent, if somebody with a password has this e-mail. Raises MailOff."""
    if not mail.is_there():
        raise MailOff
    normal = accounts.same_email(email)
    with connected():
        mails.ask(normal if is_keepable(normal) else "", language)
    audit.note("password.reset_asked", subject=normal[:254] if is_keepable(normal) else "")


def choose(*, token: str, password: str) -> None:
    """Take the new password of whoever has the link, and end all of their sessions. Raises WrongLink, Invalid."""
    digest = _digest(token)
    with connected():
        user_id = mails.linked(digest, KIND, now())
        user = users.find(user_id) if user_id else None
    if user is None:
        raise WrongLink
    kept = passwords.hash_password(password_policy.accept(password, email=user["email"]))
    with connected(), database.atomic():
        row = users.lock_whole(user["id"])
        if row is None or row["disabled_at"] or not mails.use_link(digest, KIND, now()):
            raise WrongLink
        users.change(user["id"], {"password_hash": kept})
        ended = sessions.end(user["id"], now())
    accounts.tell_ended(user["id"], ended)
    audit.note("password.reset", actor_id=user["id"], subject=str(user["id"]), by="mail")


def send_one() -> bool:
    """Send the mail that is due; False where none is. A server that is away gets it later."""
    with connected():
        row = mails.take(first_s=FIRST_S, longest_s=LONGEST_S)
    if row is None:
        return False
    token = secrets.token_urlsafe(32)
    with connected():
        mails.link(row["user_id"], KIND, _digest(token), now() + LIFE)
    try:
        mail.send(mail_texts.reset(to=row["email"], language=row["language"], token=token, minutes=LIFE.seconds // 60))
    except MailLost as lost:
        _log.warning("a mail of kind %s could not be sent: %s", row["kind"], lost)
        if now() - row["created_at"] < GIVE_UP:
            return True
    except MailRefused as refused:
        _log.warning("a mail of kind %s is refused: %s", row["kind"], refused)
    with connected():
        mails.forget(row["id"])
    return True


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
