"""Tell people's open pages and the workers what has changed, after the commit.

Where Redis can't be reached nothing is lost: Postgres has the row, a sweeper finds the turn, and a page that comes back fetches.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from olamchat import jobs
from olamchat.redis import Lost
from olamchat.services import serialize
from olamchat.tokenlog import conv_topic, token_log, user_topic
from olamchat.tokenlog.events import Answering, ConversationChanged, Event, MessageAdded, Queued, frame

_log = logging.getLogger(__name__)
# What an event's message may take in its frame, in bytes of UTF-8 that JSON may still have to escape.
_CONTENT_BYTES = 12_000


def tell_user(user_id: UUID, *events: Event) -> None:
    """Tell all of a person's open pages."""
    try:
        token_log().tell(user_topic(user_id), [frame(event) for event in events])
    except Lost:
        _log.warning("a change could not be told to user %s", user_id)


def tell_readers(conversation_id: UUID, *events: Event) -> None:
    """Tell those who watch a conversation."""
    try:
        token_log().tell(conv_topic(conversation_id), [frame(event) for event in events])
    except Lost:
        _log.warning("a change could not be told to conversation %s", conversation_id)


def message_changed(message: Mapping[str, Any]) -> None:
    """Tell those who watch a conversation of a message that is not as it was."""
    tell_readers(message["conversation_id"], MessageAdded(message=_fitting(message)))


def turn_made(
    *,
    user_id: UUID,
    conversation: Mapping[str, Any],
    messages: list[Mapping[str, Any]],
    pool: str,
    position: int,
    also: Sequence[Event] = (),
) -> str | None:
    """Tell everybody of a new turn: readers of its messages (the last is the answer), the user's pages, the workers of the pool.

    Returns where the conversation's log stands after that, None where Redis can't be reached.
    """
    answer = messages[-1]
    answer_id, conversation_id = str(answer["id"]), str(conversation["id"])
    news = [MessageAdded(message=_fitting(row)) for row in messages]
    queued = Queued(message_id=answer_id, position=position, attempt=answer["attempt"])
    of_user = [
        Answering(conversation_id=conversation_id, message_id=answer_id, status="queued"),
        ConversationChanged(conversation=serialize.conversation(conversation, answering=True)),
        *also,
    ]
    try:
        log_id = token_log().tell_all(
            [
                (user_topic(user_id), [frame(event) for event in of_user]),
                (conv_topic(conversation_id), [frame(event) for event in (*news, queued)]),
            ]
        )
        jobs.enter(pool, answer_id)
    except Lost:
        _log.warning("turn %s waits in Postgres: Redis can't be reached", answer_id)
        return None
    return log_id


def _fitting(row: Mapping[str, Any]) -> dict[str, Any]:
    message = serialize.message(row)
    too_long = len(frame(MessageAdded(message=message))) > _CONTENT_BYTES
    return {**message, "content": None, "reasoning": None} if too_long else message
