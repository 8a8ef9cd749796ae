"""Sends the mails that wait. A link's token is made as its mail leaves, and only a digest of it is kept."""

import hashlib
import logging
import secrets
from datetime import timedelta
from typing import Any

from olamchat.clock import now
from olamchat.db.people import mails, users
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row
from olamchat.network import mail
from olamchat.network.mail import Mail, MailLost, MailRefused
from olamchat.services.people import mail_texts

RESET, EMAIL, EMAIL_CHANGED, PASSKEY_ADDED = "reset", "email", "email_changed", "passkey_added"
LIFE = timedelta(minutes=30)
# The pause after the first failed try, which doubles up to the longest; and when nobody waits for the mail any more.
FIRST_S, LONGEST_S = 30.0, 300.0
GIVE_UP = timedelta(hours=1)
_log = logging.getLogger(__name__)


def send_one() -> bool:
    """Send the mail that is due; False where none is. A server that is away gets it later."""
    with connected():
        row = mails.take(first_s=FIRST_S, longest_s=LONGEST_S)
    if row is None:
        return False
    try:
        if (written := _written(row)) is not None:
            mail.send(written)
    except MailLost as lost:
        _log.warning("a mail of kind %s could not be sent: %s", row["kind"], lost)
        if now() - row["created_at"] < GIVE_UP:
            return True
    except MailRefused as refused:
        _log.warning("a mail of kind %s is refused: %s", row["kind"], refused)
    with connected():
        mails.forget(row["id"])
    return True


def digest(token: str) -> bytes:
    """Return what is kept of a link's token."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


def _written(row: Row) -> Mail | None:
    """Write a mail; None where it was withdrawn since it was taken."""
    given: dict[str, Any] = {"to": row["email"], "language": row["language"]}
    if row["kind"] == EMAIL_CHANGED:
        return mail_texts.email_changed(**given, new=row["new_email"])
    if row["kind"] == PASSKEY_ADDED:
        return mail_texts.passkey_added(**given, name=row["about"])
    token = secrets.token_urlsafe(32)
    with connected(), database.atomic():
        users.lock(row["user_id"])  # before the mail's row is read: who withdraws it holds the person
        if not mails.link(row["id"], digest(token), now() + LIFE):
            return None
    write = mail_texts.reset if row["kind"] == RESET else mail_texts.new_email
    return write(**given, token=token, minutes=LIFE.seconds // 60)
