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
    code, status, title = "invalid", 422, "Something in the request is not as it should be."


class Malformed(Problem):
    code, status, title = "malformed", 400, "The request could not be read."


class TooLarge(Problem):
    code, status, title = "too_large", 413, "That is more than can be taken at once."


class FileTooLarge(TooLarge):
    code, title = "file_too_large", "This file is too large."


class FileRefused(Problem):
    code, status, title = "file_type_refused", 415, "Files of this type are not taken."


class FileUnreadable(Problem):
    code, status, title = "file_unreadable", 422, "This file can't be read."


class TooManyFiles(Problem):
    code, status, title = "too_many_files", 422, "A message can't have so many files."


class CannotSee(Problem):
    code, status, title = "model_cannot_see", 422, "This model can't look at images."


class NotSignedIn(Problem):
    code, status, title = "not_signed_in", 401, "Sign in to go on."


class WrongLogin(NotSignedIn):
    code, title = "wrong_login", "This e-mail and this password do not belong together."


class Forbidden(Problem):
    code, status, title = "forbidden", 403, "You may not do that."


class CsrfFailed(Forbidden):
    code, title = "csrf_failed", "The request lacks the token that shows it comes from this site's own page."


class SignUpClosed(Forbidden):
    code, title = "sign_up_closed", "Nobody can sign up here by themselves. Ask whoever runs this server."


class WrongInvitation(Forbidden):
    code, title = "wrong_invitation", "This invitation is not good, or not good any more."


class OutOfScope(Forbidden):
    code, title = "out_of_scope", "This key may not do that."


class SignOnFailed(Forbidden):
    code, title = "sign_on_failed", "Signing in by the provider did not work. Try once more."


class SignOnCancelled(Forbidden):
    code, title = "sign_on_cancelled", "The provider did not sign you in."


class EmailUnverified(Forbidden):
    code, title = "email_unverified", "The provider does not say that this e-mail is yours."


class DomainRefused(Forbidden):
    code, title = "domain_refused", "People of this e-mail's domain do not sign in here."


class AccountDisabled(Forbidden):
    code, title = "account_disabled", "This account is disabled. Ask whoever runs this server."


class IdentityTaken(Forbidden):
    code, title = "identity_taken", "The account with this e-mail is somebody else's at the provider."


class NotFound(Problem):
    code, status, title = "not_found", 404, "There is nothing here."


class WrongMethod(Problem):
    code, status, title = "method_not_allowed", 405, "This address does not take this method."


class WrongType(Problem):
    code, status, title = "unsupported_media_type", 415, "The body must be JSON, with Content-Type: application/json."


class Conflict(Problem):
    code, status, title = "conflict", 409, "That does not fit what is there already."


class FileInUse(Conflict):
    code, title = "file_in_use", "A message has this file. Delete the message instead."


class StorageFull(Conflict):
    code, title = "storage_full", "There is no room left for your files."


class AnswerInProgress(Conflict):
    code, title = "answer_in_progress", "An answer is still being written in this conversation."


class IdempotencyMismatch(Conflict):
    code, title = "idempotency_mismatch", "This Idempotency-Key came before with another message."


class EmailTaken(Conflict):
    code, title = "email_taken", "There is an account with this e-mail already."


class LastAdministrator(Conflict):
    code, title = "last_administrator", "Somebody has to be the administrator. Make somebody else one first."


class WrongPassword(Invalid):
    code, title = "wrong_password", "This is not your password."


class UnknownModel(Problem):
    code, status, title = "unknown_model", 422, "No engine offers this model."


class TooMany(Problem):
    code, status, title = "too_many", 429, "Too much at once. Wait a moment and try again."


class QuotaExceeded(TooMany):
    """`allowed` is the quota that is used up, in tokens."""

    code, title = "quota_exceeded", "The tokens for this day or month are used up."

    def __init__(self, detail: str = "", *, allowed: int = 0, retry_after_s: int | None = None, **extra: object) -> None:
        super().__init__(detail, retry_after_s=retry_after_s, allowed=allowed, **extra)
        self.allowed = allowed


class Unavailable(Problem):
    code, status, title = "unavailable", 503, "A part of the service can't be reached. Nothing is lost; try again."
