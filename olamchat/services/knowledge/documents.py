"""Documents of collections: taken in, listed, handed out, tried again, deleted. An index worker reads them.

Who may read a collection may read its documents; only its owner changes them. What isn't theirs is not there (NotFound).
"""

import hashlib
import unicodedata
from typing import Any, Literal
from uuid import UUID

from olamchat.db.knowledge import collections as collection_rows
from olamchat.db.knowledge import documents as rows
from olamchat.db.knowledge import passages
from olamchat.db.people import users
from olamchat.db.pool import connected, database
from olamchat.environment import environment
from olamchat.errors import Conflict, FileUnreadable, NotFound
from olamchat.files import kinds
from olamchat.services import files, pagination, storage
from olamchat.services.files import Content
from olamchat.services.knowledge import collections, shape, telling

State = Literal["waiting", "running", "ready", "failed"]
MOST = 20_000
PATH_LENGTH, DEEPEST = 1_000, 20
# Chunks shown before and after the one that is looked at.
AROUND = 1


class CollectionFull(Conflict):
    code, title = "collection_full", f"A collection can have at most {MOST:,} documents."


class DocumentInProgress(Conflict):
    code, title = "document_in_progress", "This document is being read, or has been read. Only a document that failed can be retried."


def upload(*, user_id: UUID, collection_id: UUID, path: str, content: bytes) -> dict[str, Any]:
    """Keep a document, to be read by an index worker. The same bytes at the same path are the same document.

    Other bytes at its path replace it once they have been read. Raises NotFound, FileTooLarge, FileUnreadable, StorageFull, CollectionFull.
    """
    if len(content) > environment().file_bytes:
        raise files.too_large()
    if not content:
        raise FileUnreadable("There is nothing in this file.")
    path, digest, place = safe_path(path), hashlib.sha256(content).hexdigest(), storage.chosen()
    with connected(), database.atomic():
        users.lock(user_id)  # two uploads at once are counted one after the other
        if not collection_rows.lock_own(collection_id, user_id):
            raise NotFound
        if known := rows.same(collection_id, path, digest):
            return shape.document(known)
        if rows.count(collection_id) >= MOST:
            raise CollectionFull
        file_id = files.reserve(user_id, name=path.rpartition("/")[2], media_type=kinds.media_type(path), content=content, digest=digest)
        document_id = rows.add(collection_id, user_id, file_id, path)
    files.put(place, file_id, user_id, content)
    with connected():
        # Two uploads at once of the same bytes are two documents until one of them is read, and has replaced the other by then.
        row = rows.came(document_id) or rows.same(collection_id, path, digest)
    if row is None:
        raise NotFound
    telling.waits(row["id"])
    return shape.document(row)


def listed(*, user_id: UUID, collection_id: UUID, cursor: str | None, state: State | None, limit: int) -> dict[str, Any]:
    """Return a page of documents by path. Raises NotFound, Invalid for a cursor that is none."""
    after, after_id = pagination.path_place(cursor)
    with connected():
        if collection_rows.find(collection_id, user_id) is None:
            raise NotFound
        found = rows.listed(collection_id, user_id, after=after, after_id=after_id, state=state, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return {
        "items": [shape.document(row) for row in found[:limit]],
        "next_cursor": pagination.path_cursor(last["path"], last["id"]) if last else None,
    }


def get(*, user_id: UUID, document_id: UUID) -> dict[str, Any]:
    """Return a document. Raises NotFound."""
    return shape.document(_find(user_id, document_id))


def content(*, user_id: UUID, document_id: UUID) -> Content:
    """Return the file as it was given. Raises NotFound."""
    row = _find(user_id, document_id)
    return Content(id=row["file_id"], kind="document", **{name: row[name] for name in ("name", "media_type", "digest", "store")})


def passage(*, user_id: UUID, document_id: UUID, number: int) -> dict[str, Any]:
    """Return a passage of a document with what stands before and after it. Raises NotFound."""
    row = _find(user_id, document_id)
    with connected():
        found = passages.around(document_id, number, AROUND)
    here = next((chunk for chunk in found if chunk["number"] == number), None)
    if here is None:
        raise NotFound
    return {
        "document_id": str(document_id), "path": row["path"], "chunk": number, "page": here["page"], "heading": here["heading"],
        "text": here["text"],
        "before": "\n".join(chunk["text"] for chunk in found if chunk["number"] < number),
        "after": "\n".join(chunk["text"] for chunk in found if chunk["number"] > number),
    }  # fmt: skip


def retry(*, user_id: UUID, document_id: UUID) -> dict[str, Any]:
    """Let a document that failed, or of which scans were left out, be read once more. Raises NotFound, DocumentInProgress."""
    row = _find(user_id, document_id)
    if not row["mine"]:
        raise NotFound
    with connected():
        if not rows.retry(document_id, user_id):
            raise DocumentInProgress
    telling.waits(document_id)
    return get(user_id=user_id, document_id=document_id)


def stop(*, user_id: UUID, collection_id: UUID) -> dict[str, Any]:
    """Read no more of one's own collection. What isn't read yet can be retried, or brought again. Raises NotFound."""
    with connected(), database.atomic():
        if not collection_rows.lock_own(collection_id, user_id):
            raise NotFound
        rows.stop(collection_id, user_id, {"code": "stopped", "message": "Reading was stopped. Retry it to go on where it was."})
    return collections.get(user_id=user_id, collection_id=collection_id)


def delete(*, user_id: UUID, document_id: UUID) -> None:
    """Delete a document, which can be taken back for a day; reading it ends. What was cited stays in its answers. Raises NotFound."""
    with connected():
        if rows.delete(document_id, user_id) is None:
            raise NotFound


def restore(*, user_id: UUID, document_id: UUID) -> dict[str, Any]:
    """Take a deletion back. Raises NotFound."""
    with connected():
        row = rows.restore(document_id, user_id)
    if row is None:
        raise NotFound
    if row["state"] == "waiting":
        telling.waits(document_id)
    return get(user_id=user_id, document_id=document_id)


def safe_path(path: str) -> str:
    """Return a path of folders and a name, without what leads elsewhere and what can't be seen."""
    parts = unicodedata.normalize("NFC", path).replace("\\", "/").split("/")
    kept = [files.safe_name(part) for part in parts if part.strip(". ")][-DEEPEST:]
    while len("/".join(kept)) > PATH_LENGTH and len(kept) > 1:
        kept = kept[1:]
    return "/".join(kept) or "file"


def _find(user_id: UUID, document_id: UUID) -> dict[str, Any]:
    with connected():
        row = rows.find(document_id, user_id)
    if row is None:
        raise NotFound
    return row
