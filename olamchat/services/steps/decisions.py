"""What a person may do with the steps of their own answers: look, and decide."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from olamchat.db import messages
from olamchat.db.acting import steps as statements
from olamchat.db.pool import connected
from olamchat.errors import NotFound
from olamchat.services.steps import asking, moves, shape
from olamchat.services.steps.asking import Action
from olamchat.services.steps.moves import Decision


def get(*, user_id: UUID, conversation_id: UUID, message_id: UUID, number: int) -> dict[str, Any]:
    """Return a step with all of its arguments and its result. Raises NotFound."""
    _assert_mine(user_id, conversation_id, message_id)
    with connected():
        row = statements.find(message_id, number)
    if row is None:
        raise NotFound
    return shape.whole(row)


def decide(
    *,
    user_id: UUID,
    conversation_id: UUID,
    message_id: UUID,
    number: int,
    attempt: int,
    revision: int | None,
    decision: Decision | Action,
    note: str,
    answer: Mapping[str, Any],
) -> dict[str, Any]:
    """Decide on a step that waits for the person, as they saw it in that attempt, or answer its question; return it as it is now.

    What was decided first stands, and so does what has ended: a late decision changes nothing.
    Raises NotFound, Invalid, QuestionChanged where the form of this `revision` has given way to another.
    """
    _assert_mine(user_id, conversation_id, message_id)
    if decision in {"answer", "decline", "cancel"}:
        with connected():
            found = statements.find(message_id, number)
        row = found and asking.answer(
            found, conversation_id=conversation_id, attempt=attempt, revision=revision, action=decision, content=answer
        )
    else:
        verdict = cast("Decision", decision)
        row = moves.decide(
            conversation_id=conversation_id, message_id=message_id, number=number, attempt=attempt, decision=verdict, note=note
        )
    if row is None:
        raise NotFound
    return shape.brief(row)


def _assert_mine(user_id: UUID, conversation_id: UUID, message_id: UUID) -> None:
    with connected():
        if messages.find_mine(conversation_id, message_id, user_id) is None:
            raise NotFound
