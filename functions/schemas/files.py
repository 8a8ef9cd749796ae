"""What is said of files: the shapes of queries and answers."""

from pydantic import Field

from functions.http.messages import Query
from functions.schemas.answer import Answer
from functions.schemas.responses import Attachment


class NewFile(Query):
    name: str = Field(default="", max_length=1_000, description="The file's name. What it is, its bytes say.")


class File(Attachment):
    """A file that was kept; `characters` is how much of its text models are given, `cut` that there is more."""

    width: int | None
    height: int | None
    characters: int | None
    cut: bool


class FileLimits(Answer):
    """What a person may attach, and how many bytes they have; of a text models are given so many `characters`."""

    file_bytes: int
    files_per_message: int
    total_bytes: int
    used_bytes: int
    characters: int
