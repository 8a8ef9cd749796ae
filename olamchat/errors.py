"""The one tree of errors: a Problem is refused on purpose and may be read by the person who asked.

Everything that is not a Problem is a bug or an outage: it rises, is logged once and never shown.
The names and members follow RFC 9457 (problem details); `status` is the kind of refusal in the only
vocabulary that every client shares, it binds no service to HTTP.
"""

from typing import ClassVar


class Problem(Exception):
    """A refusal with a stable code for programs and a sentence for people."""

    code: ClassVar[str] = "problem"
    status: ClassVar[int] = 400
    title: ClassVar[str] = "The request was refused."

    def __init__(self, detail: str = "", *, retry_after_s: int | None = None, **extra: object) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.retry_after_s = retry_after_s
        self.extra = extra

    def as_json(self) -> dict[str, object]:
        """Return the members of the problem document."""
        return {
            "type": f"urn:olamchat:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.extra,
        }


class Invalid(Problem):
    code, status, title = "invalid", 422, "The request is invalid."


class Malformed(Problem):
    code, status, title = "malformed", 400, "The request could not be read."


class TooLarge(Problem):
    code, status, title = "too_large", 413, "The request is too large."


class FileTooLarge(TooLarge):
    code, title = "file_too_large", "This file is too large."


class FileRefused(Problem):
    code, status, title = "file_type_refused", 415, "This file type is not supported."


class FileUnreadable(Problem):
    code, status, title = "file_unreadable", 422, "This file can't be read."


class ToolServerFailed(Problem):
    code, status, title = "tool_server_failed", 422, "The tool server could not do that."


class TooManyFiles(Problem):
    code, status, title = "too_many_files", 422, "Too many files for one message."


class CannotSee(Problem):
    code, status, title = "model_cannot_see", 422, "This model can't read images."


class CannotEmbed(Problem):
    code, status, title = "model_cannot_embed", 422, "This model makes no embeddings."


class NotSignedIn(Problem):
    code, status, title = "not_signed_in", 401, "Please sign in."


class WrongLogin(NotSignedIn):
    code, title = "wrong_login", "Wrong email or password."


class SecondFactorNeeded(NotSignedIn):
    """The password was right; `challenge` is to be sent with what `ways` names ("app", "passkey"), or with a recovery code."""

    code, title = "second_factor_needed", "This account has two-step sign-in. Take the second step."


class SignInExpired(NotSignedIn):
    code, title = "sign_in_expired", "Signing in took too long. Enter your password again."


class Forbidden(Problem):
    code, status, title = "forbidden", 403, "You don't have permission to do that."


class SecondFactorRequired(Forbidden):
    code, title = "second_factor_required", "Your account must have two-step sign-in. Set it up to go on."


class CsrfFailed(Forbidden):
    code, title = "csrf_failed", "The request lacks the CSRF token."


class SignUpClosed(Forbidden):
    code, title = "sign_up_closed", "Sign-up is closed. Ask the administrator for an account."


class WrongInvitation(Forbidden):
    code, title = "wrong_invitation", "This invitation is invalid or has expired."


class OutOfScope(Forbidden):
    code, title = "out_of_scope", "This API key doesn't have permission to do that."


class SignOnFailed(Forbidden):
    code, title = "sign_on_failed", "Single sign-on failed. Please try again."


class SignOnCancelled(Forbidden):
    code, title = "sign_on_cancelled", "Single sign-on was cancelled."


class EmailUnverified(Forbidden):
    code, title = "email_unverified", "The provider has not verified your email address."


class DomainRefused(Forbidden):
    code, title = "domain_refused", "Email addresses of this domain can't be used here."


class AccountDisabled(Forbidden):
    code, title = "account_disabled", "This account is disabled. Ask the administrator."


class IdentityTaken(Forbidden):
    code, title = "identity_taken", "The account with this email address belongs to another identity at the provider."


class WrongLink(Forbidden):
    code, title = "wrong_link", "This link is invalid, was already used, or has expired."


class NotFound(Problem):
    code, status, title = "not_found", 404, "Not found."


class WrongMethod(Problem):
    code, status, title = "method_not_allowed", 405, "This method is not allowed here."


class WrongType(Problem):
    code, status, title = "unsupported_media_type", 415, "The body must be JSON, with Content-Type: application/json."


class Conflict(Problem):
    code, status, title = "conflict", 409, "The request conflicts with the current state."


class MailOff(Conflict):
    code, title = "mail_off", "This server can't send mail. Ask the administrator."


class NotConnected(Conflict):
    code, title = "not_connected", "Connect to this server first."


class QuestionChanged(Conflict):
    code, title = "question_changed", "This form has been answered already, and the server now asks something else."


class PasskeysOff(Conflict):
    code, title = "passkeys_off", "Passkeys can't be used at this server's address."


class LastFactor(Conflict):
    code, title = "last_factor", "Your account must have two-step sign-in. Set up another way before you remove this one."


class FileInUse(Conflict):
    code, title = "file_in_use", "This file is attached to a message. Delete the message instead."


class StorageFull(Conflict):
    code, title = "storage_full", "Your storage is full."


class AnswerInProgress(Conflict):
    code, title = "answer_in_progress", "An answer is still being written in this conversation."


class IdempotencyMismatch(Conflict):
    code, title = "idempotency_mismatch", "This Idempotency-Key was already used for a different request."


class EmailTaken(Conflict):
    code, title = "email_taken", "An account with this email address already exists."


class LastAdministrator(Conflict):
    code, title = "last_administrator", "There must be at least one administrator. Make someone else an administrator first."


class LastAccount(Conflict):
    """Who repeats the request with `last` knows what it does."""

    code, title = "last_account", "Yours is the only account. After it is deleted, the next person to sign up becomes the administrator."


class WrongPassword(Invalid):
    code, title = "wrong_password", "The password is wrong."


class WrongCode(Invalid):
    code, title = "wrong_code", "The code is wrong, or it was already used."


class PasskeyRefused(Invalid):
    code, title = "passkey_refused", "This passkey is not accepted."


class UnknownModel(Problem):
    code, status, title = "unknown_model", 422, "This model is not available."


class TooMany(Problem):
    code, status, title = "too_many", 429, "Too many requests. Wait a moment and try again."


class QuotaExceeded(TooMany):
    """`allowed` is the quota that is used up, in tokens."""

    code, title = "quota_exceeded", "Your token quota is used up."

    def __init__(self, detail: str = "", *, allowed: int = 0, retry_after_s: int | None = None, **extra: object) -> None:
        super().__init__(detail, retry_after_s=retry_after_s, allowed=allowed, **extra)
        self.allowed = allowed


class Unavailable(Problem):
    code, status, title = "unavailable", 503, "The service is temporarily unavailable. Nothing was lost; please try again."
