"""Admission: whether another turn may be queued now. A person's transactions, and a conversation's, run one after another."""

from uuid import UUID

from olamchat.db import conversations, messages
from olamchat.db.people import spending, users
from olamchat.db.rows import Row
from olamchat.environment import environment
from olamchat.errors import AnswerInProgress, NotFound, TooMany
from olamchat.services.models.selection import ChosenModel
from olamchat.services.people import quotas


def lock(conversation_id: UUID, user_id: UUID) -> Row:
    """Return the conversation, for this transaction alone; a person's transactions come one after the other. Raises NotFound."""
    users.lock(user_id)
    conversation = conversations.lock(conversation_id, user_id)
    if conversation is None:
        raise NotFound
    return conversation


def admit(conversation: Row, choice: ChosenModel, person: Row) -> None:
    """Refuse what would be too much; `person` has users.TERMS.

    Raises AnswerInProgress with the `message_id` of the one in flight, TooMany, QuotaExceeded.
    """
    mine, waiting = messages.load(conversation["user_id"], choice.pool)
    seen = {"in_flight": messages.in_flight(conversation["id"]), "mine": mine, "waiting": waiting}
    refuse_excess({**seen, **spending.seen(quotas.asked(conversation["user_id"]))}, person)


def refuse_excess(seen: Row, person: Row) -> None:
    """Refuse by what was seen: `in_flight`, an id or None, the counts `mine` and `waiting`, and what was spent.

    Raises AnswerInProgress, TooMany, QuotaExceeded.
    """
    if seen["in_flight"]:
        raise AnswerInProgress(message_id=str(seen["in_flight"]))
    if seen["mine"] >= environment().max_answers_per_user:
        raise TooMany(f"{seen['mine']} of your answers are already being written. Wait for one to finish, or stop one.", retry_after_s=5)
    if seen["waiting"] >= environment().max_waiting_per_pool:
        raise TooMany(f"{seen['waiting']} questions are already waiting for this model. Try again later.", retry_after_s=30)
    quotas.refuse_overdrawn(seen, person)
