"""What is said of files: the shapes of queries and answers."""

from typing import Annotated

from pydantic import Field, StringConstraints

from functions.http.messages import Body, Query
from functions.schemas.answer import Answer
from functions.schemas.requests import ServerName
from functions.schemas.responses import Attachment


class NewFile(Query):
    name: str = Field(default="", max_length=1_000, description="The file's name. What it is, its bytes say.")


class AttachResource(Body):
    """A resource of a tool server, by its address there."""

    server: ServerName
    uri: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]


class File(Attachment):
    """A file that was kept; `characters` is how much of its text was read as it came, `cut` that there is more.

    Index workers read the rest, where it has a `document_id`.
    """

    width: int | None
    height: int | None
    characters: int | None
    cut: bool


class FileLimits(Answer):
    """What a person may attach, and how many bytes they have; a text of more `characters` is read by index workers."""

    file_bytes: int
    files_per_message: int
    total_bytes: int
    used_bytes: int
    characters: int
