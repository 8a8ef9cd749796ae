"""What is sent fits the model's context: the oldest goes first, the system prompt and the question never."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from olamchat.tokenlog.events import Started
from tests.worker.conftest import House
from worker.engines.base import ChatRequest, Demands, Message, Options, ToolCall
from worker.prompt.context_window import fit

LONG = "word " * 100


def thread(exchanges: int, *, system: bool = True) -> ChatRequest:
    messages = [Message(role="system", content="Be brief.")] if system else []
    for number in range(exchanges):
        messages += [Message(role="user", content=f"q{number} {LONG}"), Message(role="assistant", content=f"a{number} {LONG}")]
    return ChatRequest(model="m", messages=[*messages, Message(role="user", content="last")])


def words(messages: Sequence[Message]) -> int:
    return sum(len(message.content.split()) for message in messages)


def uncounted(messages: Sequence[Message]) -> None:
    return None


def test_a_thread_that_fits_is_sent_whole_and_never_counted() -> None:
    def count(messages: Sequence[Message]) -> int:
        raise AssertionError

    assert fit(thread(2), 8192, count).left_out == 0
    assert fit(thread(2), None, count).left_out == 0


def test_what_tools_returned_to_the_last_question_stays_with_it() -> None:
    call = ToolCall(id="c", name="f", arguments="{}")
    exchange = [Message(role="assistant", content="", calls=(call,)), Message(role="tool", content="rain " * 50, answers=call)]
    asked = replace(thread(8), messages=[*thread(8).messages, *exchange])

    fitted = fit(asked, 1024, uncounted)

    assert fitted.left_out >= 2
    assert [message.role for message in fitted.request.messages[-3:]] == ["user", "assistant", "tool"]
    assert fitted.request.messages[0].role == "system"


def test_room_is_kept_for_what_tools_say_of_themselves() -> None:
    tools = Demands(tools=[{"type": "function", "function": {"name": "f", "description": LONG * 5}}])

    assert fit(replace(thread(4), demands=tools), 2048, uncounted).left_out > fit(thread(4), 2048, uncounted).left_out


def test_the_oldest_is_left_out_by_the_engines_own_count() -> None:
    fitted = fit(thread(20), 2048, words)
    assert words(fitted.request.messages) <= 2048 - 512
    assert fitted.left_out % 2 == 0
    assert [message.role for message in fitted.request.messages[:2]] == ["system", "user"]
    assert fitted.request.messages[-1].content == "last"
    assert len(fitted.request.messages) + fitted.left_out == 42
    assert words(fitted.request.messages) > 1000  # not more than needed


def test_without_a_count_the_estimate_is_on_the_safe_side() -> None:
    fitted = fit(thread(20), 2048, uncounted)
    assert sum(len(message.content) for message in fitted.request.messages) / 3 <= 2048 - 512


@pytest.mark.parametrize("continues", [False, True])
def test_what_is_needed_always_stays(continues: bool) -> None:
    asked = thread(5)
    messages = [*asked.messages[:-1], Message(role="user", content="long " * 5000)]
    messages += [Message(role="assistant", content="so far")] if continues else []
    fitted = fit(ChatRequest(model="m", messages=messages, continues=continues), 512, words)
    assert [message.role for message in fitted.request.messages] == ["system", "user", *(["assistant"] if continues else [])]
    assert (fitted.left_out, fitted.can_shrink) == (10, False)


def test_room_is_kept_for_the_answer_that_was_asked_for() -> None:
    asked = thread(20)
    wide = ChatRequest(model="m", messages=asked.messages, options=Options(max_tokens=100))
    assert fit(wide, 2048, words).left_out < fit(asked, 2048, words).left_out


def test_what_the_engine_refuses_is_made_shorter() -> None:
    first = fit(thread(20), None, uncounted, refused=1)
    second = fit(thread(20), None, uncounted, refused=2)
    assert 0 < first.left_out < second.left_out
    assert first.can_shrink
    assert not fit(thread(20), None, uncounted, refused=3).can_shrink


def test_what_was_left_out_is_told_and_kept(house: House) -> None:
    house.script(length=5, context_length=64)
    house.start()
    asked = house.ask("Now count.", send=False)
    [(question,)] = house.run("SELECT parent_id FROM messages WHERE id = %s", asked.id)
    add_before(house, asked.conversation, question, ["Once " * 50, "Upon " * 50])
    house.run("UPDATE turns SET not_before = now() WHERE id = %s", asked.id)

    row = asked.until_told()

    assert row["content"] == " w0 w1 w2 w3 w4"
    assert row["timings"]["left_out"] == 2
    assert [event.left_out for event in asked.events if isinstance(event, Started)][-1] == 2
    assert [message["content"] for message in house.requests()[-1]["messages"]] == ["Now count."]


def test_what_the_engine_finds_too_long_is_asked_again_shorter(house: House) -> None:
    house.script(length=5)
    house.script(length=5, too_long=True, times=1)
    house.start()
    asked = house.ask("Now count.", send=False)
    [(question,)] = house.run("SELECT parent_id FROM messages WHERE id = %s", asked.id)
    add_before(house, asked.conversation, question, ["Once " * 50, "Upon " * 50])

    row = asked.until_told()

    assert (row["status"], row["timings"]["left_out"]) == ("done", 2)
    assert [len(request["messages"]) for request in house.requests()] == [3, 1]


def add_before(house: House, conversation: object, question: object, texts: list[str]) -> None:
    """Put an exchange before a question."""
    parent = None
    for role, text in zip(("user", "assistant"), texts, strict=True):
        [(parent,)] = house.run(
            "INSERT INTO messages (id, parent_id, role, content, status, conversation_id, created_at)"
            " VALUES (uuidv7(), %s, %s, %s, 'done', %s, now()) RETURNING id",
            parent, role, text, conversation,
        )  # fmt: skip
    house.run("UPDATE messages SET parent_id = %s WHERE id = %s", parent, question)
