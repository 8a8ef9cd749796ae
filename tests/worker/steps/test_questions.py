"""A server asks in the middle of a call: the person answers a form, days later if need be, and the call goes on with that."""

import signal
from typing import Any

import pytest

from olamchat.db.acting import steps as statements
from olamchat.db.pool import connected
from olamchat.errors import Invalid, QuestionChanged
from olamchat.services.steps import asking, shape
from olamchat.tokenlog.events import StepChanged, Waiting
from tests.tool_server.npm import serving_everything
from tests.worker.conftest import Asked, until
from tests.worker.steps.conftest import Acts
from tests.worker.steps.test_steps import open_house

pytestmark = pytest.mark.timeout(240)
BOOK = {"name": "book_table", "arguments": {"day": "Monday"}}
FITS: dict[str, Any] = {"guests": 4, "where": "outside", "name": "Ada"}


def answer(asked: Asked, action: Any = "answer", *, revision: int | None = None, **content: Any) -> dict[str, Any]:
    with connected():
        row = statements.find(asked.id, 1)
    assert row is not None
    said = asking.answer(row, conversation_id=asked.conversation, attempt=1, revision=revision, action=action, content=content)
    assert said is not None
    return shape.brief(said)


def text(acts: Acts, asked: Asked) -> str:
    return str(acts.steps(asked)[0]["result"]["content"][0]["text"])


def until_asked(acts: Acts, asked: Asked) -> dict[str, Any]:
    until(lambda: acts.steps(asked) and "ask" in (acts.steps(asked)[0]["question"] or {}), "the question")
    found = shape.brief(acts.steps(asked)[0])["question"]
    assert isinstance(found, dict)
    return found


def test_a_form_waits_with_nothing_held_and_outlives_the_worker(acts: Acts) -> None:
    doomed = open_house(acts, approval="never").house.workers[0]
    acts.plan([BOOK])
    asked = acts.house.ask()
    question = until_asked(acts, asked)

    assert acts.states(asked) == ["proposed"]
    assert question["message"] == "For how many is the table?"
    assert [(field["name"], field["kind"], field["required"]) for field in question["fields"]] == [
        ("guests", "integer", True), ("where", "choice", False), ("name", "text", True),
    ]  # fmt: skip
    assert acts.house.run("SELECT count(*) AS n FROM turns WHERE worker IS NOT NULL")[0][0] == 0
    doomed.send(signal.SIGKILL)
    acts.start_steps()
    assert answer(asked, **FITS)["state"] == "granted"
    asked.until_told()

    assert acts.states(asked) == ["done"]
    assert text(acts, asked) == "4 outside for Ada on Monday"
    assert len(acts.tools.began("book_table")) == 1
    told = [event.step["question"] is not None for event in asked.events if isinstance(event, StepChanged)]
    assert True in told
    assert not told[-1]


def test_a_question_whose_worker_died_before_it_told_of_it_is_told(acts: Acts) -> None:
    open_house(acts, approval="never")
    acts.plan([BOOK])
    asked = acts.house.ask()
    until_asked(acts, asked)
    untold = "SELECT 1 FROM steps WHERE told < revision"
    until(lambda: not acts.house.run(untold), "the telling of the question")

    [(revision,)] = acts.house.run("UPDATE steps SET revision = revision + 1 RETURNING revision")

    def told() -> list[int]:
        return [event.step["revision"] for event in asked.events if isinstance(event, StepChanged) and event.step["question"]]

    until(lambda: revision in told(), "the sweeper")
    until(lambda: not acts.house.run(untold), "the note that it was told")
    assert told().count(revision) == 1
    assert isinstance([event for event in asked.events if not isinstance(event, StepChanged)][-1], Waiting)


