"""A worker as a process: what was asked is answered, through the real token log and the real rows."""

from olamchat.tokenlog.events import Done, Started
from tests.worker.conftest import House, counted
from worker.engines.base import Message
from worker.engines.demo import answer


def test_a_question_is_answered_by_the_demo_engine(house: House) -> None:
    house.start(OLLAMA_URL="", OLAMCHAT_POOLS="demo")
    asked = house.ask("Hello?", pool="demo")
    row = asked.until_told()
    assert row["status"] == "done"
    assert row["content"] == asked.read == answer([Message(role="user", content="Hello?")])
    assert [type(event) for event in asked.events if isinstance(event, Started | Done)] == [Started, Done]
    assert row["usage"]["completion_tokens"] > 50


def test_an_answer_arrives_word_by_word_and_is_kept(house: House) -> None:
    house.script(length=50, rate=100)
    house.start()
    asked = house.ask()
    row = asked.until_told()
    assert (row["status"], row["content"], asked.read) == ("done", counted(50), counted(50))
    assert len(asked.events) > 10
    assert row["timings"]["first_token_ms"] is not None
    assert row["timings"]["reasoning_ms"] is None
    assert [end.length for end in asked.ends] == [len(counted(50))]


def test_an_answer_keeps_how_long_was_thought(house: House) -> None:
    house.script(length=5, rate=100, think=20)
    house.start()
    row = house.ask().until_told()
    assert row["reasoning"]
    assert 0 < row["timings"]["reasoning_ms"] <= row["timings"]["total_ms"]
