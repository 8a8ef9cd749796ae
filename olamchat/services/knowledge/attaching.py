"""Files to attach to messages. All but images and short texts are documents too, each a collection by itself, which index workers read.

A model with room for it is given such a file in whole, another the passages that fit the question.
"""

from typing import Any
from uuid import UUID

from olamchat.db.knowledge import collections, documents
from olamchat.db.people import users
from olamchat.db.pool import connected, database
from olamchat.services import files
from olamchat.services.knowledge import telling


def upload(*, user_id: UUID, name: str, content: bytes) -> dict[str, Any]:
    """Keep a file and return it as the API shows it. Raises FileTooLarge, FileRefused, FileUnreadable, StorageFull."""
    read = files.read(name=name, content=content)
    with connected(), database.atomic():
        users.lock(user_id)  # two uploads at once are counted one after the other
        file_id = read.add(user_id)
        document_id = _document(user_id, file_id, read.name) if read.is_document else None
    files.put(read.store, file_id, user_id, read.content)
    if document_id is not None:
        with connected():
            documents.came(document_id)
        telling.waits(document_id)
    return read.shown(file_id, document_id)


def _document(user_id: UUID, file_id: UUID, name: str) -> UUID:
    return documents.add(collections.add_attached(user_id, file_id, name), user_id, file_id, name)
