"""What requests and answers about moving conversations in and out, and about many at once, say, as models."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from functions.http.messages import MANY_VALUES, Body, Query
from functions.schemas.answer import Answer
from functions.schemas.requests import Id, ModelName, Settings, Title
from functions.schemas.responses import Conversation
from olamchat.services.copies.importing import IncomingConversation, IncomingMessage

SourceId = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Source = Literal["olamchat", "chatgpt", "openwebui", "claude", "deepseek", "librechat"]
Time = Annotated[AwareDatetime, Field(strict=False)]


class ImportedMessage(Body):
    """`id` and `parent` are names that only this import knows."""

    id: SourceId
    parent: SourceId | None = None
    role: Literal["user", "assistant"]
    content: str
    reasoning: str = ""
    model: ModelName | None = None
    created_at: Time | None = None
    attachments: list[Id] = Field(default=[], max_length=100, description="Of a question: ids of the person's own files (POST /api/files).")

    def message(self) -> IncomingMessage:
        return IncomingMessage(at=self.created_at, **self.model_dump(exclude={"created_at"}))


class ImportConversation(Body):
    """A conversation from elsewhere: parents stand before their children, questions and answers take turns. The same source and id again change nothing."""

    most_values: ClassVar[int] = MANY_VALUES

    source: Source
    source_id: SourceId
    title: Title | None = None
    model: ModelName | None = None
    settings: Settings = Settings()
    pinned: bool = False
    archived: bool = False
    created_at: Time | None = None
    updated_at: Time | None = None
    shown: SourceId | None = Field(default=None, description="The message whose branch is shown; without it the last one's.")
    messages: list[ImportedMessage] = Field(min_length=1, max_length=10_000)

    def conversation(self) -> IncomingConversation:
        """Return it as the service takes it."""
        same = self.model_dump(exclude={"messages", "settings"})
        return IncomingConversation(messages=[message.message() for message in self.messages], settings=self.settings.given(), **same)


class WhereFrom(Query):
    """Where a conversation comes from, and what it is called there."""

    source: Source
    source_id: SourceId


class CameBefore(Answer):
    known: bool = Field(description="It came before: to import it changes nothing, and its files need not be uploaded.")


class Imported(Answer):
    """`there` came before and is as it was; `restored` came before and had been deleted."""

    outcome: Literal["made", "there", "restored"]
    conversation: Conversation


class Many(Body):
    """Conversations by their ids; what is not there is passed over."""

    ids: list[Annotated[UUID, Field(strict=False)]] = Field(min_length=1, max_length=500)


class Done(Answer):
    ids: list[UUID] = Field(description="Those that it was done to.")
