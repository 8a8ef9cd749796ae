"""Ask, and what else can be done with an answer: another one, go on, stop, read, delete.

A conversation is a tree: a question's parent is an answer or nothing, an answer's parent is a question. Editing a question is asking
again under its parent; regenerating is answering again. At most one answer of a conversation is in flight.
Nobody can reach another person's messages: they are NotFound.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any
from uuid import UUID

from olamchat.db import conversations, follow_ups, messages, questions
from olamchat.db.pipeline import transaction
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row
from olamchat.errors import AnswerInProgress, Conflict, NotFound
from olamchat.redis import Lost
from olamchat.services import files, publish, serialize, submission
from olamchat.services.knowledge import citations
from olamchat.services.knowledge.citations import with_citations
from olamchat.services.models import catalogue, selection
from olamchat.services.models.assistants import persona
from olamchat.services.pagination import cursor, place
from olamchat.services.people import quotas
from olamchat.services.steps import shape
from olamchat.services.turns import admission, enqueue, lifecycle, preferences
from olamchat.tokenlog import conv_topic, token_log
from olamchat.tokenlog.events import MessageDeleted

_ENDED_EARLY = ("failed", "stopped")


class Parent(Enum):
    """Where a question goes when its parent isn't named."""

    ACTIVE_LEAF = "the conversation's active leaf"


def ask(
    *,
    user_id: UUID,
    conversation_id: UUID,
    text: str,
    parent_id: UUID | Parent | None = Parent.ACTIVE_LEAF,
    model: str | None = None,
    options: Mapping[str, Any] | None = None,
    attachments: Sequence[UUID] = (),
    key: str | None = None,
) -> dict[str, Any]:
    """Keep a question, and an answer to come. Returns {user_message, answer, stream}; the same key again returns the same rows.

    `attachments` are ids of the person's own files; with files there need be no words.
    Raises NotFound, Invalid, TooManyFiles, CannotSee, UnknownModel, Unavailable, TooMany, AnswerInProgress, IdempotencyMismatch.
    """
    content = submission.content(text, empty=bool(attachments))
    parent = parent_id.name if isinstance(parent_id, Parent) else parent_id
    digest = submission.digest(content, parent, model, options, *attachments)
    offers, entries = selection.known() or [], catalogue.fresh()
    with connected(), transaction() as pipeline:
        seen = questions.look(pipeline, conversation_id, key, quotas.asked(user_id), models=entries is None)
        if seen.models is not None:
            entries = catalogue.noted(seen.models)
        conversation = _found(seen.conversation)
        if seen.against["repeated"]:
            return submission.sent(*submission.repeated(conversation_id, key, digest))
        view = preferences.view_of(conversation, entries or {})
        choice = selection.choose(model, preferences.habits_of(conversation), offers, view=view)
        queue = seen.queue(choice.pool)
        admission.refuse_excess({**seen.against, **queue}, conversation)
        told = files.chosen(user_id=user_id, ids=attachments)
        selection.assert_sees(choice, told, offers)
        question = submission.question(_parent(conversation, parent_id), content, key, digest)
        chosen = preferences.options(conversation, options, view.of(choice.model).options, choice.persona)
        asked, answer = enqueue.question(
            pipeline, conversation, question, choice, chosen, ahead=queue["ahead"], keep_model=bool(model), last=not told
        )
        if told:
            asked = enqueue.attach(asked, told)
    return submission.sent(asked, enqueue.tell(answer, asked))


