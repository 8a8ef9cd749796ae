"""What an answer cites. It belongs to the function messages."""

from typing import Any
from uuid import UUID

from flask import Blueprint

from functions.http.auth import signed_in
from functions.http.operation import operation
from functions.schemas.citations import WholeCitation
from olamchat.services import answers

bp = Blueprint("citations", __name__, url_prefix="/<uuid:message_id>/citations")


@bp.get("/<int:number>")
@operation(response=WholeCitation)
@signed_in
def get(user_id: UUID, conversation_id: UUID, message_id: UUID, number: int) -> dict[str, Any]:
    """Read a cited passage with all of its text, as it was when it was cited."""
    return answers.citation(user_id=user_id, conversation_id=conversation_id, message_id=message_id, number=number)
