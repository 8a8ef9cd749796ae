"""Messages that are sent while an answer is written, and wait for its end. They belong to the function messages."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from functions.http.auth import signed_in
from functions.http.messages import idempotency_key, read
from functions.http.operation import operation
from functions.schemas.follow_ups import FollowUp, WaitingMessage, WaitingMessages
from functions.schemas.requests import Nothing, given
from olamchat.errors import CannotSee, Conflict, IdempotencyMismatch, TooMany, TooManyFiles, UnknownModel
from olamchat.services import follow_ups

bp = Blueprint("follow_ups", __name__, url_prefix="/follow-ups")


@bp.get("")
@operation(response=WaitingMessages)
@signed_in
def listed(user_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """List what waits in a conversation, in the order in which it goes."""
    return {"items": follow_ups.listed(user_id=user_id, conversation_id=conversation_id)}


@bp.post("")
@operation(
    status=202, body=FollowUp, response=WaitingMessage, idempotent=True,
    refuses=(TooMany, UnknownModel, CannotSee, TooManyFiles, Conflict, IdempotencyMismatch),
)  # fmt: skip
@signed_in
def add(user_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    """Take a message that is asked when the answer in flight has ended, or at once where none is."""
    said = read(FollowUp)
    return follow_ups.add(
        user_id=user_id,
        conversation_id=conversation_id,
        text=said.content,
        model=said.model,
        options=given(said.options),
        attachments=said.attachments,
        steer=said.steer,
        key=idempotency_key(),
    )


@bp.post("/<uuid:follow_up_id>/now")
@operation(status=204, body=Nothing)
@signed_in
def send_now(user_id: UUID, conversation_id: UUID, follow_up_id: UUID) -> None:
    """Stop the answer that is being written, if there is one, and ask this next."""
    read(Nothing)
    follow_ups.send_now(user_id=user_id, conversation_id=conversation_id, follow_up_id=follow_up_id)


@bp.delete("/<uuid:follow_up_id>")
@operation(response=WaitingMessage)
@signed_in
def drop(user_id: UUID, conversation_id: UUID, follow_up_id: UUID) -> dict[str, Any]:
    """Take back a message that waits, to be edited or forgotten; one that has been asked is not found."""
    return follow_ups.drop(user_id=user_id, conversation_id=conversation_id, follow_up_id=follow_up_id)
