"""What answers cite, as messages and one route tell it."""

from uuid import UUID

from pydantic import Field

from functions.schemas.answer import Answer


class Place(Answer):
    """Where a passage stands: `chunk` is its number in the document, which may be gone by now."""

    document_id: UUID
    chunk: int
    path: str
    page: int
    heading: str


class Citation(Place):
    number: int
    quote: str = Field(description="The passage's beginning.")


class WholeCitation(Place):
    number: int
    text: str
