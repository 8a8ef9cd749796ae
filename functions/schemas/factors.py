"""What answers say of the second step of signing in, and of passkeys."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from functions.schemas.answer import Answer


class SecondFactor(Answer):
    """Whether signing in has a second step: by an authenticator `app`, `since` when, by `passkeys`, or by one of the `recovery_codes` that are left."""

    on: bool
    app: bool
    since: AwareDatetime | None
    passkeys: int
    recovery_codes: int


class SecondFactorSetUp(Answer):
    """What an authenticator app takes; `qr` has the rows of the QR code, a 1 for each dark square."""

    secret: str
    uri: str
    qr: list[str]


class RecoveryCodes(Answer):
    codes: list[str] = Field(description="Each is good once, in place of the app's code. They are told this once.")


class Passkey(Answer):
    """`synced`: other devices of its owner have it too."""

    id: UUID
    name: str
    synced: bool
    created_at: AwareDatetime
    used_at: AwareDatetime | None


class Passkeys(Answer):
    items: list[Passkey]
    host: str | None = Field(description="The domain whose pages have passkeys; null where this instance has none.")


class PasskeyOptions(Answer):
    options: dict[str, Any] = Field(
        description="For navigator.credentials, as PublicKeyCredential's parse…FromJSON takes them; good for five minutes."
    )


class AddedPasskey(Answer):
    passkey: Passkey
    codes: list[str] | None = Field(description="Recovery codes, told this once, where there was no second step before.")
