"""What requests about one's own account say, as models."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, field_validator

from functions.http.messages import Body, Query
from functions.schemas.requests import NewPassword, OwnQuota, Password


class DeleteMe(Body):
    """Who has a password says it once more; who signs in by a provider alone says their e-mail."""

    password: Password = ""
    email: str = Field(default="", max_length=254)
    last: bool = Field(default=False, description="Yes, also as the only account here: the next to sign up is the administrator.")


Code = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class LogInWithCode(Body):
    """The second step of signing in: `challenge` is the first step's, `code` the app's or a recovery code."""

    challenge: Annotated[str, StringConstraints(max_length=2_000)]
    code: Code
    tokens: bool = Field(default=False, description="Answer with tokens for the Authorization header, and set no cookies.")


Language = Literal["en", "de", "zh", "ar"]


class AskReset(Body):
    email: str = Field(max_length=254)
    language: Language = "en"


class AskEmail(AskReset):
    """The new e-mail, and one's password once more."""

    password: Password


class ConfirmEmail(Body):
    token: Annotated[str, StringConstraints(max_length=200)]
    language: Language = "en"


class ChoosePassword(Body):
    token: Annotated[str, StringConstraints(max_length=200)]
    password: NewPassword


class Proof(Body):
    """One's password once more."""

    password: Password


class Confirm(Body):
    code: Code


class EndSessions(Query):
    others: bool = Field(default=False, description="All sessions but the one that asks.")


class ChangeKey(Body):
    """What is said is changed, the rest stays; null takes a limit away. What a key opens can only become less: for more, make another."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)] | None = None
    scopes: list[Literal["chat", "read", "admin"]] | None = Field(default=None, min_length=1, max_length=3)
    days: int | None = Field(default=None, ge=1, le=3_660, description="It runs out so many days from now; null: it does not.")
    quota: OwnQuota | None = None
    requests_per_minute: int | None = Field(default=None, ge=1, le=1_000_000)

    @field_validator("name", "scopes")
    @classmethod
    def _is_there(cls, value: Any) -> Any:
        if value is None:
            raise ValueError("a key has one; leave it out to keep it")
        return value

    def said(self) -> dict[str, Any]:
        """Return what was said and nothing else."""
        return self.model_dump(include=self.model_fields_set)
