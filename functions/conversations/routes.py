"""Conversations: list, begin, read, change, delete, restore, export."""

import re
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response

from functions.conversations import importing, sharing
from functions.http.auth import signed_in, signed_in_by_statement
from functions.http.messages import idempotency_key, json_response, known_etag, read, read_query, written
from functions.http.operation import operation
from functions.schemas.requests import ChangeConversation, Export, ListConversations, NewConversation, Nothing, given
from functions.schemas.responses import Begun, Conversation, Conversations, Deleted, ExportFile
from olamchat.errors import CannotSee, Conflict, IdempotencyMismatch, QuotaExceeded, TooMany, TooManyFiles, UnknownModel
from olamchat.services import conversations, new_conversation, retention
from olamchat.services.copies import exports

bp = Blueprint("conversations", __name__, url_prefix="/api")
bp.register_blueprint(sharing.bp)
bp.register_blueprint(importing.bp)


@bp.get("/conversations")
@operation(query=ListConversations, response=Conversations)
@signed_in_by_statement
def page(user_id: UUID, session_id: UUID | None) -> Response:
    """List the person's conversations, the latest used first."""
    asked = read_query(ListConversations)
    page = conversations.page(
        user_id=user_id, session_id=session_id, limit=asked.limit, after=asked.cursor, words=asked.q, archived=asked.in_archive(),
        known=known_etag(),
    )  # fmt: skip
    return written(*page)


@bp.post("/conversations")
@operation(
    status=201,
    body=NewConversation,
    response=(Conversation, Begun),
    idempotent=True,
    refuses=(TooMany, QuotaExceeded, UnknownModel, Conflict, IdempotencyMismatch, TooManyFiles, CannotSee),
)
@signed_in
def create(user_id: UUID) -> dict[str, Any]:
    """Begin a conversation, with its first question where one is given: then the answer is queued too."""
    said = read(NewConversation)
    settings = given(said.settings)
    if (asked := said.question) is None:
        return conversations.create(user_id=user_id, title=said.title, model=said.model, settings=settings)
    return new_conversation.begin(
        user_id=user_id, title=said.title, model=said.model, settings=settings,
        text=asked.content, options=given(asked.options), attachments=asked.attachments, key=idempotency_key(),
        followed_by=(said.followed_by.stream, said.followed_by.strand) if said.followed_by else None,
    )  # fmt: skip


@bp.get("/conversations/deleted")
@operation(response=Deleted)
@signed_in
def deleted(user_id: UUID) -> dict[str, Any]:
    """List the conversations that were deleted and can still be restored, and say when they will be erased."""
    return retention.deleted(user_id=user_id)


@bp.get("/conversations/<uuid:conversation_id>")
@operation(response=Conversation)
@signed_in
def get(user_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """Read a conversation."""
    return conversations.get(user_id=user_id, conversation_id=conversation_id)


@bp.patch("/conversations/<uuid:conversation_id>")
@operation(body=ChangeConversation, response=Conversation)
@signed_in
def change(user_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """Rename a conversation, change its settings, pin it, archive it, show another branch."""
    said = read(ChangeConversation)
    return conversations.change(user_id=user_id, conversation_id=conversation_id, changes=said.changes())


@bp.delete("/conversations/<uuid:conversation_id>")
@operation(status=204)
@signed_in
def delete(user_id: UUID, conversation_id: UUID) -> None:
    """Delete a conversation; its answer in flight is stopped. It can be restored."""
    conversations.delete(user_id=user_id, conversation_id=conversation_id)


@bp.post("/conversations/<uuid:conversation_id>/restore")
@operation(body=Nothing, response=Conversation)
@signed_in
def restore(user_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """Undo a deletion."""
    read(Nothing)
    return conversations.restore(user_id=user_id, conversation_id=conversation_id)


@bp.get("/conversations/<uuid:conversation_id>/export")
@operation(query=Export, response=ExportFile, media=("text/markdown", "application/json"))
@signed_in
def export(user_id: UUID, conversation_id: UUID) -> Response:
    """Export a conversation: the branch that is shown as Markdown (`text/markdown`), or all of it as JSON."""
    if read_query(Export).format == "json":
        whole = exports.as_json(user_id=user_id, conversation_id=conversation_id)
        return _file(json_response(whole), whole["conversation"]["title"], "json")
    text = exports.as_markdown(user_id=user_id, conversation_id=conversation_id)
    title = text.partition("\n")[0].removeprefix("# ")
    return _file(Response(text, content_type="text/markdown; charset=utf-8"), title, "md")


def _file(response: Response, title: str | None, suffix: str) -> Response:
    """Name the download (RFC 6266); the plain name is for readers that don't know RFC 8187."""
    name = re.sub(r"[^\w .-]+", " ", title or "conversation").strip(" .")[:80] or "conversation"
    plain = name.encode("ascii", "ignore").decode().strip() or "conversation"
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}.{suffix}\"; filename*=UTF-8''{quote(name)}.{suffix}"
    return response