def test_an_answer_that_does_not_fit_is_refused_and_the_form_stays(acts: Acts) -> None:
    open_house(acts, approval="never")
    acts.plan([BOOK])
    asked = acts.house.ask()
    until_asked(acts, asked)

    for wrong in ({**FITS, "guests": 13}, {**FITS, "guests": 1.5}, {**FITS, "where": "on the roof"}, {**FITS, "name": "A"}, {"guests": 4}):
        with pytest.raises(Invalid):
            answer(asked, **wrong)

    assert acts.decide(asked, attempt=1)["state"] == "proposed", "a form is not allowed, it is answered"  # type: ignore[index]
    assert acts.tools.began("book_table") == []


@pytest.mark.parametrize("action", ["decline", "cancel"])
def test_a_person_need_not_answer_and_the_first_word_stands(acts: Acts, action: str) -> None:
    open_house(acts, approval="never")
    acts.plan([BOOK])
    asked = acts.house.ask()
    until_asked(acts, asked)

    answer(asked, action)
    answer(asked, **FITS)  # another device, a moment later
    asked.until_told()

    assert text(acts, asked) == f"no table: {action}"


def test_an_answer_to_a_form_that_has_given_way_to_another_is_refused(acts: Acts) -> None:
    open_house(acts, approval="never")
    acts.plan([{"name": "dine"}])
    asked = acts.house.ask()
    until_asked(acts, asked)
    seen = acts.steps(asked)[0]["revision"]
    answers = {"table": FITS, "wine": {"wine": "red"}}
    first, second = ("table", "wine") if "table" in until_asked(acts, asked)["message"] else ("wine", "table")

    shown = answer(asked, revision=seen, **answers[first])
    with pytest.raises(QuestionChanged):  # another device, which still shows the first form
        answer(asked, "decline", revision=seen)
    assert shape.brief(acts.steps(asked)[0])["question"] == shown["question"], "the second form still waits"
    answer(asked, revision=shown["revision"], **answers[second])
    assert answer(asked, "decline", revision=seen)["question"] is None, "what was answered first stands"
    asked.until_told()

    assert text(acts, asked) == "accept accept"


def test_a_question_whose_time_is_over_goes_while_its_call_goes_on(acts: Acts) -> None:
    with serving_everything() as url:
        acts.tools.url = url
        acts.start_steps(OLAMCHAT_TOOL_QUESTION_S="1")
        acts.add_server("everything", approval="never")
        acts.house.start()
        until(lambda: acts.house.offer("counter"), "the model")
        acts.plan([{"server": "everything", "name": "trigger-elicitation-request"}])
        asked = acts.house.ask()
        until_asked(acts, asked)
        asked.until_told()

    told = [(event.step["state"], event.step["question"] is not None) for event in asked.events if isinstance(event, StepChanged)]
    assert told[-3:] == [("running", True), ("running", False), ("done", False)]
    assert "cancel" in text(acts, asked).lower() + str(acts.steps(asked)[0]["result"]).lower()


def test_a_server_of_an_earlier_protocol_keeps_its_call_open_for_the_answer(acts: Acts) -> None:
    call = {"server": "everything", "name": "trigger-elicitation-request"}
    with serving_everything() as url:
        acts.tools.url = url
        acts.start_steps(OLAMCHAT_TOOL_CALL_S="3")
        acts.add_server("everything", approval="never")
        acts.house.start()
        until(lambda: acts.house.offer("counter"), "the model")
        acts.plan([call])
        asked = acts.house.ask()

        question = until_asked(acts, asked)
        kinds = {field["name"]: field["kind"] for field in question["fields"]}
        assert kinds["titledMultipleSelectEnum"] == "several"
        assert acts.states(asked) == ["running"]
        late = "SELECT 1 FROM steps WHERE now() - started_at > interval '4 s'"
        until(lambda: acts.house.run(late), "more than a call's time")
        answer(asked, name="Ada", check=True, integer=7)
        asked.until_told()

        assert acts.states(asked) == ["done"]
        assert "Ada" in text(acts, asked) + str(acts.steps(asked)[0]["result"])
