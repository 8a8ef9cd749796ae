"""What answers cite, as messages and one route tell it."""

from uuid import UUID

from pydantic import Field

from functions.schemas.answer import Answer


class CitedPlace(Answer):
    """Where a passage stands: `chunk` is its number in the document, which may be gone by now."""

    number: int
    document_id: UUID
    chunk: int
    path: str
    page: int
    heading: str


class Citation(CitedPlace):
    quote: str = Field(description="The passage's beginning.")


class WholeCitation(CitedPlace):
    text: str
