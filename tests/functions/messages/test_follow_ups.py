"""What is said while an answer is written: it waits, and is asked once, in its order, when the answer has ended."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from olamchat import roster
from olamchat.db import follow_ups as rows
from olamchat.db.pool import database
from olamchat.roster import Offer
from olamchat.services import files, follow_ups
from olamchat.services.turns import lifecycle
from olamchat.services.turns.lifecycle import Ending
from olamchat.tokenlog import conv_topic, token_log
from olamchat.tokenlog.events import FollowUpsChanged, parse
from olamchat.tokenlog.replay import Text
from tests.functions.conftest import Person


def wait(person: Person, conversation: str, content: str = "And then?", **given: Any) -> dict[str, Any]:
    kept = person.post(f"{conversation}/messages/follow-ups", {"content": content, **given})
    assert kept.status_code == 202, kept.text
    body: dict[str, Any] = kept.get_json()
    return body


def waiting(person: Person, conversation: str) -> list[tuple[str, str]]:
    items = person.get(f"{conversation}/messages/follow-ups").get_json()["items"]
    return [(item["content"], item["state"]) for item in items]


def said(person: Person, conversation: str) -> list[str]:
    items = person.get(f"{conversation}/messages").get_json()["items"]
    return [item["content"] for item in items if item["role"] == "user"]


def end(status: str = "done") -> None:
    """Write the next answer to its end as a worker does that dies before it looks for what follows."""
    turn = lifecycle.take(worker="w1", pools=["ollama", "vllm"])
    assert turn is not None
    ending = Ending(status=status, text=Text("Because."), error={"code": "x", "title": "x"} if status == "failed" else None)  # type: ignore[arg-type]
    closed = lifecycle.close(turn_id=turn.id, attempt=turn.attempt, ending=ending)
    assert closed is not None
    database.execute_sql("DELETE FROM turns WHERE id = %s OR kind = 'title'", [turn.id])
    database.close()


def asking(ann: Person) -> str:
    conversation = ann.conversation()
    ann.ask(conversation, "first")
    return conversation


@pytest.mark.parametrize("status", ["done", "failed"])
def test_what_waits_is_asked_in_its_order_when_the_answer_has_ended(ann: Person, offers: None, status: str) -> None:
    conversation = asking(ann)
    for words in ("second", "third"):
        wait(ann, conversation, words)
    assert waiting(ann, conversation) == [("second", "waiting"), ("third", "waiting")]
    assert ann.get(f"{conversation}/messages").get_json()["follow_ups"] == 2

    end(status)
    assert follow_ups.sweep() == 1
    assert (said(ann, conversation), waiting(ann, conversation)) == (["first", "second"], [("third", "waiting")])
    assert follow_ups.sweep() == 0, "one answer at a time"
    end()
    assert follow_ups.sweep() == 1

    rows = ann.get(f"{conversation}/messages").get_json()["items"]
    assert [row["parent_id"] for row in rows] == [None, *(row["id"] for row in rows[:-1])], "each under the answer before it"


def test_an_answer_that_is_stopped_leaves_what_waits_to_its_person(ann: Person, offers: None) -> None:
    conversation = asking(ann)
    second, third = (wait(ann, conversation, words) for words in ("second", "third"))
    answer = ann.get(f"{conversation}/messages").get_json()["items"][-1]["id"]

    ann.post(f"{conversation}/messages/{answer}/stop")

    assert follow_ups.sweep() == 0
    assert waiting(ann, conversation) == [("second", "held"), ("third", "held")]
    assert ann.post(f"{conversation}/messages/follow-ups/{third['id']}/now").status_code == 204
    assert (said(ann, conversation), waiting(ann, conversation)) == (["first", "third"], [("second", "waiting")])
    assert ann.delete(f"{conversation}/messages/follow-ups/{second['id']}").get_json()["content"] == "second"


def test_steering_stops_the_answer_and_keeps_both_texts(ann: Person, offers: None) -> None:
    conversation = asking(ann)
    wait(ann, conversation, "later")

    steered = wait(ann, conversation, "rather this", steer=True)

    rows = ann.get(f"{conversation}/messages").get_json()["items"]
    assert steered["state"] == "asked"
    assert steered["message_id"] == rows[2]["id"]
    assert [(row["content"], row["status"]) for row in rows] == [
        ("first", "done"),
        ("", "stopped"),
        ("rather this", "done"),
        ("", "queued"),
    ]
    end()
    assert follow_ups.sweep() == 1
    assert said(ann, conversation) == ["first", "rather this", "later"]


def test_one_that_comes_when_nothing_is_written_is_asked_at_once(ann: Person, offers: None) -> None:
    conversation = ann.conversation()

    kept = wait(ann, conversation, "hello")

    assert kept["state"] == "asked"
    assert said(ann, conversation) == ["hello"]


def test_one_that_comes_between_an_end_and_the_next_does_not_overtake(ann: Person, offers: None) -> None:
    conversation = asking(ann)
    wait(ann, conversation, "second")
    end()

    wait(ann, conversation, "third")

    assert (said(ann, conversation), waiting(ann, conversation)) == (["first", "second"], [("third", "waiting")])


@pytest.mark.parametrize("then", ["waits", "asked", "dropped"])
def test_the_same_key_again_is_the_same_message(ann: Person, offers: None, then: str) -> None:
    conversation = asking(ann)
    path, key = f"{conversation}/messages/follow-ups", {"Idempotency-Key": "once"}
    first = ann.post(path, {"content": "second"}, headers=key).get_json()
    if then == "asked":
        end()
        follow_ups.sweep()
    if then == "dropped":
        ann.delete(f"{path}/{first['id']}")

    again = ann.post(path, {"content": "second"}, headers=key)
    other = ann.post(path, {"content": "other"}, headers=key)

    assert (again.status_code, other.status_code) == (409 if then == "dropped" else 202, 409)
    assert other.get_json()["code"] == "idempotency_mismatch"
    assert [*said(ann, conversation), *waiting(ann, conversation)].count("second") + len(waiting(ann, conversation)) == (then != "dropped")


def test_however_many_look_for_what_follows_it_is_asked_once(ann: Person, offers: None) -> None:
    conversation = asking(ann)
    wait(ann, conversation, "second")
    end()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: follow_ups.ask_next(UUID(conversation.rpartition("/")[2])), range(8)))

    assert said(ann, conversation) == ["first", "second"]
    assert database.execute_sql("SELECT count(*) FROM turns").fetchone() == (1,)
    database.close()


def test_a_transaction_that_breaks_off_leaves_it_waiting_and_keeps_no_other_from_its_turn(
    ann: Person, bob: Person, offers: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    conversation, others = asking(ann), asking(bob)
    wait(ann, conversation, "second")
    wait(bob, others, "other")
    end()
    end()
    follow = rows.follow

    def die_for_ann(conversation_id: UUID, answer_id: UUID) -> None:
        if str(conversation_id) in conversation:
            raise RuntimeError("the pod is gone")
        follow(conversation_id, answer_id)

    with monkeypatch.context() as patch:
        patch.setattr(rows, "follow", die_for_ann)
        assert follow_ups.sweep() == 1

    assert "could not be asked" in caplog.text
    assert (said(ann, conversation), waiting(ann, conversation)) == (["first"], [("second", "waiting")])
    assert said(bob, others) == ["first", "other"]
    assert follow_ups.sweep() == 1
    assert said(ann, conversation) == ["first", "second"]


def test_ten_may_wait(ann: Person, offers: None) -> None:
    conversation = asking(ann)
    for number in range(10):
        wait(ann, conversation, str(number))

    refused = ann.post(f"{conversation}/messages/follow-ups", {"content": "one more"})

    assert (refused.status_code, refused.get_json()["code"]) == (429, "too_many")


def test_what_was_chosen_goes_with_it(ann: Person, offers: None) -> None:
    conversation = asking(ann)
    ann.patch(conversation, {"model": "qwen", "settings": {"temperature": 0.5, "tools": ["notes"]}})
    wait(ann, conversation, "second")
    ann.patch(conversation, {"model": "llama", "settings": {"temperature": 1.5}})
    end()

    follow_ups.sweep()

    found = database.execute_sql("SELECT model, options FROM turns").fetchall()
    database.close()
    assert found == [("qwen", {"temperature": 0.5, "tools": ["notes"]})]
    assert ann.get(conversation).get_json()["settings"] == {"temperature": 1.5}, "the conversation keeps its own"


def test_its_files_stay_and_go_with_it(ann: Person, offers: None) -> None:
    conversation = asking(ann)
    file = ann.post("/api/files", data=b"some words", query_string={"name": "a.txt"}).get_json()["id"]
    wait(ann, conversation, "", attachments=[file])
    database.execute_sql("UPDATE files SET created_at = created_at - interval '2 days'")
    database.close()

    assert (files.sweep(), ann.delete(f"/api/files/{file}").status_code) == (0, 409)
    end()
    follow_ups.sweep()

    rows = ann.get(f"{conversation}/messages").get_json()["items"]
    assert [each["id"] for each in rows[2]["attachments"]] == [file]


def test_one_that_cannot_be_asked_says_why_and_waits(ann: Person, offers: None) -> None:
    conversation = asking(ann)
    kept = wait(ann, conversation, "second", model="qwen")
    wait(ann, conversation, "third")
    roster.announce("w1", [Offer(model="llama", pool="ollama", engine="ollama")], capacity=4, running=0)
    roster._last_known = []
    end()

    assert follow_ups.sweep() == 0

    [first, _] = ann.get(f"{conversation}/messages/follow-ups").get_json()["items"]
    assert (first["state"], first["error"]["code"]) == ("refused", "unknown_model")
    ann.delete(f"{conversation}/messages/follow-ups/{kept['id']}")
    assert follow_ups.sweep() == 1
    assert said(ann, conversation) == ["first", "third"]


def test_a_deleted_conversation_asks_nothing_more(ann: Person, offers: None) -> None:
    conversation = asking(ann)
    wait(ann, conversation, "second")

    ann.delete(conversation)

    assert follow_ups.sweep() == 0


def test_readers_are_told_of_each_change(ann: Person, offers: None) -> None:
    conversation = asking(ann)
    kept = wait(ann, conversation, "second")
    ann.delete(f"{conversation}/messages/follow-ups/{kept['id']}")

    told = [parse(entry.body) for entry in token_log().read(conv_topic(conversation.rpartition("/")[2]))]
    assert [event.gone for event in told if isinstance(event, FollowUpsChanged)] == [None, kept["id"]]


def test_nobody_else_reaches_it(ann: Person, bob: Person, offers: None, app: Flask) -> None:
    conversation = asking(ann)
    path = f"{conversation}/messages/follow-ups"
    kept = wait(ann, conversation, "the secret")

    refused = [
        bob.get(path),
        bob.post(path, {"content": "mine"}),
        bob.delete(f"{path}/{kept['id']}"),
        bob.post(f"{path}/{kept['id']}/now"),
    ]

    assert [response.status_code for response in refused] == [404] * 4
    assert waiting(ann, conversation) == [("the secret", "waiting")]
