"""Messages of a conversation: list, ask, answer again, go on, stop, rate, fork, delete."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from functions.http.auth import signed_in
from functions.http.messages import idempotency_key, read, read_query
from functions.http.operation import operation
from functions.messages import citations, follow_ups, steps
from functions.schemas.requests import Ask, ListMessages, Nothing, Rate, Regenerate, given
from functions.schemas.responses import Answering, Conversation, Message, Messages, Sent
from olamchat.errors import (
    AnswerInProgress,
    CannotSee,
    Conflict,
    IdempotencyMismatch,
    QuotaExceeded,
    TooMany,
    TooManyFiles,
    UnknownModel,
)
from olamchat.services import answers, feedback
from olamchat.services.answers import Parent
from olamchat.services.copies import forking

bp = Blueprint("messages", __name__, url_prefix="/api/conversations/<uuid:conversation_id>/messages")
bp.register_blueprint(steps.bp)
bp.register_blueprint(citations.bp)
bp.register_blueprint(follow_ups.bp)
_NOT_NOW = (AnswerInProgress, TooMany, QuotaExceeded, UnknownModel)


@bp.get("")
@operation(query=ListMessages, response=Messages)
@signed_in
def page(user_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """List the newest messages, oldest first; the cursor leads to older ones."""
    asked = read_query(ListMessages)
    return answers.page(user_id=user_id, conversation_id=conversation_id, limit=asked.limit, before=asked.cursor)


@bp.post("")
@operation(status=202, body=Ask, response=Sent, idempotent=True, refuses=(*_NOT_NOW, IdempotencyMismatch, TooManyFiles, CannotSee))
@signed_in
def ask(user_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """Take the person's message and queue the answer. To edit a message, send the new text with the old one's `parent_id`."""
    said = read(Ask)
    return answers.ask(
        user_id=user_id,
        conversation_id=conversation_id,
        text=said.content,
        parent_id=said.parent_id if "parent_id" in said.model_fields_set else Parent.ACTIVE_LEAF,
        model=said.model,
        options=given(said.options),
        attachments=said.attachments,
        key=idempotency_key(),
    )


@bp.get("/<uuid:message_id>")
@operation(response=Message)
@signed_in
def get(user_id: UUID, conversation_id: UUID, message_id: UUID) -> dict[str, Any]:
    """Read a message."""
    return answers.get(user_id=user_id, conversation_id=conversation_id, message_id=message_id)


@bp.delete("/<uuid:message_id>")
@operation(status=204, refuses=(AnswerInProgress,))
@signed_in
def delete(user_id: UUID, conversation_id: UUID, message_id: UUID) -> None:
    """Erase a message and all that follows from it."""
    answers.delete(user_id=user_id, conversation_id=conversation_id, message_id=message_id)


@bp.post("/<uuid:message_id>/regenerate")
@operation(status=202, body=Regenerate, response=Answering, refuses=(*_NOT_NOW, CannotSee))
@signed_in
def regenerate(user_id: UUID, conversation_id: UUID, message_id: UUID) -> dict[str, Any]:
    """Answer the same question once more, beside this answer."""
    said = read(Regenerate)
    return answers.regenerate(
        user_id=user_id,
        conversation_id=conversation_id,
        message_id=message_id,
        model=said.model,
        options=given(said.options),
    )


@bp.post("/<uuid:message_id>/continue")
@operation(status=202, body=Nothing, response=Answering, refuses=(*_NOT_NOW, Conflict))
@signed_in
def go_on(user_id: UUID, conversation_id: UUID, message_id: UUID) -> dict[str, Any]:
    """Let an answer that failed or was stopped go on where it is."""
    read(Nothing)
    return answers.go_on(user_id=user_id, conversation_id=conversation_id, message_id=message_id)


@bp.post("/<uuid:message_id>/stop")
@operation(body=Nothing, response=Message)
@signed_in
def stop(user_id: UUID, conversation_id: UUID, message_id: UUID) -> dict[str, Any]:
    """Stop an answer at whatever stage it is; its text so far is kept. One that has ended is returned as it is."""
    read(Nothing)
    return answers.stop(user_id=user_id, conversation_id=conversation_id, message_id=message_id)


@bp.post("/<uuid:message_id>/fork")
@operation(status=201, body=Nothing, response=Conversation, refuses=(Conflict,))
@signed_in
def fork(user_id: UUID, conversation_id: UUID, message_id: UUID) -> dict[str, Any]:
    """Copy the branch that ends with this answer into a conversation of its own."""
    read(Nothing)
    return forking.fork(user_id=user_id, conversation_id=conversation_id, message_id=message_id)


@bp.put("/<uuid:message_id>/feedback")
@operation(body=Rate, response=Message, refuses=(Conflict,))
@signed_in
def rate(user_id: UUID, conversation_id: UUID, message_id: UUID) -> dict[str, Any]:
    """Say what one thinks of a finished answer."""
    return feedback.rate(user_id=user_id, conversation_id=conversation_id, message_id=message_id, thumb=read(Rate).thumb)
