"""What answers say, as models: the shapes that olamchat.services.serialize makes. They document and test; nothing is converted by them."""

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from functions.schemas.answer import Answer
from functions.schemas.citations import Citation
from functions.schemas.requests import Settings
from functions.schemas.steps import Step
from olamchat.roster import Effort


class User(Answer):
    id: UUID
    email: str
    name: str
    role: Literal["user", "admin"]
    settings: dict[str, Any]
    has_password: bool = Field(description="False for somebody who signs in by the provider alone.")
    created_at: AwareDatetime
    second_factor_due: AwareDatetime | None = Field(
        default=None, description="There while one must set up two-step sign-in; from then on the session opens nothing else."
    )


class Account(Answer):
    user: User


class AccountWithTokens(Account):
    access_token: str
    refresh_token: str
    expires_in: int = Field(description="Seconds that the access token is good for.")


class Session(Answer):
    """One sign-in on one device; `current` is the one that asks."""

    id: UUID
    current: bool
    user_agent: str
    address: str
    created_at: AwareDatetime
    used_at: AwareDatetime
    expires_at: AwareDatetime


class Sessions(Answer):
    items: list[Session]


class OtherDevices(Answer):
    """Where one's other devices find the page, null where nobody has said so; `qr` has the rows of the QR code, a 1 for each dark square."""

    address: str | None
    qr: list[str]


class OwnTokens(Answer):
    """Tokens for a day and for a month (UTC); null is no limit."""

    day: int | None
    month: int | None


class Window(Answer):
    """What was taken and what may be; `allowed` is null where there is no limit."""

    used: int
    allowed: int | None
    resets_at: AwareDatetime


class Quota(Answer):
    day: Window
    month: Window


class SeenUser(Answer):
    """A person as administrators see them."""

    id: UUID
    email: str
    name: str
    role: Literal["user", "admin"]
    disabled_at: AwareDatetime | None
    created_at: AwareDatetime
    seen_at: AwareDatetime | None
    sessions: int
    second_factor: bool
    quota: OwnTokens | None = Field(description="What was decided for this person; null where their role's quota holds.")
    used: Quota


class SeenUsers(Answer):
    items: list[SeenUser]
    next_cursor: str | None


class NewPassword(Answer):
    password: str = Field(description="The person's new password. It is told this once.")


class Invitation(Answer):
    id: UUID
    email: str | None
    role: Literal["user", "admin"]
    created_at: AwareDatetime
    expires_at: AwareDatetime
    used_at: AwareDatetime | None


class Invitations(Answer):
    items: list[Invitation]


class MadeInvitation(Invitation):
    token: str = Field(description="What lets its person sign up. It is told this once.")


class Spent(Answer):
    """What one person's answers of one model took in one day (UTC)."""

    day: str
    user_id: UUID
    email: str
    model: str
    answers: int
    prompt_tokens: int
    completion_tokens: int


class Spending(Answer):
    items: list[Spent]


class AuditEvent(Answer):
    id: UUID
    at: AwareDatetime
    event: str
    actor_id: UUID | None
    actor: str | None = Field(description="The e-mail of who did it.")
    subject: str
    whom: str | None = Field(description="The e-mail of whom it was done to, where the subject is a person.")
    address: str
    user_agent: str
    details: dict[str, Any]


class AuditEvents(Answer):
    items: list[AuditEvent]
    next_cursor: str | None


class ApiKey(Answer):
    """A key for programs; `hint` is how it begins. What it may take by itself is within what its person may."""

    id: UUID
    name: str
    hint: str
    scopes: list[Literal["chat", "read", "admin"]]
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    used_at: AwareDatetime | None
    quota: OwnTokens | None
    requests_per_minute: int | None


class ApiKeys(Answer):
    items: list[ApiKey]


class MadeApiKey(ApiKey):
    key: str = Field(description="The key itself. It is told this once.")


class Joining(Answer):
    """Who may sign up; `first` while whoever comes gets the administrator's account; never told where that takes a set-up link."""

    sign_up: Literal["open", "closed", "invitation", "domains"]
    first: bool
    provider: str | None = Field(description="Name of the OpenID provider that people may sign in with, at /api/auth/oidc/login.")
    mail: bool = Field(description="A link to a new password can be sent.")
    passkeys: str | None = Field(description="The domain whose pages can sign in by a passkey.")


class Conversation(Answer):
    id: UUID
    title: str | None
    model: str | None
    settings: Settings
    pinned: bool
    archived: bool
    active_leaf_id: UUID | None
    answering: bool
    created_at: AwareDatetime
    updated_at: AwareDatetime
    message_id: UUID | None = Field(
        default=None, description="Only in a search: the newest message that has the words, null where the title has them."
    )
    snippet: str | None = Field(
        default=None,
        description="Only in a search: where a message has the words, each between U+0002 and U+0003; null where the title has them.",
    )


