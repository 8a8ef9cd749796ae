"""What requests say, as models: the shapes of bodies and queries, with their bounds."""

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, field_serializer, field_validator, model_validator

from functions.http.messages import Body, Query
from olamchat.fanout.strands import MOST as MOST_STRANDS
from olamchat.roster import Effort
from olamchat.services.submission import CONTENT_LENGTH

Id = Annotated[UUID, Field(strict=False)]
Cursor = Annotated[str, StringConstraints(max_length=300)]
ModelName = Annotated[str, StringConstraints(min_length=1, max_length=300)]
ServerName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Name = Annotated[str, StringConstraints(max_length=200)]
Password = Annotated[str, StringConstraints(max_length=1_000)]
NewPassword = Annotated[str, StringConstraints(min_length=8, max_length=1_000)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_SETTINGS_LENGTH = 65_536
MOST_TOKENS = 10**15


class Options(Body):
    """How the model is to sample; what is left out is left to the conversation's settings, then the person's, then the engine."""

    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1, le=1_000_000)
    seed: int | None = Field(default=None, ge=-(2**31), le=2**31 - 1)
    stop: list[Annotated[str, StringConstraints(min_length=1, max_length=200)]] | None = Field(default=None, max_length=8)
    effort: Effort | None = Field(default=None, description="How much the model is to think, as far as it can be told: its `efforts`.")
    tools: list[ServerName] | None = Field(
        default=None, max_length=100, description="Servers of tools that the answer may use; left out, the usual ones."
    )

    collections: list[Id] | None = Field(
        default=None,
        max_length=20,
        description="Collections of documents that the answer may cite; those you may not read count for nothing.",
    )

    @field_serializer("collections")
    def _as_texts(self, ids: list[UUID] | None) -> list[str] | None:
        return None if ids is None else [str(id_) for id_ in ids]

    def given(self) -> dict[str, Any]:
        """Return what was said, without what is null."""
        return self.model_dump(exclude_none=True)


def given(options: Options | None) -> dict[str, Any] | None:
    """Return what was said, None where nothing was."""
    return options.given() if options is not None else None


class Settings(Options):
    """A conversation's settings."""

    system_prompt: str | None = Field(default=None, max_length=20_000)


class UserSettings(Settings):
    """What a person wishes for all conversations. A page may keep wishes of its own beside these, 64 KiB in all."""

    model_config = ConfigDict(strict=True, extra="allow")

    model: ModelName | None = None

    @model_validator(mode="before")
    @classmethod
    def _bounded(cls, given: Any) -> Any:
        if len(json.dumps(given)) > _SETTINGS_LENGTH:
            raise ValueError(f"settings have at most {_SETTINGS_LENGTH:,} characters")
        return given


class SignUp(Body):
    email: str = Field(max_length=254)
    password: NewPassword
    name: Name = ""
    invitation: Annotated[str, StringConstraints(max_length=200)] | None = None
    tokens: bool = Field(default=False, description="Answer with tokens for the Authorization header, and set no cookies.")


class LogIn(Body):
    email: str = Field(max_length=254)
    password: Password
    tokens: bool = Field(default=False, description="Answer with tokens for the Authorization header, and set no cookies.")


class SignOn(Query):
    next: str = Field(default="/", max_length=2_000, description="Path of the page to come back to.")
    invitation: str | None = Field(default=None, max_length=200)


class SignOnBack(Query):
    """What a provider sends a browser back with (RFC 6749, RFC 9207)."""

    state: str = Field(default="", max_length=200)
    code: str = Field(default="", max_length=4_000)
    error: str = Field(default="", max_length=200)
    iss: str = Field(default="", max_length=1_000)


class ChangeMe(Body):
    """`settings` replaces all of them; a new password needs the current one where there is one, and ends the person's other sessions."""

    name: Name | None = None
    settings: UserSettings | None = None
    current_password: Password | None = None
    new_password: NewPassword | None = None


class OwnQuota(Body):
    """Tokens for a day and for a month (UTC); null is no limit."""

    day: int | None = Field(default=None, ge=0, le=MOST_TOKENS)
    month: int | None = Field(default=None, ge=0, le=MOST_TOKENS)


class NewKey(Body):
    """`chat` asks and reads, `read` reads alone, `admin` administers. Without `days` it does not run out."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    scopes: list[Literal["chat", "read", "admin"]] = Field(default=["chat"], min_length=1, max_length=3)
    days: int | None = Field(default=None, ge=1, le=3_660)
    quota: OwnQuota | None = Field(default=None, description="What the key may take by itself, within what its person may.")
    requests_per_minute: int | None = Field(default=None, ge=1, le=1_000_000)


class ListUsers(Query):
    limit: int = Field(default=100, ge=1, le=500)
    cursor: Cursor | None = None
    q: str = Field(default="", max_length=200, description="Only those whose e-mail or name has this in it.")


class ChangeUser(Body):
    """A disabled person is out at once, and their sessions end. A `quota` of null is the role's again."""

    role: Literal["user", "admin"] | None = None
    disabled: bool | None = None
    quota: OwnQuota | None = None

    def said(self) -> dict[str, Any]:
        """Return what was said and nothing else."""
        given = {name: value for name in ("role", "disabled") if (value := getattr(self, name)) is not None}
        return given | ({"quota": self.quota and self.quota.model_dump()} if "quota" in self.model_fields_set else {})


