"""The end of an answer, told: the closing event in the log, the user's other devices, the sets that count.

Nothing is lost where Redis can't be reached: the closed turn stays, and a worker's sweeper tells it later.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from olamchat import jobs
from olamchat.db import turns as statements
from olamchat.db.pool import connected
from olamchat.redis import Lost
from olamchat.services import serialize
from olamchat.services.knowledge.citations import with_citations
from olamchat.tokenlog import conv_topic, token_log, user_topic
from olamchat.tokenlog.base import Append
from olamchat.tokenlog.events import Answering, Closed, Done, Failed, Stopped, frame
from olamchat.tokenlog.topics import turn_topic

_KINDS: dict[str, type[Closed]] = {"done": Done, "stopped": Stopped, "failed": Failed}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Ended:
    """An answer's last row, whose turn is closed; `title_id` is the turn that will make the conversation's title.

    `followed`: something waits in its conversation to be asked next.
    """

    row: Mapping[str, Any]
    user_id: UUID
    pool: str
    title_id: UUID | None = None
    followed: bool = False


class ToldEnd(NamedTuple):
    """A turn whose end was told, to be forgotten: its row, and its place in the pool's load."""

    id: UUID
    attempt: int
    pool: str


def closing_event(row: Mapping[str, Any]) -> Closed:
    """Return the event that says how the answer of this row ended."""
    kind = _KINDS[row["status"]]
    lengths = {"length": len(row["content"]), "reasoning_length": len(row["reasoning"])}
    return kind(message=serialize.message_without_texts(row), calls=row.get("calls") or [], **lengths)


def tell(ended: Ended, *, later: Callable[[ToldEnd], None] | None = None) -> bool:
    """Tell the end to everybody and forget the turn, at once or by `later`. False when Redis can't be reached now; the turn stays for the sweeper.

    Telling twice is harmless: the log refuses a second end. Raises DatabaseLost.
    """
    told = ToldEnd(ended.row["id"], ended.row["attempt"], ended.pool)
    try:
        _tell_readers(ended)
        _tell_user(ended)
        later(told) if later else forget([told])
    except Lost:
        _log.warning("the end of answer %s could not be told yet", ended.row["id"])
        return False
    return True


def forget(told: Sequence[ToldEnd]) -> None:
    """Forget turns whose end was told. Raises Lost, DatabaseLost."""
    for pool in {one.pool for one in told}:
        jobs.leave(pool, *(one.id for one in told if one.pool == pool))
    with connected():
        statements.delete([one.id for one in told], [one.attempt for one in told])


def _with_citations(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an answer's row with what it may cite, where it cites anything or documents were searched for it: its readers may have seen [1] and not yet what that is."""
    looked = (row["timings"] or {}).get("looked_in")
    if row["conversation_id"] is None or not (looked or "[" in row["content"]):
        return row
    with connected():
        return with_citations([{**row, "role": "assistant"}])[0]


def _tell_readers(ended: Ended) -> None:
    turn_id, attempt, conversation_id = str(ended.row["id"]), ended.row["attempt"], ended.row["conversation_id"]
    topic = turn_topic(turn_id) if conversation_id is None else conv_topic(conversation_id)
    token_log().append([Append(topic, turn_id, attempt, [frame(closing_event(_with_citations(ended.row)))], closes=True)])


def _tell_user(ended: Ended) -> None:
    row = ended.row
    if row["conversation_id"] is None:
        return
    event = Answering(conversation_id=str(row["conversation_id"]), message_id=str(row["id"]), status=row["status"])
    token_log().tell(user_topic(ended.user_id), [frame(event)])
