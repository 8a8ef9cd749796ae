"""Making a turn: the answer's row, the turn's row, and after the commit the news of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from olamchat import tracing
from olamchat.clock import now
from olamchat.db import conversations, files, messages, questions
from olamchat.db.people import spending, users
from olamchat.db.pipeline import Trips
from olamchat.db.rows import Row
from olamchat.environment import environment
from olamchat.errors import AnswerInProgress, NotFound, TooMany
from olamchat.services import publish
from olamchat.services.models.catalogue import Catalogue, View
from olamchat.services.models.selection import Choice, Habits
from olamchat.services.people import quotas

_SETTINGS = ("system_prompt", "temperature", "top_p", "max_tokens", "seed", "stop")


@dataclass(frozen=True, kw_only=True)
class Made:
    """An answer that waits for its turn."""

    conversation: Row
    row: Row
    pool: str
    position: int


def lock(conversation_id: UUID, user_id: UUID) -> Row:
    """Return the conversation, for this transaction alone; a person's transactions come one after the other. Raises NotFound."""
    users.lock(user_id)
    conversation = conversations.lock(conversation_id, user_id)
    if conversation is None:
        raise NotFound
    return conversation


def admit(conversation: Row, choice: Choice, person: Row) -> None:
    """Refuse what would be too much; `person` has `user_role` and `user_quota`.

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
        raise TooMany(f"{seen['mine']} answers of yours are being written. Wait for one of them, or stop one.", retry_after_s=5)
    if seen["waiting"] >= environment().max_waiting_per_pool:
        raise TooMany(f"{seen['waiting']} questions wait for this model already. Try again in a while.", retry_after_s=30)
    quotas.refuse_overdrawn(seen, person)


def both(
    trips: Trips, conversation: Row, question: Row, choice: Choice, options: Mapping[str, Any], *, ahead: int, keep_model: bool, last: bool
) -> tuple[Row, Made]:
    """Keep a question and its answer to come; `keep_model` makes the answer's model the conversation's, `last` commits."""
    model = choice.model if keep_model or not conversation["model"] else conversation["model"]
    answer = {"model": choice.model, "pool": choice.pool}
    turn = {"options": dict(options), **quotas.terms(conversation["user_role"])}
    changed, asked, row = questions.keep(trips, conversation, question, answer, turn, model=model, last=last)
    return asked, Made(conversation=changed, row=row, pool=choice.pool, position=ahead + 1)


def attach(question: Row, told: Sequence[dict[str, Any]]) -> Row:
    """Give a question its files, as messages tell them; return its row."""
    files.attach(question["id"], told)
    return {**question, "attachments": list(told)}


def answer(conversation: Row, question: Row, choice: Choice, options: Mapping[str, Any], *, person: Row, keep_model: bool) -> Made:
    """Keep an answer to come under its question and make it the leaf that is shown; `keep_model` makes its model the conversation's."""
    [row] = messages.add(
        {
            "conversation_id": conversation["id"],
            "parent_id": question["id"],
            "role": "assistant",
            "status": "queued",
            "model": choice.model,
            "pool": choice.pool,
        }
    )
    model = choice.model if keep_model or not conversation["model"] else conversation["model"]
    return _made(conversation, row, choice, options, person=person, model=model)


def again(conversation: Row, message: Row, choice: Choice, options: Mapping[str, Any], *, person: Row) -> Made:
    """Let an answer that has ended wait for another turn, its text and its attempts kept."""
    values = {"status": "queued", "pool": choice.pool, "error": None, "usage": None, "timings": None, "finished_at": None}
    row = messages.change(message["id"], values)
    return _made(conversation, row, choice, options, person=person, model=conversation["model"])


def tell(made: Made, *before: Row) -> Made:
    """Tell everybody of the turn and of the messages kept before it. Call it after the commit."""
    publish.turn_made(
        user_id=made.conversation["user_id"],
        conversation=made.conversation,
        messages=[*before, made.row],
        pool=made.pool,
        position=made.position,
    )
    return made


def habits_of(row: Row) -> Habits:
    return Habits(conversation=row["model"], person=row["user_settings"].get("model"), last_pool=row["last_pool"])


def options(row: Row, given: Mapping[str, Any] | None, default: Mapping[str, Any]) -> dict[str, Any]:
    """Return how to answer: what was asked for, else what the conversation says, the person for all of theirs, the administrators of the model.

    What traces the request goes with it.
    """
    merged = {**default, **_said(row["user_settings"]), **_said(row["settings"]), **(given or {})}
    return {name: merged[name] for name in _SETTINGS if merged.get(name) is not None} | tracing.carried()


def view_of(row: Row, entries: Catalogue) -> View:
    """Return the catalogue as a conversation's person sees it."""
    return View(catalogue=entries, user_id=row["user_id"], role=row["user_role"])


def _said(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in settings.items() if value is not None}


def _made(conversation: Row, row: Row, choice: Choice, options: Mapping[str, Any], *, person: Row, model: str | None) -> Made:
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
            **quotas.terms(person["user_role"]),
        }
    )
    values = {"active_leaf_id": row["id"], "model": model, "updated_at": now()}
    changed = conversations.change(conversation["id"], conversation["user_id"], values)
    assert changed is not None, "the row is locked"
    return Made(conversation=changed, row=row, pool=choice.pool, position=messages.positions([row["id"]])[row["id"]])
