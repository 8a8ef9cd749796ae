"""A step's questions to its person: put to them, answered by them, told to every device."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from olamchat.db.acting import questions as statements
from olamchat.db.acting import steps
from olamchat.db.pool import connected
from olamchat.db.rows import Row
from olamchat.errors import QuestionChanged
from olamchat.services.steps import moves, questions
from olamchat.services.steps.moves import Step

Action = Literal["answer", "decline", "cancel"]
_ACTIONS = {"answer": "accept", "decline": "decline", "cancel": "cancel"}


def put_by(step: Step, asked: Mapping[str, Mapping[str, Any]], state: str | None) -> bool:
    """Let a step wait, holding nothing, until its person has answered all that its server asked (form by key); `state` is the server's own.

    False where it is not this attempt's any more. Raises Unshowable, DatabaseLost.
    """
    before = step.row["question"] or {}
    rounds = before.get("rounds", 0) + 1
    if rounds > questions.MOST_ROUNDS:
        raise questions.Unshowable(f"The server asked more than {questions.MOST_ROUNDS} times.")
    questions.assert_keepable(asked.keys(), state)
    waiting = [{"key": key, "ask": questions.ask_of(params)} for key, params in asked.items()]
    question = _next({"later": waiting, "answers": {}, "state": state, "rounds": rounds})
    with connected():
        row = statements.put_by(step.message_id, step.number, step.attempt, question)
    if row is not None:
        moves.tell_asked(step.conversation_id, row)
    return row is not None


def keep_up(step: Step, params: Mapping[str, Any]) -> bool:
    """Show a question of a call that goes on meanwhile. False where it is not this attempt's any more. Raises Unshowable, DatabaseLost."""
    question = _next({"later": [{"key": "only", "ask": questions.ask_of(params)}], "answers": {}})
    with connected():
        row = statements.keep_up(step.message_id, step.number, step.attempt, question)
    if row is not None:
        moves.tell_asked(step.conversation_id, row)
    return row is not None


def answer_to(step: Step) -> Mapping[str, Any] | None:
    """Return the answer to a question that was kept up, None where there is none yet; {} where the step is over. Raises DatabaseLost."""
    with connected():
        question = statements.of(step.message_id, step.number, step.attempt)
    if question is None:
        return {}
    found: Mapping[str, Any] | None = question["answers"].get("only")
    return found


def withdraw(step: Step) -> bool:
    """Take a question of a call that goes on away, since its time is over. False where there is none any more. Raises DatabaseLost."""
    with connected():
        row = statements.withdraw(step.message_id, step.number, step.attempt)
    if row is not None:
        moves.tell_asked(step.conversation_id, row)
    return row is not None


def answer(
    row: Row, *, conversation_id: UUID, attempt: int, revision: int | None, action: Action, content: Mapping[str, Any]
) -> Row | None:
    """Take a person's answer to a step's question, as they saw it in that attempt and `revision`; return the step as it is now.

    What was answered first stands. Raises Invalid where the answer doesn't fit, QuestionChanged where another form is shown by now.
    """
    question = row["question"] or {}
    if "ask" not in question or row["attempt"] != attempt:
        return row
    _assert_seen(row, revision)
    said: dict[str, Any] = {"action": _ACTIONS[action]}
    if action == "answer" and question["ask"]["url"] is None:
        said["content"] = questions.assert_fits(question["ask"], content)
    answered = {**question, "answers": {**question["answers"], question["key"]: said}}
    with connected():
        changed = statements.answer(row["message_id"], row["number"], attempt=attempt, revision=row["revision"], question=_next(answered))
        row = changed or steps.find(row["message_id"], row["number"]) or row
    if changed is None:
        _assert_seen(row, revision)
    else:
        moves.tell_asked(conversation_id, changed)
    return row


def _assert_seen(row: Row, revision: int | None) -> None:
    if revision is not None and row["revision"] != revision and "ask" in (row["question"] or {}):
        raise QuestionChanged


def answers(question: Mapping[str, Any] | None) -> tuple[Mapping[str, Any] | None, str | None]:
    """Return what a call that was put by is made again with: the answers by their keys, and the server's own state."""
    return (question["answers"], question.get("state")) if question and "state" in question else (None, None)


def _next(question: Mapping[str, Any]) -> dict[str, Any]:
    """Put the next form forward, none where all are answered."""
    later: Sequence[Mapping[str, Any]] = question["later"]
    rest = {name: value for name, value in question.items() if name not in {"ask", "key"}}
    return {**rest, **later[0], "later": list(later[1:])} if later else rest
