"""Answers that wait for their documents to be read: parked without a worker, and released by whoever sees that nothing is left to read.

Both raise DatabaseLost. Where Redis can't be reached the sweepers make up for what is not told.
"""

import logging
from collections.abc import Sequence
from uuid import UUID

from olamchat import jobs
from olamchat.db import reading as statements
from olamchat.db.pool import connected
from olamchat.db.rows import Row
from olamchat.redis import Lost
from olamchat.tokenlog import conv_topic, token_log, user_topic
from olamchat.tokenlog.events import Answering, Event, Queued, Waiting, frame

_log = logging.getLogger(__name__)


def park(*, turn_id: UUID, attempt: int, documents: Sequence[UUID]) -> bool:
    """Let a turn go until these documents have been read. False where the attempt has no hold on it, or a stop was wished."""
    with connected():
        row = statements.park(turn_id, attempt, documents)
    if row is None:
        return False
    _tell(row, Waiting(message_id=str(turn_id), attempt=attempt, at=row["at"], reasoning_at=row["reasoning_at"]))
    release()  # a document that was read in between has looked for this turn in vain
    return True


def release() -> int:
    """Let turns go on whose documents have been read, or never will be; return how many."""
    with connected():
        released = statements.release()
    for row in released:
        _tell(row, Queued(message_id=str(row["id"]), position=1, attempt=row["attempt"]))
    return len(released)


def _tell(row: Row, event: Event) -> None:
    status = "queued" if row["state"] == "queued" else "waiting"
    answering = Answering(conversation_id=str(row["conversation_id"]), message_id=str(row["id"]), status=status)
    try:
        token_log().tell(conv_topic(row["conversation_id"]), [frame(event)])
        token_log().tell(user_topic(row["user_id"]), [frame(answering)])
        if status == "queued":
            jobs.enter(row["pool"], row["id"])
    except Lost:
        _log.warning("what answer %s waits for could not be told", row["id"])
