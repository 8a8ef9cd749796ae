"""An answer acts: the model calls, the turn is parked, a step worker asks the server, and the answer goes on where it was."""

import json
from typing import Any
from uuid import UUID

import pytest

from olamchat.services import conversations
from olamchat.tokenlog.events import StepChanged, Waiting
from tests.worker.conftest import counted, until
from tests.worker.steps.conftest import Acts

LOOK = {"name": "look", "arguments": {"about": "the sea"}}
NOTE = {"name": "note", "arguments": {"text": "hello"}}


def open_house(acts: Acts, **given: Any) -> Acts:
    """One worker for answers, one for steps, one server."""
    acts.house.script(tools=True)
    acts.start_steps()
    acts.add_server(**given)
    acts.house.start()
    until(lambda: acts.house.offer("counter"), "the model")
    return acts


def test_a_read_is_done_unasked_and_the_answer_goes_on(acts: Acts) -> None:
    open_house(acts)
    acts.plan([LOOK])

    asked = acts.house.ask()
    row = asked.until_told()

    text = "Let me see." + counted(20)
    assert (row["status"], row["content"], asked.read) == ("done", text, text)
    [step] = acts.steps(asked)
    assert (step["state"], step["tool"], step["effect"], step["at"]) == ("done", "look", "read", 11)
    assert step["result"]["content"] == [{"type": "text", "text": "seen the sea"}]
    assert len(acts.tools.began("look")) == 1
    assert acts.tools.began("look")[0]["key"] == str(step["idempotency_key"])
    told = acts.house.requests()[-1]["messages"]
    assert [message["role"] for message in told] == ["user", "assistant", "tool"]
    assert "seen the sea" in told[2]["content"]


def test_a_search_finds_what_a_tool_was_asked_and_what_it_answered_for_its_person_alone(acts: Acts) -> None:
    open_house(acts)
    acts.plan([LOOK], [{"name": "big", "arguments": {"size": 300_000}}])
    asked = acts.house.ask()
    asked.until_told()

    def found(words: str, user: UUID) -> list[dict[str, Any]]:
        page = json.loads(conversations.page(user_id=user, words=words, limit=5).body or b"")
        return [item for item in page["items"] if item["id"] == str(asked.conversation)]

    for words in ("look", "the sea", "seen", "big"):
        [item] = found(words, asked.user)
        assert item["message_id"] == str(asked.id), words
        assert not found(words, acts.house.user())
    [item] = found("seen", asked.user)
    assert "\x02seen\x03" in item["snippet"]


def test_what_is_told_is_enough_for_a_reader(acts: Acts) -> None:
    open_house(acts)
    acts.plan([LOOK])
    asked = acts.house.ask()
    asked.until_told()
    told = [event.step["state"] for event in asked.events if isinstance(event, StepChanged)]
    assert told == ["granted", "running", "done"]
    assert [event.at for event in asked.events if isinstance(event, Waiting)] == [11]


def test_a_write_waits_for_a_person_and_holds_no_slot(acts: Acts) -> None:
    open_house(acts)
    acts.plan([NOTE])
    asked = acts.house.ask()
    asked.until("waiting")
    assert acts.states(asked) == ["proposed"]
    assert not acts.tools.began("note")
    assert acts.house.run("SELECT state, worker FROM turns") == [("parked", None)]

    step = acts.decide(asked)

    assert step is not None
    assert step["state"] in {"granted", "running", "done"}
    assert asked.until_told()["content"].endswith("w19")
    assert acts.states(asked) == ["done"]
    assert len(acts.tools.began("note")) == 1


def test_the_second_decision_gets_what_the_first_decided(acts: Acts) -> None:
    open_house(acts)
    acts.plan([NOTE])
    asked = acts.house.ask()
    asked.until("waiting")

    acts.decide(asked, decision="refuse", note="Not today.")
    second = acts.decide(asked, decision="grant")

    assert second is not None
    assert (second["state"], second["decision"]) == ("refused", "refuse")
    asked.until_told()
    assert not acts.tools.began("note")
    assert "They say: Not today." in acts.house.requests()[-1]["messages"][2]["content"]


