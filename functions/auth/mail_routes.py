"""What a link in a mail is for: choosing a new password, and confirming a new e-mail."""

from uuid import UUID

from flask import Blueprint

from functions.auth import postman, same_site
from functions.http import auth, rate_limits
from functions.http.auth import signed_in
from functions.http.messages import read
from functions.http.operation import operation
from functions.schemas.account import AskEmail, AskReset, ChoosePassword, ConfirmEmail
from olamchat.errors import Conflict, CsrfFailed, DomainRefused, EmailTaken, MailOff, TooMany, WrongLink, WrongPassword
from olamchat.services.people import email_change, password_reset

bp = Blueprint("mail", __name__)


@bp.post("/password/ask")
@operation(status=204, body=AskReset, refuses=(CsrfFailed, MailOff, TooMany))
def ask() -> None:
    """Have a link to a new password sent. The answer is the same whether there is such an account or not."""
    said = read(AskReset)
    same_site.check()
    rate_limits.mailing(said.email)
    password_reset.ask(email=said.email, language=said.language)
    postman.wake()


@bp.post("/password/choose")
@operation(status=204, body=ChoosePassword, refuses=(CsrfFailed, TooMany, WrongLink))
def choose() -> None:
    """Choose a new password with the token of the link. All sessions end; nobody is signed in by it."""
    said = read(ChoosePassword)
    same_site.check()
    rate_limits.joining()
    password_reset.choose(token=said.token, password=said.password)


@bp.post("/email")
@operation(status=204, body=AskEmail, refuses=(Conflict, DomainRefused, EmailTaken, MailOff, WrongPassword))
@signed_in
def ask_email(user_id: UUID) -> None:
    """Have a link sent to the e-mail that one's account is to have. It counts once that link is opened."""
    said = read(AskEmail)
    rate_limits.signing_in(str(user_id), device=auth.session_id())
    rate_limits.mailing(said.email, by=user_id)
    email_change.ask(user_id=user_id, password=said.password, email=said.email, language=said.language)
    postman.wake()


@bp.post("/email/confirm")
@operation(status=204, body=ConfirmEmail, refuses=(CsrfFailed, DomainRefused, EmailTaken, TooMany, WrongLink))
def confirm_email() -> None:
    """Take the e-mail that the link was sent to; the old address is told. Sessions go on."""
    said = read(ConfirmEmail)
    same_site.check()
    rate_limits.joining()
    email_change.confirm(token=said.token, language=said.language)
    postman.wake()
