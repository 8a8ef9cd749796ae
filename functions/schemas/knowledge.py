"""What the routes about collections and documents take and give."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from functions.http.messages import Body, Query
from functions.schemas.admin import MOST_GROUPS
from functions.schemas.answer import Answer
from functions.schemas.requests import Id, Title

CollectionAudience = Literal["owner", "chosen", "everyone"]
DocumentState = Literal["coming", "waiting", "running", "ready", "failed"]


class NewCollection(Body):
    """A name, and who may read it: `groups` counts where it is "chosen". Only administrators give one to everyone."""

    name: Title
    audience: CollectionAudience = "owner"
    groups: list[Id] = Field(default=[], max_length=MOST_GROUPS)


class ChangeCollection(Body):
    name: Title | None = None
    audience: CollectionAudience | None = None
    groups: list[Id] = Field(default=[], max_length=MOST_GROUPS, description='Counts where an audience is given, and is "chosen".')


class NewDocument(Query):
    path: Annotated[str, StringConstraints(max_length=4_000)] = Field(
        default="", description="Folders and the file's name, with slashes between. What it is, its bytes say."
    )


class ListDocuments(Query):
    limit: int = Field(default=100, ge=1, le=500)
    cursor: Annotated[str, StringConstraints(max_length=8_000)] | None = None
    state: Literal["waiting", "running", "ready", "failed"] | None = Field(default=None, description="Only documents in this state.")


class Collection(Answer):
    """A collection; `mine` may be changed, `bytes` and `chunks` are those of all its documents."""

    id: UUID
    name: str
    audience: CollectionAudience
    groups: list[UUID] = Field(description="The groups its owner gave it to; told to the owner alone.")
    mine: bool
    documents: int
    ready: int
    failed: int
    bytes: int
    chunks: int
    created_at: AwareDatetime


class Collections(Answer):
    items: list[Collection]


class DocumentProblem(Answer):
    code: str
    message: str


class Document(Answer):
    """A document; of its `chunks` (null before it was read) so many are `kept` and `embedded`. `searchable`: answers find it. `cut`: too long, its end is missing."""

    id: UUID
    collection_id: UUID
    path: str
    bytes: int
    state: DocumentState
    pages: int | None
    chunks: int | None
    kept: int
    embedded: int
    cut: bool
    searchable: bool
    error: DocumentProblem | None = Field(description="Why it can't be read, or is found by its words alone.")
    created_at: AwareDatetime
    finished_at: AwareDatetime | None


class Documents(Answer):
    items: list[Document]
    next_cursor: str | None


class Passage(Answer):
    """A piece of a document, with what stands before and after it."""

    document_id: UUID
    path: str
    chunk: int
    page: int
    heading: str
    text: str
    before: str
    after: str
