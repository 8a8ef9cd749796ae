"""What chats of Open WebUI become, whatever is wrong with them."""

import json
import tracemalloc
from pathlib import Path

import pytest

from local.moving.open_webui import read, text, time
from local.moving.thoughts import divide
from local.moving.tree import Node, straighten

SAMPLES = json.loads((Path(__file__).resolve().parents[2] / "samples/openwebui.json").read_text())


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample["content"][:40] for sample in SAMPLES])
def test_an_answer_is_divided_as_on_the_page(sample: dict[str, object]) -> None:
    divided = divide(str(sample["content"]))

    assert (divided.words, divided.thoughts, divided.tools) == (sample["words"], sample["thoughts"], sample["tools"])


def node(id_: str, parent: str | None, role: str | None, content: str = "x") -> Node:
    return Node(id=id_, parent=parent, role=role, content=content)  # type: ignore[arg-type]


def drawn(nodes: list[Node]) -> list[str]:
    """Draw messages as "parent>role:content"."""
    said = {message.id: message for message in straighten(nodes).messages}
    return [f"{said[m.parent].content if m.parent else ''}>{m.role[0]}:{m.content}" for m in said.values()]


def test_what_one_side_said_in_several_messages_becomes_one() -> None:
    assert drawn([node("1", None, "user", "a"), node("2", "1", "user", "b"), node("3", "2", "assistant", "c")]) == [
        ">u:a\n\nb",
        "a\n\nb>a:c",
    ]


def test_a_message_that_others_follow_stays_beside_the_one_that_goes_on_with_it() -> None:
    nodes = [node("1", None, "user", "a"), node("2", "1", "user", "b"), node("3", "1", "assistant", "c")]

    assert drawn(nodes) == [">u:a", ">u:a\n\nb", "a>a:c"]


def test_a_conversation_that_begins_with_an_answer_gets_a_question() -> None:
    assert drawn([node("1", None, "assistant", "hello")]) == [">u:…", "…>a:hello"]


def test_steps_that_are_not_shown_are_passed_over() -> None:
    assert drawn([node("1", None, "user", "a"), node("2", "1", None), node("3", "2", "assistant", "c")]) == [">u:a", "a>a:c"]


def test_thousands_of_messages_of_one_side_are_one_in_linear_memory() -> None:
    nodes = [node(str(at), str(at - 1) if at else None, "user", "words " * 20) for at in range(30_000)]
    tracemalloc.start()
    messages = straighten(nodes).messages
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [len(message.content) for message in messages] == [30_000 * 120 + 29_999 * 2]
    assert most < 100 << 20


@pytest.mark.parametrize("nodes", [[], [node("1", "1", None)], [node("1", "2", "user"), node("2", "1", "assistant")]])
def test_no_tree_is_no_messages(nodes: list[Node]) -> None:
    assert straighten(nodes).messages == []


@pytest.mark.parametrize(
    "chat",
    [None, "", "{", "[1]", "[" * 100_000, {"history": None}, {"history": {"messages": []}}, {"messages": "x"}, {"messages": [None, 5]}],
)
def test_a_chat_that_is_none_is_told(chat: object) -> None:
    told = read({"id": "1", "title": "T", "chat": chat})

    assert told.conversation is None
    assert told.left[0] in {"has no messages", "can't be read"}


def test_a_chat_of_an_old_version_is_a_plain_list() -> None:
    told = read({"id": "1", "title": "T", "chat": {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}})

    assert told.conversation is not None
    assert [message.content for message in told.conversation.messages] == ["a", "b"]


def test_what_a_chat_has_beside_words_and_thoughts_is_named() -> None:
    said = {"role": "assistant", "content": "So [1].", "sources": [{"source": {}}], "code_executions": [{"id": "x"}]}
    told = read({"id": "1", "title": "T", "chat": {"messages": [{"role": "system", "content": "Be brief."}, said]}})

    assert told.left == ["messages of the role system", "the steps of tools", "the sources of answers"]


def test_texts_and_times_can_be_kept() -> None:
    assert text("a\0b\ud800c") == "ab\ufffdc"
    assert text("😀") == "😀"
    assert [str(time(value))[:10] for value in (1_760_000_000, 1_760_000_000_000, 1_760_000_000_000_000_000)] == ["2025-10-09"] * 3
    assert [time(value) for value in (None, 0, -5, True, "1", float("nan"), float("inf"))] == [None] * 7
