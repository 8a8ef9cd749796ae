"""What requests about one's own account say, as models."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, field_validator

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


Base64Url = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+={0,2}$", max_length=2_000)]
PasskeyName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class Made(BaseModel):
    """What a device answers that has made a passkey."""

    clientDataJSON: Base64Url  # noqa: N815, WebAuthn's own name, as those below
    attestationObject: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+={0,2}$", max_length=20_000)]  # noqa: N815
    transports: list[Annotated[str, StringConstraints(max_length=30, pattern=r"^[a-z-]+$")]] = Field(default=[], max_length=10)


class Shown(BaseModel):
    """What a device answers that shows a passkey."""

    clientDataJSON: Base64Url  # noqa: N815
    authenticatorData: Base64Url  # noqa: N815
    signature: Base64Url
    userHandle: Base64Url | None = None  # noqa: N815


class Credential(BaseModel):
    """A credential as a browser's `toJSON` writes it; what else it says isn't read."""

    id: Base64Url
    rawId: Base64Url  # noqa: N815
    type: Literal["public-key"]


class MadeCredential(Credential):
    response: Made


class ShownCredential(Credential):
    response: Shown


class AddPasskey(Body):
    """What the device made with the options, and what the passkey is to be called."""

    credential: MadeCredential
    name: PasskeyName
    language: Language = Field(default="en", description="Of the mail that tells of it.")


class NamePasskey(Body):
    name: PasskeyName


Challenge = Annotated[str, StringConstraints(max_length=2_000)]


class BeginPasskey(Body):
    challenge: Challenge | None = Field(default=None, description="That of the first step; none to sign in by a passkey alone.")


class LogInWithPasskey(BeginPasskey):
    """Sign in by a passkey alone, or take the second step with it."""

    credential: ShownCredential
    tokens: bool = Field(default=False, description="Answer with tokens for the Authorization header, and set no cookies.")


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
