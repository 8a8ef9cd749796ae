"""Documents of collections. They belong to the function knowledge.

The body of an upload is the document itself: one a request. A folder is uploaded one document after the other, and begins again where it was broken off.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from functions.http import uploads
from functions.http.auth import signed_in
from functions.http.download import handed_out
from functions.http.messages import read, read_query
from functions.http.operation import operation
from functions.schemas.knowledge import Collection, Document, Documents, ListDocuments, NewDocument, Passage
from functions.schemas.requests import Nothing
from olamchat.errors import FileTooLarge, FileUnreadable, Malformed, StorageFull, TooMany, Unavailable
from olamchat.files.kinds import MEDIA
from olamchat.services.knowledge import documents
from olamchat.services.knowledge.documents import CollectionFull, DocumentInProgress

bp = Blueprint("documents", __name__)


@bp.get("/collections/<uuid:collection_id>/documents")
@operation(query=ListDocuments, response=Documents)
@signed_in
def listed(user_id: UUID, collection_id: UUID) -> dict[str, Any]:
    """List a collection's documents by their paths."""
    asked = read_query(ListDocuments)
    return documents.listed(user_id=user_id, collection_id=collection_id, cursor=asked.cursor, state=asked.state, limit=asked.limit)


@bp.post("/collections/<uuid:collection_id>/documents")
@operation(
    status=201, query=NewDocument, response=Document, raw=True,
    refuses=(FileTooLarge, FileUnreadable, StorageFull, CollectionFull, Malformed, TooMany, Unavailable),
)  # fmt: skip
@signed_in
def upload(user_id: UUID, collection_id: UUID) -> dict[str, Any]:
    """Bring a document into your own collection. Other bytes at the path of one replace it once they have been read."""
    path = read_query(NewDocument).path
    with uploads.room(user_id):
        return documents.upload(user_id=user_id, collection_id=collection_id, path=path, content=uploads.body())


@bp.post("/collections/<uuid:collection_id>/stop")
@operation(body=Nothing, response=Collection)
@signed_in
def stop(user_id: UUID, collection_id: UUID) -> dict[str, Any]:
    """Stop reading your own collection. What has not been read by then fails as `stopped`; it can be retried, or uploaded again."""
    read(Nothing)
    return documents.stop(user_id=user_id, collection_id=collection_id)


@bp.get("/documents/<uuid:document_id>")
@operation(response=Document)
@signed_in
def get(user_id: UUID, document_id: UUID) -> dict[str, Any]:
    """Read how far a document has come."""
    return documents.get(user_id=user_id, document_id=document_id)


@bp.get("/documents/<uuid:document_id>/file")
@operation(bytes_of=MEDIA)
@signed_in
def file(user_id: UUID, document_id: UUID) -> Response:
    """Download a document as it was brought."""
    return handed_out(documents.content(user_id=user_id, document_id=document_id))


@bp.get("/documents/<uuid:document_id>/passages/<int:number>")
@operation(response=Passage)
@signed_in
def passage(user_id: UUID, document_id: UUID, number: int) -> dict[str, Any]:
    """Read a passage of a document with what stands before and after it."""
    return documents.passage(user_id=user_id, document_id=document_id, number=number)


@bp.post("/documents/<uuid:document_id>/retry")
@operation(body=Nothing, response=Document, refuses=(DocumentInProgress,))
@signed_in
def retry(user_id: UUID, document_id: UUID) -> dict[str, Any]:
    """Have a document that failed read once more."""
    read(Nothing)
    return documents.retry(user_id=user_id, document_id=document_id)


@bp.delete("/documents/<uuid:document_id>")
@operation(status=204)
@signed_in
def delete(user_id: UUID, document_id: UUID) -> None:
    """Delete a document of your own collection. It can be restored for a day; what was cited stays in its answers."""
    documents.delete(user_id=user_id, document_id=document_id)


@bp.post("/documents/<uuid:document_id>/restore")
@operation(body=Nothing, response=Document)
@signed_in
def restore(user_id: UUID, document_id: UUID) -> dict[str, Any]:
    """Undo a deletion."""
    read(Nothing)
    return documents.restore(user_id=user_id, document_id=document_id)
