"""Follow-ups: what a person says while an answer is written waits here and is asked when the answer has ended.

Whatever ends the answer, its end looks for what follows: the worker at once, a sweeper for one whose worker died in between. The row is
gone in the same transaction that makes it a question, so that it is asked once. An answer that failed is followed, since nobody may be
there to say so; one that its person stopped is not, until they say that what waits is to go.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from olamchat.clock import now
from olamchat.db import conversations, messages, questions
from olamchat.db import follow_ups as rows
from olamchat.db.pipeline import transaction
from olamchat.db.pool import DatabaseLost, connected, database
from olamchat.db.rows import Row
from olamchat.errors import AnswerInProgress, Conflict, IdempotencyMismatch, NotFound, Problem, QuotaExceeded, TooMany, Unavailable
from olamchat.redis import Lost
from olamchat.services import files, publish, serialize, submission
from olamchat.services.models import catalogue, selection
from olamchat.services.people import api_keys, quotas
from olamchat.services.turns import admission, enqueue, lifecycle, preferences
from olamchat.services.turns.enqueue import Made
from olamchat.tokenlog.events import FollowUpsChanged

MOST = 10
_log = logging.getLogger(__name__)


def add(
    *,
    user_id: UUID,
    conversation_id: UUID,
    text: str,
    model: str | None = None,
    options: Mapping[str, Any] | None = None,
    attachments: Sequence[UUID] = (),
    steer: bool = False,
    key: str | None = None,
) -> dict[str, Any]:
    """Keep a message that goes when the answer in flight has ended, at once where none is; `steer` stops that answer. Return it as told.

    What it is to be answered with is what is chosen now. The same key again returns the same message.
    Raises NotFound, Invalid, TooManyFiles, CannotSee, UnknownModel, Unavailable, TooMany, Conflict, IdempotencyMismatch.
    """
    content = submission.content(text, empty=bool(attachments))
    digest = submission.digest("follow-up", content, model, options, steer, *attachments)
    with connected():
        habits = _found(conversations.with_habits(conversation_id, user_id))
    choice = selection.choose(model, preferences.habits_of(habits), view=preferences.view_of(habits, catalogue.known()))
    with connected(), database.atomic():
        conversation = admission.lock(conversation_id, user_id)
        if (known := _repeated(conversation_id, key, digest)) is not None:
            return known
        if len(rows.of(conversation_id)) >= MOST:
            raise TooMany(f"{MOST} messages already wait here. Wait for an answer, or drop one.", retry_after_s=5)
        told = files.chosen(user_id=user_id, ids=attachments)
        selection.assert_sees(choice, told)
        answer_id = messages.in_flight(conversation_id)
        purse = quotas.paying.get()
        row = rows.add(
            {
                "conversation_id": conversation_id,
                "user_id": user_id,
                "follows_id": answer_id or submission.under_leaf(conversation),
                "content": content,
                "attachments": told,
                "model": model or conversation["model"],
                "options": {**conversation["settings"], **(options or {})},
                "key_id": purse.key_id if purse else None,
                "idempotency_key": key,
                "idempotency_digest": digest if key else None,
                "urgent_at": now() if steer or not (answer_id or rows.due(conversation_id)) else None,
            },
            attachments,
        )
    _tell(conversation_id)
    if steer and answer_id:
        lifecycle.stop(answer_id)
    asked = ask_next(conversation_id)
    return told_of({**row, "follows_status": "running"}, asked=asked.get(row["id"]))


def listed(*, user_id: UUID, conversation_id: UUID) -> list[dict[str, Any]]:
    """Return what waits in a conversation, in the order in which it goes. Raises NotFound."""
    with connected():
        _found(conversations.find(conversation_id, user_id))
        return [told_of(row) for row in rows.of(conversation_id)]


def send_now(*, user_id: UUID, conversation_id: UUID, follow_up_id: UUID) -> None:
    """Stop the answer in flight, if there is one, and ask this next. Raises NotFound."""
    with connected():
        if not rows.hurry(follow_up_id, conversation_id, user_id):
            raise NotFound
        answer_id = messages.in_flight(conversation_id)
    _tell(conversation_id)
    if answer_id:
        lifecycle.stop(answer_id)
    ask_next(conversation_id)


def drop(*, user_id: UUID, conversation_id: UUID, follow_up_id: UUID) -> dict[str, Any]:
    """Take back what waits, and return it: it will not be asked. Raises NotFound, also where it has been asked."""
    with connected():
        row = _found(rows.drop(follow_up_id, conversation_id, user_id))
    _tell(conversation_id, gone=follow_up_id)
    return told_of(row)


def ask_next(conversation_id: UUID) -> dict[UUID, UUID]:
    """Ask what comes next in a conversation, if its time has come; return the question's id by the follow-up's. Raises DatabaseLost."""
    with connected():
        due = rows.due(conversation_id)
    return {one["id"]: asked["id"] for one in due if (asked := _ask(one))}


def sweep() -> int:
    """Ask what should have been asked by now, and forget what was dropped long ago; return how many were asked. Raises DatabaseLost."""
    with connected():
        rows.forget_dropped()
        due = rows.due()
    return sum(_is_asked(one) for one in due)


def _is_asked(due: Row) -> bool:
    """Ask one of many: a bug that it meets must not keep the others waiting. Raises DatabaseLost, Lost."""
    try:
        return _ask(due) is not None
    except (DatabaseLost, Lost):
        raise
    except Exception as bug:  # noqa: BLE001, its row stays and the log has the trace
        _log.error("follow-up %s could not be asked", due["id"], exc_info=bug)
        return False


def _ask(due: Row) -> Row | None:
    """Make a question of a follow-up. None where somebody was faster, where it has to wait longer, or where it is refused for good."""
    try:
        asked, made = _kept(due)
    except (AnswerInProgress, NotFound):
        return None
    except Problem as problem:
        if isinstance(problem, TooMany | Unavailable) and not isinstance(problem, QuotaExceeded):
            return None  # a sweeper tries again
        with connected():
            rows.refuse(due["id"], {"code": problem.code, "detail": problem.detail})
        _tell(due["conversation_id"])
        return None
    _tell(due["conversation_id"], gone=due["id"])
    enqueue.tell(made, asked)
    return asked


def _kept(due: Row) -> tuple[Row, Made]:
    """Take the row and keep the question, its answer to come and the turn, all or nothing."""
    user_id, conversation_id, key = due["user_id"], due["conversation_id"], due["idempotency_key"]
    offers, entries = selection.known() or [], catalogue.fresh()
    with connected(), api_keys.paid_by(due["key_id"]), transaction() as pipeline:
        seen = questions.look(pipeline, conversation_id, key, quotas.asked(user_id), models=entries is None)
        if seen.models is not None:
            entries = catalogue.noted(seen.models)
        taken = _found(rows.take(due["id"]))
        if seen.against["repeated"]:
            raise Conflict("This message was asked by another request.")
        conversation = {**_found(seen.conversation), "settings": due["options"]}
        view = preferences.view_of(conversation, entries or {})
        choice = selection.choose(due["model"], preferences.habits_of(conversation), offers, view=view)
        queue = seen.queue(choice.pool)
        admission.refuse_excess({**seen.against, **queue}, conversation)
        told = files.chosen(user_id=user_id, ids=[UUID(file["id"]) for file in due["attachments"]])
        selection.assert_sees(choice, told, offers)
        parent = taken["follows_id"] or submission.under_leaf(conversation)
        question = submission.question(parent, due["content"], key, due["idempotency_digest"] or "")
        chosen = preferences.options(conversation, None, view.of(choice.model).options, choice.persona)
        kept = {**conversation, "settings": _found(seen.conversation)["settings"]}
        asked, made = enqueue.question(pipeline, kept, question, choice, chosen, ahead=queue["ahead"], keep_model=False, last=False)
        if told:
            asked = enqueue.attach(asked, told)
        rows.follow(conversation_id, made.row["id"])
    return asked, made


def _repeated(conversation_id: UUID, key: str | None, digest: str) -> dict[str, Any] | None:
    """Return what came with the key before: it waits, or it has been asked. Raises IdempotencyMismatch, Conflict."""
    if key is None:
        return None
    waiting, asked = rows.sent_with(conversation_id, key), messages.asked_with(conversation_id, key)
    known = waiting or (asked[0] if asked else None)
    if known is None:
        return None
    if known["idempotency_digest"] != digest:
        raise IdempotencyMismatch
    if waiting and waiting["dropped_at"]:
        raise Conflict("This message was taken back.")
    return told_of(waiting) if waiting else told_of({**asked[0], "error": None, "urgent_at": None}, asked=asked[0]["id"])


def told_of(row: Row, *, asked: UUID | None = None) -> dict[str, Any]:
    """Return a follow-up as it is told; `asked` is the question that it has become."""
    return {
        "id": str(row["id"]),
        "content": row["content"],
        "attachments": row["attachments"],
        "model": row["model"],
        "state": "asked" if asked else _state(row),
        "message_id": str(asked) if asked else None,
        "error": row["error"],
        "created_at": serialize.time(row["created_at"]),
    }


def _state(row: Row) -> str:
    if row["error"]:
        return "refused"
    return "waiting" if row["urgent_at"] or row["follows_status"] not in (None, "stopped") else "held"


def _tell(conversation_id: UUID, gone: UUID | None = None) -> None:
    publish.tell_readers(conversation_id, FollowUpsChanged(gone=str(gone) if gone else None))


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
