"""Begin a conversation with its first question: one transaction, and one word to everybody of all that it made."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from olamchat.clock import uuid7
from olamchat.db import conversations, questions
from olamchat.db.pipeline import transaction
from olamchat.db.pool import connected
from olamchat.db.rows import Row
from olamchat.errors import Conflict, NotSignedIn
from olamchat.services import files, serialize, submission
from olamchat.services.models import catalogue, selection
from olamchat.services.people import quotas
from olamchat.services.turns import admission, enqueue, preferences
from olamchat.tokenlog import START
from olamchat.tokenlog.events import Followed, Steered


def begin(
    *,
    user_id: UUID,
    text: str,
    title: str | None = None,
    model: str | None = None,
    settings: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    attachments: Sequence[UUID] = (),
    key: str | None = None,
    followed_by: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """Keep a conversation, its first question and an answer to come. Returns {conversation, user_message, answer, stream, log_id}.

    `followed_by` names an open stream of the person and what it is to call the conversation's log: it carries all of it from now on.
    A person's same key again returns the same rows, and no log_id: what happened since then has to be read.
    Raises Invalid, TooManyFiles, CannotSee, UnknownModel, Unavailable, TooMany, QuotaExceeded, Conflict, IdempotencyMismatch.
    """
    content = submission.content(text, empty=bool(attachments))
    digest = submission.digest(content, title, model, settings, options, *attachments)
    conversation_id = _id(user_id, key)
    offers, entries = selection.known() or [], catalogue.fresh()
    with connected(), transaction() as pipeline:
        seen = questions.look(pipeline, conversation_id, key, quotas.asked(user_id), models=entries is None, begins=True)
        if seen.models is not None:
            entries = catalogue.noted(seen.models)
        if seen.conversation is None:
            raise NotSignedIn
        if seen.against["begun"]:
            return _repeated(user_id, conversation_id, key, digest)
        conversation = {
            **seen.conversation,
            "id": conversation_id,
            "title": title,
            "model": model,
            "settings": settings or {},
            "last_pool": None,
        }
        view = preferences.view_of(conversation, entries or {})
        choice = selection.choose(None, preferences.habits_of(conversation), offers, view=view)
        queue = seen.queue(choice.pool)
        admission.refuse_excess({**seen.against, **queue}, conversation)
        told = files.chosen(user_id=user_id, ids=attachments)
        selection.assert_sees(choice, told, offers)
        question = submission.question(None, content, key, digest)
        chosen = preferences.options(conversation, options, view.of(choice.model).options, choice.persona)
        asked, made = enqueue.question(
            pipeline, conversation, question, choice, chosen, ahead=queue["ahead"], keep_model=False, last=not told
        )
        if told:
            asked = enqueue.attach(asked, told)
    made = enqueue.tell(made, asked, also=_steered(conversation_id, followed_by))
    return _begun(made.conversation, asked, made, made.log_id, answering=True)


def _id(user_id: UUID, key: str | None) -> UUID:
    """Name a conversation by its person and the request's key, so that a repeated request meets it without an index of keys."""
    return uuid7() if key is None else uuid5(user_id, key)


def _steered(conversation_id: UUID, followed_by: tuple[str, str] | None) -> list[Steered]:
    if followed_by is None:
        return []
    stream, strand = followed_by
    return [Steered(stream=stream, follow=[Followed(strand=strand, conversation_id=str(conversation_id), after=START)])]


def _repeated(user_id: UUID, conversation_id: UUID, key: str | None, digest: str) -> dict[str, Any]:
    conversation = conversations.find(conversation_id, user_id)
    if conversation is None:
        raise Conflict("The conversation that this message began was deleted.")
    asked, answer = submission.repeated(conversation_id, key, digest)
    return _begun(conversation, asked, answer, None, answering=conversation["answering"])


def _begun(conversation: Row, asked: Row, answer: Row | enqueue.Made, log_id: str | None, *, answering: bool) -> dict[str, Any]:
    return {
        "conversation": serialize.conversation(conversation, answering=answering),
        **submission.sent(asked, answer),
        "log_id": log_id,
    }
