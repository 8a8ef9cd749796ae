"""A new password by mail: asking for a link, and choosing the password with it."""

from flask import Blueprint

from functions.auth import postman, same_site
from functions.http import rate_limits
from functions.http.messages import read
from functions.http.operation import operation
from functions.schemas.account import AskReset, ChoosePassword
from olamchat.errors import CsrfFailed, MailOff, TooMany, WrongLink
from olamchat.services.people import password_reset

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
