"""Collections of documents that answers may cite: made, filled, looked at. An index worker reads what was brought."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from functions.http.auth import signed_in
from functions.http.messages import read
from functions.http.operation import operation
from functions.knowledge import documents
from functions.schemas.knowledge import ChangeCollection, Collection, Collections, NewCollection
from functions.schemas.requests import Nothing
from olamchat.errors import Forbidden
from olamchat.services.knowledge import collections
from olamchat.services.knowledge.collections import TooManyCollections

bp = Blueprint("knowledge", __name__, url_prefix="/api/knowledge")
bp.register_blueprint(documents.bp)


@bp.get("/collections")
@operation(response=Collections)
@signed_in
def listed(user_id: UUID) -> dict[str, Any]:
    """List the collections that you may read."""
    return {"items": collections.listed(user_id=user_id)}


@bp.post("/collections")
@operation(status=201, body=NewCollection, response=Collection, refuses=(TooManyCollections, Forbidden))
@signed_in
def create(user_id: UUID) -> dict[str, Any]:
    """Make a collection."""
    said = read(NewCollection)
    return collections.create(user_id=user_id, name=said.name, audience=said.audience, groups=said.groups)


@bp.get("/collections/<uuid:collection_id>")
@operation(response=Collection)
@signed_in
def get(user_id: UUID, collection_id: UUID) -> dict[str, Any]:
    """Read a collection."""
    return collections.get(user_id=user_id, collection_id=collection_id)


@bp.patch("/collections/<uuid:collection_id>")
@operation(body=ChangeCollection, response=Collection, refuses=(Forbidden,))
@signed_in
def change(user_id: UUID, collection_id: UUID) -> dict[str, Any]:
    """Rename your own collection, or say who may read it."""
    said = read(ChangeCollection)
    return collections.change(user_id=user_id, collection_id=collection_id, name=said.name, audience=said.audience, groups=said.groups)


@bp.delete("/collections/<uuid:collection_id>")
@operation(status=204)
@signed_in
def delete(user_id: UUID, collection_id: UUID) -> None:
    """Delete your own collection with its documents. It can be restored for a day; what was cited stays in its answers."""
    collections.delete(user_id=user_id, collection_id=collection_id)


@bp.post("/collections/<uuid:collection_id>/restore")
@operation(body=Nothing, response=Collection)
@signed_in
def restore(user_id: UUID, collection_id: UUID) -> dict[str, Any]:
    """Undo a deletion."""
    read(Nothing)
    return collections.restore(user_id=user_id, collection_id=collection_id)
