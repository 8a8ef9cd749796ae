"""The shapes of messages that wait for an answer to end."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from functions.http.messages import Body
from functions.schemas.answer import Answer
from functions.schemas.requests import Id, ModelName, Options
from functions.schemas.responses import Attachment
from olamchat.services.submission import CONTENT_LENGTH


class FollowUp(Body):
    """`steer` stops the answer that is being written; the model sees its text so far, and this message after it."""

    content: str = Field(max_length=CONTENT_LENGTH + 1_000)
    attachments: list[Id] = Field(default=[], max_length=100, description="Ids of the person's own files (POST /api/files).")
    model: ModelName | None = None
    options: Options | None = None
    steer: bool = False


class Refusal(Answer):
    code: str
    detail: str


class WaitingMessage(Answer):
    """A message that was sent while an answer is written. `model` is whom it asks, null for who is usual then."""

    id: UUID
    content: str
    attachments: list[Attachment]
    model: str | None
    state: Literal["waiting", "held", "refused", "asked"] = Field(
        description="`waiting` goes when the answer has ended; `held` waits for its person, who stopped the answer; `refused` does, for its `error`."
    )
    message_id: UUID | None = Field(description="The question that it has become, where its `state` is `asked`.")
    error: Refusal | None
    created_at: AwareDatetime


class WaitingMessages(Answer):
    """What waits, in the order in which it goes."""

    items: list[WaitingMessage]
