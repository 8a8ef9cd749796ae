"""Making a turn: the answer's row, the turn's row, and after the commit the news of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from olamchat.clock import now
from olamchat.db import conversations, files, messages, questions
from olamchat.db.pipeline import Pipeline
from olamchat.db.rows import Row
from olamchat.services import publish
from olamchat.services.models.selection import ChosenModel
from olamchat.services.people import quotas
from olamchat.titles import first_words
from olamchat.tokenlog.events import Event


@dataclass(frozen=True, kw_only=True)
class Made:
    """An answer that waits for its turn; `log_id` is where its conversation's log stood once all was told."""

    conversation: Row
    row: Row
    pool: str
    position: int
    log_id: str | None = None


def question(
    pipeline: Pipeline,
    conversation: Row,
    question: Row,
    choice: ChosenModel,
    options: Mapping[str, Any],
    *,
    ahead: int,
    keep_model: bool,
    last: bool,
) -> tuple[Row, Made]:
    """Keep a question and its answer to come; `keep_model` makes the answer's model the conversation's, `last` commits.

    The first question gives a conversation its first words as the title, until a model has made a better one.
    """
    model = choice.name if keep_model or not conversation["model"] else conversation["model"]
    answer = {"model": choice.model, "pool": choice.pool, "assistant": choice.persona.told() if choice.persona else None}
    turn = {"options": dict(options), **quotas.terms(conversation)}
    first = conversation.get("active_leaf_id") is None
    title = conversation["title"] or (first_words(question["content"]) if first else None)
    changed, asked, row = questions.keep(pipeline, conversation, question, answer, turn, model=model, title=title, last=last)
    return asked, Made(conversation=changed, row=row, pool=choice.pool, position=ahead + 1)


def attach(question: Row, told: Sequence[dict[str, Any]]) -> Row:
    """Give a question its files, as messages tell them; return its row."""
    files.attach(question["id"], told)
    return {**question, "attachments": list(told)}


def answer(conversation: Row, question: Row, choice: ChosenModel, options: Mapping[str, Any], *, person: Row, keep_model: bool) -> Made:
    """Keep an answer to come under its question and make it the leaf that is shown; `keep_model` makes its model the conversation's."""
    [row] = messages.add(
        {
            "conversation_id": conversation["id"],
            "parent_id": question["id"],
            "role": "assistant",
            "status": "queued",
            "model": choice.model,
            "pool": choice.pool,
            "assistant": choice.persona.told() if choice.persona else None,
        }
    )
    model = choice.name if keep_model or not conversation["model"] else conversation["model"]
    return _made(conversation, row, choice, options, person=person, model=model)


def retry(conversation: Row, message: Row, choice: ChosenModel, options: Mapping[str, Any], *, person: Row) -> Made:
    """Let an answer that has ended wait for another turn, its text and its attempts kept."""
    values = {"status": "queued", "pool": choice.pool, "error": None, "usage": None, "timings": None, "finished_at": None}
    row = messages.change(message["id"], values)
    return _made(conversation, row, choice, options, person=person, model=conversation["model"])


def tell(made: Made, *before: Row, also: Sequence[Event] = ()) -> Made:
    """Tell everybody of the turn and of the messages kept before it, and the user's log of what else is given. Call it after the commit."""
    log_id = publish.turn_made(
        user_id=made.conversation["user_id"],
        conversation=made.conversation,
        messages=[*before, made.row],
        pool=made.pool,
        position=made.position,
        also=also,
    )
    return replace(made, log_id=log_id)


def _made(conversation: Row, row: Row, choice: ChosenModel, options: Mapping[str, Any], *, person: Row, model: str | None) -> Made:
    messages.add_turn(
        {
            "id": row["id"],
            "kind": "answer",
            "user_id": conversation["user_id"],
            "conversation_id": conversation["id"],
            "pool": choice.pool,
            "model": choice.model,
            "options": options,
            "attempt": row["attempt"],
            **quotas.terms(person),
        }
    )
    values = {"active_leaf_id": row["id"], "model": model, "updated_at": now()}
    changed = conversations.change(conversation["id"], conversation["user_id"], values)
    assert changed is not None, "the row is locked"
    return Made(conversation=changed, row=row, pool=choice.pool, position=messages.positions([row["id"]])[row["id"]])
