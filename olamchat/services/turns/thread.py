"""What was said, with the files that came along: what a model is given of a thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from olamchat.db import files
from olamchat.db.acting import steps
from olamchat.db.pool import connected
from olamchat.db.rows import Row
from olamchat.services import storage


@dataclass(frozen=True)
class Enclosed:
    """A file of a message: `text` of what can be read, `store` of an image, neither where it is gone. `cut`: the text goes on.

    Of one that index workers read: its `collection` once passages of it can be found, `document` while it is still read, `why` it can't be.
    """

    id: UUID
    name: str
    media_type: str
    text: str | None = None
    cut: bool = False
    store: str | None = None
    collection: UUID | None = None
    document: UUID | None = None
    why: str | None = None

    def read(self) -> bytes | None:
        """Return an image's bytes, None where they are gone. Raises DatabaseLost."""
        return storage.store(self.store).get(self.id) if self.store else None


@dataclass(frozen=True)
class ThreadMessage:
    """One message of a thread; an answer's `steps` are their rows."""

    role: str
    content: str
    files: tuple[Enclosed, ...] = ()
    steps: tuple[Row, ...] = ()


def with_files(messages: Sequence[Row]) -> list[ThreadMessage]:
    """Return the messages (id, role, content, attachments) with what a model may be given of their files, and with their steps. Raises DatabaseLost."""
    ids = [UUID(told["id"]) for row in messages for told in row["attachments"]]
    answers = [row["id"] for row in messages if row["role"] == "assistant"]
    with connected():
        found = files.readable(ids) if ids else {}
        done = steps.of(answers) if answers else []
    return [
        ThreadMessage(
            row["role"],
            row["content"],
            tuple(_enclosed(told, found) for told in row["attachments"]),
            tuple(step for step in done if step["message_id"] == row["id"]),
        )
        for row in messages
    ]


def _enclosed(told: Row, found: dict[UUID, Row]) -> Enclosed:
    file_id = UUID(told["id"])
    row = found.get(file_id, {})
    store = row.get("store") if told["kind"] == "image" else None
    return Enclosed(
        file_id, told["name"], told["media_type"], row.get("text"), bool(row.get("cut")), store,
        collection=row["collection_id"] if row.get("searchable") else None, document=row["document_id"] if row.get("reading") else None,
        why=row.get("why"),
    )  # fmt: skip