class Failure(Answer):
    """Why an answer failed, for programs (`code`) and for people."""

    code: str
    title: str
    detail: str | None = None
    retryable: bool = False


class Usage(Answer):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    finish_reason: str | None = None


class Timings(Answer):
    """`first_token_ms` and `total_ms` count from when the message was taken."""

    queued_ms: float | None = None
    first_token_ms: float | None = None
    total_ms: float | None = None
    tokens_per_s: float | None = None
    reasoning_ms: float | None = Field(default=None, description="From the first to the last of the reasoning.")
    left_out: int | None = Field(default=None, description="How many messages, the oldest, did not fit the model's context.")
    summarised: bool | None = Field(default=None, description="Whether the model was sent those messages in short.")
    whole: list[str] | None = Field(default=None, description="The names of the attached files that the model was given in whole.")
    searched: list[str] | None = Field(default=None, description="Of those that it was given the passages of that fit the question.")
    looked_in: list[str] | None = Field(
        default=None, description="The names of the collections that were searched. With no `citations`, nothing in them was found."
    )


class Attachment(Answer):
    """A file of a message; GET /api/files/{id} has its bytes."""

    id: UUID
    name: str
    media_type: str
    bytes: int
    kind: Literal["image", "text", "pdf", "office"]
    document_id: UUID | None = Field(
        default=None, description="What index workers read of it: GET /api/knowledge/documents/{id}. Null where it always goes in whole."
    )


class Asked(Answer):
    """The assistant that an answer was asked of, in the version that wrote it."""

    id: UUID
    handle: str
    version: int
    name: str
    emoji: str


class Message(Answer):
    id: UUID
    conversation_id: UUID
    parent_id: UUID | None
    role: Literal["user", "assistant"]
    content: str
    reasoning: str
    status: Literal["queued", "running", "waiting", "done", "stopped", "failed"] = Field(description="`waiting`: for its steps.")
    model: str | None
    assistant: Asked | None = Field(default=None, description="Whom the answer was asked of, where it was no plain model.")
    attempt: int
    error: Failure | None
    usage: Usage | None
    timings: Timings | None
    attachments: list[Attachment]
    feedback: Literal["up", "down"] | None = Field(default=None, description="What the person thinks of the answer.")
    steps: list[Step] | None = Field(
        default=None, description="What the answer did besides text; null where that is not told: keep what you know."
    )
    citations: list[Citation] | None = Field(
        default=None, description="Passages that the text may cite as [1], [2] …; null where that is not told: keep what you know."
    )
    position: int | None = Field(description="Where a queued answer stands in its queue; 1 is the next.")
    created_at: AwareDatetime
    finished_at: AwareDatetime | None


class Conversations(Answer):
    items: list[Conversation]
    next_cursor: str | None


class DeletedConversation(Answer):
    """A conversation that can still be restored, and from when on it may be erased; null is never."""

    id: UUID
    title: str | None
    deleted_at: AwareDatetime
    erased_at: AwareDatetime | None


class Deleted(Answer):
    """Deleted conversations, the latest deleted first, at most a hundred of them (`more`: there are others); and for how many days what is kept, 0 for ever."""

    items: list[DeletedConversation]
    more: bool
    conversation_days: int
    session_days: int
    audit_days: int


class Messages(Answer):
    """A page of messages, oldest first; `next_cursor` leads to older ones; `log_id` is the log's tail from before they were read.

    `follow_ups` is how many messages wait to be asked: GET …/messages/follow-ups has them.
    """

    items: list[Message]
    follow_ups: int
    next_cursor: str | None
    log_id: str | None


class Answering(Answer):
    answer: Message
    stream: str


class Sent(Answering):
    user_message: Message


class Begun(Sent):
    """A new conversation, with all that a page shows of it. A stream opened with `?after=` its `log_id`, if known, tells all that comes."""

    conversation: Conversation
    log_id: str | None


class ExportFile(Answer):
    format: Literal["olamchat/1"]
    conversation: Conversation
    messages: list[Message]


class AsModel(Answer):
    """What else there is to say of an assistant in the list of models."""

    id: UUID
    description: str
    starters: list[str]


class Model(Answer):
    """A model, or an assistant: its name is `@handle` then, and its `engine` the model that would answer."""

    name: str
    display_name: str = Field(description="What people read; the name where the pools' file says nothing.")
    pool: str
    engine: str
    context_length: int | None
    state: Literal["loaded", "cold", "loading", "down"]
    capabilities: list[str]
    efforts: list[Effort] = Field(description="How much it may be told to think, from the least; none where it can't be told.")
    calls_tools: bool = Field(description="Whether its answers may act; true where nobody knows until its engine has refused.")
    assistant: AsModel | None = None


class Hint(Answer):
    code: Literal["no_engine"]
    text: str


class Models(Answer):
    items: list[Model]
    hint: Hint | None


class Health(Answer):
    status: Literal["ok"]