def regenerate(
    *, user_id: UUID, conversation_id: UUID, message_id: UUID, model: str | None = None, options: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Answer the same question once more, beside the answer (or to the question) that is named. Returns {answer, stream}.

    Raises NotFound, CannotSee, UnknownModel, Unavailable, TooMany, AnswerInProgress.
    """
    with connected():
        habits = _found(conversations.with_habits(conversation_id, user_id))
        message = _found(messages.find(conversation_id, message_id))
    view = preferences.view_of(habits, catalogue.known())
    choice = selection.choose(model, preferences.habits_of(habits), view=view)
    with connected(), database.atomic():
        conversation = admission.lock(conversation_id, user_id)
        admission.admit(conversation, choice, habits)
        question = _found(messages.find(conversation_id, message["parent_id"] if message["role"] == "assistant" else message_id))
        selection.assert_sees(choice, question["attachments"])
        answer = enqueue.answer(
            conversation,
            question,
            choice,
            preferences.options(habits, options, view.of(choice.model).options, choice.persona),
            person=habits,
            keep_model=False,
        )
    return submission.answering(enqueue.tell(answer))


def go_on(*, user_id: UUID, conversation_id: UUID, message_id: UUID) -> dict[str, Any]:
    """Let an answer that failed or was stopped go on from where it is. Returns {answer, stream}.

    Raises NotFound, Conflict, UnknownModel, Unavailable, TooMany, AnswerInProgress.
    """
    with connected():
        habits = _found(conversations.with_habits(conversation_id, user_id))
        message = _found(messages.find(conversation_id, message_id))
    view = preferences.view_of(habits, catalogue.known())
    choice = selection.choose(message["model"], preferences.habits_of(habits), view=view)
    choice = replace(choice, persona=persona.that_answered(message["assistant"]))
    with connected(), database.atomic():
        conversation = admission.lock(conversation_id, user_id)
        admission.admit(conversation, choice, habits)
        message = _found(messages.find(conversation_id, message_id))
        if message["role"] != "assistant" or message["status"] not in _ENDED_EARLY:
            raise Conflict("Only an answer that failed or was stopped can be continued.")
        answer = enqueue.retry(
            conversation, message, choice, preferences.options(habits, None, view.of(choice.model).options, choice.persona), person=habits
        )
    return submission.answering(enqueue.tell(answer))


def stop(*, user_id: UUID, conversation_id: UUID, message_id: UUID) -> dict[str, Any]:
    """Stop an answer at whatever stage it is, and return it; one that has ended is returned as it is. Raises NotFound."""
    if get(user_id=user_id, conversation_id=conversation_id, message_id=message_id)["status"] in conversations.IN_FLIGHT:
        lifecycle.stop(message_id)
    return get(user_id=user_id, conversation_id=conversation_id, message_id=message_id)


def get(*, user_id: UUID, conversation_id: UUID, message_id: UUID) -> dict[str, Any]:
    """Return a message. Raises NotFound."""
    with connected():
        row = _found(messages.find_mine(conversation_id, message_id, user_id))
        positions = messages.positions([message_id] if row["status"] == "queued" else [])
        [row] = with_citations(shape.with_steps([row]))
    return serialize.message(row, position=positions.get(message_id))


def citation(*, user_id: UUID, conversation_id: UUID, message_id: UUID, number: int) -> dict[str, Any]:
    """Return a passage that an answer was given to cite, with all of its text. Raises NotFound."""
    with connected():
        _found(messages.find_mine(conversation_id, message_id, user_id))
        return _found(citations.whole(message_id, number))


def page(*, user_id: UUID, conversation_id: UUID, limit: int = 200, before: str | None = None) -> dict[str, Any]:
    """Return {items, next_cursor, log_id, follow_ups}: the newest messages, oldest first; the cursor leads to older ones. Raises NotFound, Invalid.

    `log_id` is the log's tail from before the rows were read: what follows it there may be missing here, nothing else.
    """
    until = place(before)
    with connected():
        waiting = follow_ups.count(conversation_id, user_id)
    if waiting is None:
        raise NotFound
    log_id = _tail(conversation_id)
    with connected():
        found = messages.page(conversation_id, limit=limit + 1, before=until)
        positions = messages.positions(row["id"] for row in found if row["status"] == "queued")
        found = with_citations(shape.with_steps(found))
    more, items = found[limit:], found[:limit]
    return {
        "items": [serialize.message(row, position=positions.get(row["id"])) for row in reversed(items)],
        "next_cursor": cursor((items[-1]["created_at"], items[-1]["id"])) if more else None,
        "log_id": log_id,
        "follow_ups": waiting,
    }


def delete(*, user_id: UUID, conversation_id: UUID, message_id: UUID) -> None:
    """Erase a message and all that follows from it, and tell who watches. Raises NotFound, AnswerInProgress."""
    with connected(), database.atomic():
        conversation = admission.lock(conversation_id, user_id)
        message = _found(messages.find(conversation_id, message_id))
        branch = messages.subtree(conversation_id, message_id)
        if any(status in conversations.IN_FLIGHT for status in branch.values()):
            raise AnswerInProgress("Stop the answer before you delete it.", message_id=str(messages.in_flight(conversation_id)))
        messages.erase(branch)
        leaf = conversation["active_leaf_id"]
        if leaf in branch:
            leaf = messages.newest_leaf(conversation_id, message["parent_id"])
            conversations.change(conversation_id, user_id, {"active_leaf_id": leaf})
    publish.tell_readers(conversation_id, MessageDeleted(message_id=str(message_id), active_leaf_id=str(leaf) if leaf else None))


def _parent(conversation: Row, parent_id: UUID | Parent | None) -> UUID | None:
    """Return the answer that a question goes under, None for a new root. Raises Invalid."""
    if parent_id is None:
        return None
    if isinstance(parent_id, Parent):
        return submission.under_leaf(conversation)
    parent = messages.find(conversation["id"], parent_id)
    if parent is None:
        raise submission.invalid("parent_id", "There is no such message in this conversation.")
    if parent["role"] != "assistant":
        raise submission.invalid("parent_id", "A question follows an answer, not another question.")
    return parent_id


def _tail(conversation_id: UUID) -> str | None:
    try:
        return token_log().tail(conv_topic(conversation_id))
    except Lost:
        return None


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
