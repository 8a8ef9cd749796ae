"""What requests and answers about links say, as models."""

from typing import Literal

from pydantic import AwareDatetime, Field

from functions.http.messages import Body
from functions.schemas.answer import Answer
from functions.schemas.responses import Attachment
from functions.schemas.steps import Source


class ShareThis(Body):
    named: bool = Field(default=False, description="Show the owner's name to whoever has the link.")


class Share(Answer):
    """A conversation's link; `path` is where the page shows it, `newest` tells whether it shows the branch down to its end."""

    token: str
    path: str
    named: bool
    newest: bool
    shared_at: AwareDatetime


class Link(Answer):
    link: Share | None


class SharedStep(Answer):
    """A step as strangers see it: neither what the tool was asked nor what it answered. It stands in the text `at` an offset."""

    number: int
    server: str
    tool: str
    title: str
    state: Literal["proposed", "granted", "running", "done", "failed", "refused", "stopped", "unknown"]
    at: int
    sources: list[Source]
    passages: int


class SharedCitation(Answer):
    """A passage that the text cites, as strangers see it: the name of its document, not where that lies."""

    number: int
    name: str
    page: int
    heading: str
    quote: str


class SharedMessage(Answer):
    role: Literal["user", "assistant"]
    content: str
    model: str | None
    attachments: list[Attachment] = Field(description="GET /api/shares/{token}/files/{id} has the bytes of each.")
    steps: list[SharedStep] = Field(description="What the answer did besides text.")
    citations: list[SharedCitation]
    looked_in_documents: bool = Field(description="Whether its owner's documents were searched for it; which ones is their business.")


class Shared(Answer):
    """What whoever has a link sees; `by` is the owner's name where they wish to be named."""

    title: str | None
    by: str | None
    shared_at: AwareDatetime
    messages: list[SharedMessage]
