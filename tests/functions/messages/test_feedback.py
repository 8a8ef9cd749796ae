"""Thumbs: kept with the answer, told to the open pages, exported."""

import psycopg
import pytest

from olamchat import environment
from olamchat.tokenlog import conv_topic, token_log
from olamchat.tokenlog.events import MessageAdded, parse
from tests.functions.conftest import Person, finish


def answered(person: Person) -> tuple[str, str, str]:
    conversation = person.conversation()
    sent = person.ask(conversation)
    finish(sent["answer"]["id"])
    return conversation, sent["user_message"]["id"], sent["answer"]["id"]


def rate(person: Person, conversation: str, message: str, thumb: object) -> tuple[int, object]:
    rated = person.call("PUT", f"{conversation}/messages/{message}/feedback", json={"thumb": thumb})
    return rated.status_code, rated.get_json().get("feedback", rated.get_json().get("code"))


def test_a_thumb_is_kept_told_and_exported(ann: Person, offers: None) -> None:
    conversation, _, answer = answered(ann)

    assert rate(ann, conversation, answer, "up") == (200, "up")

    assert ann.get(f"{conversation}/messages").get_json()["items"][1]["feedback"] == "up"
    exported = ann.get(f"{conversation}/export?format=json").get_json()
    assert [message["feedback"] for message in exported["messages"]] == [None, "up"]
    told = [parse(entry.body) for entry in token_log().read(conv_topic(conversation.rpartition("/")[2]))]
    last = told[-1]
    assert isinstance(last, MessageAdded)
    assert (last.message["id"], last.message["feedback"]) == (answer, "up")


def test_a_thumb_can_be_turned_and_taken_back(ann: Person, offers: None) -> None:
    conversation, _, answer = answered(ann)
    rate(ann, conversation, answer, "up")
    assert rate(ann, conversation, answer, "down") == (200, "down")
    assert rate(ann, conversation, answer, None) == (200, None)


@pytest.mark.parametrize("thumb", ["sideways", 1, True])
def test_there_are_two_thumbs(ann: Person, offers: None, thumb: object) -> None:
    conversation, _, answer = answered(ann)
    assert rate(ann, conversation, answer, thumb) == (422, "invalid")


def test_only_a_finished_answer_has_a_thumb(ann: Person, offers: None) -> None:
    conversation, question, _ = answered(ann)
    running = ann.ask(conversation)["answer"]["id"]
    assert rate(ann, conversation, question, "up") == (409, "conflict")
    assert rate(ann, conversation, running, "up") == (409, "conflict")


def test_another_persons_answer_is_not_there(ann: Person, bob: Person, offers: None) -> None:
    conversation, _, answer = answered(ann)
    assert rate(bob, conversation, answer, "up") == (404, "not_found")


def test_the_table_keeps_nothing_else(ann: Person, offers: None) -> None:
    answered(ann)
    with psycopg.connect(environment.environment().database_url) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute("UPDATE messages SET feedback = 'up' WHERE role = 'user'")
