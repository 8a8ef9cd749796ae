"""What the routes about prompts take and give."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from functions.http.messages import Body
from functions.schemas.admin import MOST_GROUPS
from functions.schemas.answer import Answer
from functions.schemas.assistants import AssistantAudience, Handle
from functions.schemas.requests import Id


class PromptSettings(Body):
    """All that is said of a prompt; `note` is kept with the version."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50_000)] = Field(
        description='Its variables stand in it as {{name | type:default="…"}}; the page asks for them.'
    )
    audience: AssistantAudience = "owner"
    groups: list[Id] = Field(default=[], max_length=MOST_GROUPS)
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""

    def content(self) -> dict[str, Any]:
        """Return what a version keeps."""
        return {"name": self.name, "text": self.text}


class NewPrompt(PromptSettings):
    handle: Handle


class Prompt(Answer):
    """A prompt; `mine` may be changed. `groups` are told to the owner alone."""

    id: UUID
    handle: str
    name: str
    text: str
    audience: AssistantAudience
    groups: list[UUID]
    version: int
    mine: bool
    changed_at: AwareDatetime


class Prompts(Answer):
    items: list[Prompt]


class PromptVersion(Answer):
    number: int
    note: str
    at: AwareDatetime
    name: str
    text: str


class PromptVersions(Answer):
    items: list[PromptVersion]
