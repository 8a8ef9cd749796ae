"""The mail server: one mail, sent by SMTP, with a limit on how long that may take.

The server is the operator's own, named by the environment. A mail is plain text and HTML, from a program (RFC 3834: nobody's holiday answers it).
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr

from olamchat.environment import BadSetting, environment
from olamchat.network import certificates

TIMEOUT_S = 10.0
TLS = ("starttls", "tls", "none")


class MailLost(Exception):
    """The server can't be reached, or says that it can't now: the same mail may go out later."""


class MailRefused(Exception):
    """The server will never take this mail."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    to: str
    subject: str
    text: str
    html: str
    language: str


def is_there() -> bool:
    """Tell whether this process may send mail."""
    return bool(environment().smtp_host)


def check() -> None:
    """Raise BadSetting where mail can't be sent as it is set up."""
    settings = environment()
    if not settings.smtp_host:
        return
    if settings.smtp_tls not in TLS:
        raise BadSetting(f"OLAMCHAT_SMTP_TLS={settings.smtp_tls!r} is none of {', '.join(TLS)}")
    for name, value in (("OLAMCHAT_MAIL_FROM", settings.mail_from), ("OLAMCHAT_PUBLIC_URL", settings.public_url)):
        if not value:
            raise BadSetting(f"OLAMCHAT_SMTP_HOST wants {name}")
    if "@" not in parseaddr(settings.mail_from)[1]:
        raise BadSetting(f"OLAMCHAT_MAIL_FROM={settings.mail_from!r} is not an address such as chat@example.org or Chat <chat@example.org>")
    if settings.smtp_password and settings.smtp_tls == "none":
        raise BadSetting("OLAMCHAT_SMTP_PASSWORD is sent over TLS alone: set OLAMCHAT_SMTP_TLS to starttls or tls")


def send(mail: Mail) -> None:
    """Hand a mail to the server. Raises MailLost, MailRefused."""
    sender = parseaddr(environment().mail_from)[1]
    with _connected() as server:
        server.send_message(_message(mail), sender, [mail.to])


def look() -> str:
    """Sign in at the server as for a mail, and return where it is. Raises MailLost, MailRefused."""
    with _connected() as server:
        server.noop()
    return f"{environment().smtp_host}:{environment().smtp_port}"


@contextmanager
def _connected() -> Iterator[smtplib.SMTP]:
    try:
        with _open() as server:
            if environment().smtp_user:
                server.login(environment().smtp_user, environment().smtp_password)
            yield server
    except smtplib.SMTPAuthenticationError as error:
        raise MailLost(f"it does not take user and password ({error.smtp_code})") from None
    except smtplib.SMTPRecipientsRefused as error:
        raise _refusal(max(code for code, _ in error.recipients.values())) from None
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code) from None
    except (OSError, smtplib.SMTPException) as error:
        raise MailLost(f"{type(error).__name__}: {error}") from None


def _open() -> smtplib.SMTP:
    settings = environment()
    context = ssl.create_default_context(cafile=certificates.bundle() or None)
    if settings.smtp_tls == "tls":
        return smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_S, context=context)
    server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_S)
    if settings.smtp_tls == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _refusal(code: int) -> Exception:
    return MailRefused(f"it answers {code}") if code >= 500 else MailLost(f"it answers {code}")


def _message(mail: Mail) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = environment().mail_from, mail.to, mail.subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=parseaddr(environment().mail_from)[1].rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message["Content-Language"] = mail.language  # last: what is said of the content before would be the first part's alone
    return message
