"""What the routes about assistants take and give."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints, field_serializer

from functions.http.messages import Body
from functions.schemas.admin import MOST_GROUPS
from functions.schemas.answer import Answer
from functions.schemas.requests import Id, ModelName, ServerName
from olamchat.roster import Effort

Handle = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Starter = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]
Stop = Annotated[str, StringConstraints(min_length=1, max_length=200)]
AssistantAudience = Literal["owner", "chosen", "everyone"]


class Sampling(Body):
    """How an assistant's model samples; what is left out is the person's and the model's."""

    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1, le=1_000_000)
    seed: int | None = Field(default=None, ge=-(2**31), le=2**31 - 1)
    stop: list[Stop] | None = Field(default=None, max_length=8)
    effort: Effort | None = None


class Portrait(Body):
    """What an assistant says and does, as its versions and its file have it."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    emoji: Annotated[str, StringConstraints(strip_whitespace=True, max_length=16)] = ""
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000)] = ""
    instructions: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)] = ""
    models: list[ModelName] = Field(
        default=[], max_length=10, description="The model, then those that answer where it can't; none for the usual one."
    )
    options: Sampling = Sampling()
    tools: list[ServerName] | None = Field(default=None, max_length=100, description="Servers of tools; null for the usual ones.")
    approvals: dict[ServerName, Literal["always", "writes"]] = Field(
        default={}, max_length=100, description="A rule by server; where the server's own is stricter, that counts."
    )
    starters: list[Starter] = Field(default=[], max_length=8, description="Questions to begin with.")

    def content(self) -> dict[str, Any]:
        """Return what a version keeps."""
        own = self.model_dump(mode="json", include=set(Portrait.model_fields), exclude={"options"})
        return {**own, "options": self.options.model_dump(exclude_none=True), "collections": []}


class AssistantSettings(Portrait):
    """All that is said of an assistant, and who may use it; `note` is kept with the version."""

    audience: AssistantAudience = "owner"
    groups: list[Id] = Field(default=[], max_length=MOST_GROUPS)
    collections: list[Id] = Field(default=[], max_length=20, description="Those who ask find in them only what they may read themselves.")
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""

    @field_serializer("collections")
    def _as_texts(self, ids: list[UUID]) -> list[str]:
        return [str(id_) for id_ in ids]

    def content(self) -> dict[str, Any]:
        return {**super().content(), "collections": [str(id_) for id_ in self.collections]}


class NewAssistant(AssistantSettings):
    handle: Handle


class AssistantFile(Portrait):
    """An assistant as one file."""

    format: Literal["olamchat-assistant/1"]
    handle: Handle


class SampledWith(Answer):
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    stop: list[str] | None = None
    effort: Effort | None = None


class Portrayed(Answer):
    name: str
    emoji: str
    description: str
    instructions: str
    models: list[str]
    options: SampledWith
    tools: list[str] | None
    approvals: dict[str, Literal["always", "writes"]]
    collections: list[UUID]
    starters: list[str]


class Assistant(Portrayed):
    """An assistant; `mine` may be changed. `groups` are told to the owner alone."""

    id: UUID
    handle: str
    audience: AssistantAudience
    groups: list[UUID]
    version: int
    mine: bool
    changed_at: AwareDatetime


class Assistants(Answer):
    items: list[Assistant]


class AssistantVersion(Portrayed):
    number: int
    note: str
    at: AwareDatetime


class AssistantVersions(Answer):
    items: list[AssistantVersion]


class ExportedAssistant(Answer):
    format: Literal["olamchat-assistant/1"]
    handle: str
    name: str
    emoji: str
    description: str
    instructions: str
    models: list[str]
    options: SampledWith
    tools: list[str] | None
    approvals: dict[str, Literal["always", "writes"]]
    starters: list[str]