def test_allowed_for_the_conversation_asks_no_second_time(acts: Acts) -> None:
    open_house(acts)
    acts.plan([NOTE], [NOTE])
    asked = acts.house.ask()
    asked.until("waiting")
    acts.decide(asked, decision="grant_for_conversation")
    asked.until_told()
    assert acts.states(asked) == ["done", "done"]


def test_text_from_outside_makes_every_later_write_ask(acts: Acts) -> None:
    open_house(acts, approval="never")
    acts.plan([{"name": "browse", "arguments": {"about": "x"}}], [NOTE])
    asked = acts.house.ask()
    acts.until_states(asked, "done", "proposed")
    framed = acts.house.requests()[-1]["messages"][2]["content"]
    assert framed.count("</tool_result>") == 1
    assert not acts.tools.began("note")


def test_several_calls_run_at_once_and_all_are_waited_for(acts: Acts) -> None:
    open_house(acts)
    calls = [{"name": "look", "arguments": {"about": f"{number}", "seconds": 0.5}} for number in range(4)]
    acts.plan(calls)
    asked = acts.house.ask()
    asked.until_told()
    began, ended = acts.tools.began("look"), [line for line in acts.tools.book.lines() if line["event"] == "ended"]
    assert max(line["at"] for line in began) < min(line["at"] for line in ended)
    told = acts.house.requests()[-1]["messages"]
    assert [message["content"].split("seen ")[1][0] for message in told if message["role"] == "tool"] == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ({"name": "nothing"}, "unknown_tool"),
        ({"name": "look"}, "bad_arguments"),
        ({"name": "look", "arguments": {"about": 3}}, "bad_arguments"),
    ],
)
def test_a_call_that_cannot_be_made_is_told_to_the_model(acts: Acts, call: dict[str, Any], code: str) -> None:
    open_house(acts)
    acts.plan([call])
    asked = acts.house.ask()
    asked.until_told()
    assert [step["error"]["code"] for step in acts.steps(asked)] == [code]
    assert "This call failed" in acts.house.requests()[-1]["messages"][2]["content"]


def test_after_three_mistakes_no_more_is_called(acts: Acts) -> None:
    open_house(acts)
    acts.plan(*[[{"name": "nothing"}]] * 6)
    asked = acts.house.ask()
    asked.until_told()
    assert acts.states(asked) == ["failed"] * 3


@pytest.mark.timeout(300)
def test_no_answer_has_more_steps_than_it_may(acts: Acts) -> None:
    open_house(acts)
    acts.plan(*[[LOOK] * 10] * 4)
    asked = acts.house.ask()
    asked.until_told()
    states = acts.states(asked)
    assert states.count("done") == 25
    assert {step["error"]["code"] for step in acts.steps(asked) if step["state"] == "failed"} == {"too_many_steps"}


def test_a_tool_that_fails_says_so_to_the_model(acts: Acts) -> None:
    open_house(acts)
    acts.plan([{"name": "fail"}])
    asked = acts.house.ask()
    asked.until_told()
    [step] = acts.steps(asked)
    assert (step["state"], step["error"]["code"]) == ("failed", "tool_failed")
    assert "nothing like that" in acts.house.requests()[-1]["messages"][2]["content"]


def test_of_a_large_result_only_so_much_is_kept(acts: Acts) -> None:
    open_house(acts)
    acts.plan([{"name": "big", "arguments": {"size": 1_000_000}}])
    asked = acts.house.ask()
    asked.until_told()
    [step] = acts.steps(asked)
    assert step["result"]["cut"]
    assert len(step["result"]["content"][0]["text"]) <= 256 << 10
    assert "The result goes on" in acts.house.requests()[-1]["messages"][2]["content"]