class NewInvitation(Body):
    """Without `email` it is good for whoever has its token."""

    email: str | None = Field(default=None, max_length=254)
    role: Literal["user", "admin"] = "user"
    days: int = Field(default=7, ge=1, le=365)


class ListUsage(Query):
    days: int = Field(default=30, ge=1, le=366)


class ListAudit(Query):
    limit: int = Field(default=100, ge=1, le=1_000)
    cursor: Cursor | None = None
    event: str = Field(default="", max_length=100, description="Only events whose name begins so: `login`, `session.ended`.")
    q: str = Field(default="", max_length=200, description="Only those that have to do with this e-mail, address or subject.")


class ExportAudit(Query):
    event: str = Field(default="", max_length=100, description="Only events whose name begins so.")
    q: str = Field(default="", max_length=200, description="Only those that have to do with this e-mail, address or subject.")


# What a page calls an event stream of its own, and a log that the stream carries.
StreamName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Position = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}-[0-9]{1,19}$")]


class Strand(Body):
    """A conversation's log that a stream is to carry, from a snapshot or from `after` on."""

    strand: StreamName
    conversation_id: Id
    after: Position | None = None


class Steer(Body):
    """What a stream is to carry from now on, and what it need not any more."""

    follow: list[Strand] = Field(default=[], max_length=MOST_STRANDS)
    leave: list[StreamName] = Field(default=[], max_length=MOST_STRANDS)


class FollowedBy(Body):
    """The stream that is to tell of a new conversation, and what it calls its log."""

    stream: StreamName
    strand: StreamName


class FirstQuestion(Body):
    """What a conversation begins with."""

    content: str = Field(max_length=CONTENT_LENGTH + 1_000)
    attachments: list[Id] = Field(default=[], max_length=100, description="Ids of the person's own files (POST /api/files).")
    options: Options | None = None


class NewConversation(Body):
    """With a `question` its answer is queued by the same request, and an Idempotency-Key makes a repeated request the same request."""

    title: Title | None = None
    model: ModelName | None = None
    settings: Settings | None = None
    question: FirstQuestion | None = None
    followed_by: FollowedBy | None = Field(default=None, description="A stream of the person's own that is to carry the conversation.")


class ChangeConversation(Body):
    """`settings` replaces all of them. A title of null lets one be made after the next answer."""

    title: Title | None = None
    model: ModelName | None = None
    settings: Settings = Settings()
    pinned: bool = False
    archived: bool = False
    active_leaf_id: Id | None = None

    @field_validator("active_leaf_id")
    @classmethod
    def _is_named(cls, value: UUID | None) -> UUID:
        if value is None:
            raise ValueError("name a message of the conversation")
        return value

    def changes(self) -> dict[str, Any]:
        """Return what was said, and nothing else."""
        said = {name: getattr(self, name) for name in self.model_fields_set}
        return said | ({"settings": self.settings.given()} if "settings" in said else {})


class ListConversations(Query):
    often = True

    limit: int = Field(default=30, ge=1, le=100)
    cursor: Cursor | None = None
    q: str = Field(default="", max_length=200, description="Only those whose title or messages have these words.")
    archived: bool | Literal["any"] = Field(default=False, description="Those in the archive; `any` is those and the others.")

    def in_archive(self) -> bool | None:
        """Return whether they are to be in the archive, None for both."""
        return None if self.archived == "any" else self.archived


class Export(Query):
    format: Literal["markdown", "json"] = "markdown"


class ListMessages(Query):
    often = True

    limit: int = Field(default=200, ge=1, le=500)
    cursor: Cursor | None = None


class Ask(Body):
    """Without `parent_id` the message follows the active leaf; null makes it a new root."""

    content: str = Field(max_length=CONTENT_LENGTH + 1_000)
    attachments: list[Id] = Field(default=[], max_length=100, description="Ids of the person's own files (POST /api/files).")
    parent_id: Id | None = None
    model: ModelName | None = None
    options: Options | None = None


class Regenerate(Body):
    model: ModelName | None = None
    options: Options | None = None


class Decide(Body):
    """What is to be done with a step that waits: `attempt` is the step's as the person sees it, so that nobody allows what they don't know of."""

    decision: Literal["grant", "grant_for_conversation", "refuse", "answer", "decline", "cancel"] = Field(
        description="The last three are for a step with a `question`: decline refuses to say, cancel puts the form aside without a word."
    )
    answer: dict[Annotated[str, StringConstraints(max_length=100)], str | bool | int | float | list[str]] = Field(
        default={}, max_length=20, description="What is answered, by the names of the question's fields."
    )
    attempt: int = Field(default=0, ge=0, le=1_000_000)
    revision: Annotated[int, Field(ge=0, le=1_000_000)] | None = Field(
        default=None, description="The step's as the person saw its question, so that their answer never goes into another form."
    )
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000)] = Field(
        default="", description="What the model is told with it."
    )


class Rate(Body):
    """null takes the thumb back."""

    thumb: Literal["up", "down"] | None


class Nothing(Body):
    """An empty object, or no body at all."""
