"""Completions as rows and logs, without HTTP and without a worker."""

from uuid import UUID

import pytest

from olamchat.db.pool import database
from olamchat.services import completions
from olamchat.services.completions import Passed, Piece
from olamchat.services.turns import lifecycle
from olamchat.tokenlog.replay import Draft
from tests.functions.conftest import Person
from worker.engines.base import Message
from worker.prompt import completion


def test_a_completion_is_taken_with_the_messages_it_came_with(ann: Person, offers: None) -> None:
    form = {"response_format": {"type": "json_schema", "json_schema": {"name": "z", "schema": {"zz": 1, "a": 2}}}}
    hi = [{"role": "user", "content": "hi"}]
    begun = completions.begin(user_id=UUID(ann.id), model="llama", messages=hi, options={"seed": 1}, demands=form)

    taken = lifecycle.take(worker="w", pools=["ollama"])

    assert taken is not None
    assert (taken.id, taken.kind, taken.conversation_id, taken.options) == (begun.id, "completion", None, {"seed": 1})
    assert taken.request is not None
    assert completion.messages(taken.request) == [Message(role="user", content="hi")]
    assert str(completion.demands(taken.request).response_format) == str(form["response_format"]), "members keep their order"
    assert taken.topic == f"turn:{{{begun.id}}}"
    completions.stop(begun.id)
    assert lifecycle.held({taken.id: taken.attempt}) == {taken.id: True}
    database.close()


def test_one_that_waits_is_gone_when_nobody_wants_it(ann: Person, offers: None) -> None:
    begun = completions.begin(user_id=UUID(ann.id), model="llama", messages=[{"role": "user", "content": "hi"}], options={})

    completions.stop(begun.id)

    assert lifecycle.take(worker="w", pools=["ollama"]) is None
    database.close()


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([(0, "ab"), (2, "cd")], ["ab", "cd"]),
        ([(0, "abcd"), (0, "ab"), (2, "cdef")], ["abcd", "", "ef"]),
        ([(0, "abc"), (0, "abx"), (0, "abcdef")], ["abc", None, "def"]),
        ([(0, "abcd"), (2, "cd"), (4, "e")], ["abcd", "", "e"]),
        ([(0, "abcd"), (0, "x")], ["abcd", None]),
        ([(0, "abcd"), (2, "cx")], ["abcd", None]),
    ],
)
def test_what_a_client_was_told_is_never_contradicted(steps: list[tuple[int, str]], told: list[str | None]) -> None:
    draft, passed, heard = Draft(), Passed(), []
    for at, piece in steps:
        draft.put(at, piece)
        heard.append(passed.news(draft))

    assert heard == told
    assert Piece() == Piece(text="")


def test_who_takes_it_whole_was_told_nothing_that_could_be_contradicted() -> None:
    draft, passed = Draft(), Passed(whole=True)
    for at, piece in [(0, "abcd"), (0, "x"), (1, "yz")]:
        draft.put(at, piece)
        assert passed.news(draft) == ""

    assert draft.whole() == "xyz"
