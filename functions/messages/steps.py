"""The steps of an answer: look at one whole, decide on one that waits. They belong to the function messages."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from functions.http.auth import signed_in
from functions.http.messages import read
from functions.http.operation import operation
from functions.schemas.requests import Decide
from functions.schemas.steps import Step, WholeStep
from olamchat.errors import QuestionChanged
from olamchat.services.steps import decisions

bp = Blueprint("steps", __name__, url_prefix="/<uuid:message_id>/steps")


@bp.get("/<int:number>")
@operation(response=WholeStep)
@signed_in
def get(user_id: UUID, conversation_id: UUID, message_id: UUID, number: int) -> dict[str, Any]:
    """Read a step with all of its arguments and its result."""
    return decisions.get(user_id=user_id, conversation_id=conversation_id, message_id=message_id, number=number)


@bp.post("/<int:number>")
@operation(body=Decide, response=Step, refuses=(QuestionChanged,))
@signed_in
def decide(user_id: UUID, conversation_id: UUID, message_id: UUID, number: int) -> dict[str, Any]:
    """Allow a step that waits, or don't; or answer what its server asks. What was decided first stands, and the step is returned as it is."""
    said = read(Decide)
    return decisions.decide(
        user_id=user_id,
        conversation_id=conversation_id,
        message_id=message_id,
        number=number,
        attempt=said.attempt,
        revision=said.revision,
        decision=said.decision,
        note=said.note,
        answer=said.answer,
    )
