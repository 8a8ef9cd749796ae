"""Sends the mails that wait: a thread of the auth function, which alone knows the mail server. No request waits for it."""

import logging
import threading

from olamchat.db.pool import DatabaseLost
from olamchat.network import mail
from olamchat.services.people import mailing

# Mails that another process took and could not send are looked for so often.
PERIOD_S = 5.0
_log = logging.getLogger(__name__)
_wake = threading.Event()


def start() -> None:
    """Send from now on, where there is a mail server."""
    if mail.is_there():
        threading.Thread(target=_for_ever, name="postman", daemon=True).start()


def wake() -> None:
    """A mail was asked for just now."""
    _wake.set()


def deliver() -> None:
    """Send what is due."""
    try:
        while mailing.send_one():
            pass
    except DatabaseLost as away:
        _log.warning("no mail is sent: %s", away)
    except Exception:  # noqa: BLE001, a postman that ended would never come back
        _log.exception("no mail is sent")


def _for_ever() -> None:
    while True:
        deliver()
        _wake.wait(PERIOD_S)
        _wake.clear()
