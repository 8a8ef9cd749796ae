"""Moving conversations in, and doing something to many at once. These routes belong to the function conversations."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from functions.http.auth import signed_in
from functions.http.messages import read, read_query
from functions.http.operation import operation
from functions.schemas.imports import CameBefore, Done, ImportConversation, Imported, Many, WhereFrom
from olamchat.errors import TooManyFiles
from olamchat.services import conversations
from olamchat.services.copies import importing

bp = Blueprint("transferring", __name__, url_prefix="/conversations")


@bp.post("/import")
@operation(body=ImportConversation, response=Imported, refuses=(TooManyFiles,))
@signed_in
def take(user_id: UUID) -> dict[str, Any]:
    """Import one conversation from elsewhere, with all its branches. The same one again changes nothing."""
    return importing.take(user_id=user_id, conversation=read(ImportConversation).conversation())


@bp.get("/import")
@operation(query=WhereFrom, response=CameBefore)
@signed_in
def known(user_id: UUID) -> dict[str, Any]:
    """Tell whether a conversation was imported before, or is one of here."""
    asked = read_query(WhereFrom)
    return {"known": importing.known(user_id=user_id, source=asked.source, source_id=asked.source_id)}


@bp.post("/delete")
@operation(body=Many, response=Done)
@signed_in
def delete(user_id: UUID) -> dict[str, Any]:
    """Delete many conversations; their answers in flight are stopped. They can be restored."""
    return {"ids": [str(each) for each in conversations.delete_many(user_id=user_id, ids=read(Many).ids)]}


@bp.post("/restore")
@operation(body=Many, response=Done)
@signed_in
def restore(user_id: UUID) -> dict[str, Any]:
    """Undo the deletion of many conversations."""
    return {"ids": [str(each) for each in conversations.restore_many(user_id=user_id, ids=read(Many).ids)]}
