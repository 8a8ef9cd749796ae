"""A conversation that begins with its first question: one request, all or nothing, and the same again under the same key."""

from typing import Any
from uuid import uuid4

import pytest

from olamchat import environment, redis
from olamchat.db.pool import database
from olamchat.tokenlog import START, conv_topic, token_log, user_topic
from olamchat.tokenlog.events import parse
from tests.functions.conftest import People, Person, finish
from tests.functions.messages.test_races import at_once, count, statuses

QUESTION = {"content": "Why is the sky blue?"}
KEY = {"Idempotency-Key": "once"}


def begin(person: Person, headers: dict[str, str] | None = None, **given: Any) -> Any:
    return person.post("/api/conversations", {"question": QUESTION, **given}, headers=headers or {})


def refused(response: Any) -> tuple[int, str]:
    return response.status_code, response.get_json()["code"]


def test_one_request_begins_a_conversation_and_queues_the_answer(ann: Person, offers: None) -> None:
    sent = begin(ann, model="qwen", settings={"temperature": 0.5})

    body = sent.get_json()
    conversation, asked, answer = body["conversation"], body["user_message"], body["answer"]
    assert sent.status_code == 201
    assert (conversation["model"], conversation["answering"], conversation["active_leaf_id"]) == ("qwen", True, answer["id"])
    assert (asked["content"], asked["parent_id"], answer["parent_id"], answer["status"], answer["position"]) == (
        QUESTION["content"], None, asked["id"], "queued", 1,
    )  # fmt: skip
    [(turn, options)] = database.execute_sql("SELECT id::text, options FROM turns").fetchall()
    database.close()
    assert (turn, options) == (answer["id"], {"temperature": 0.5})


def test_what_it_answers_is_what_the_reads_would_say(ann: Person, offers: None) -> None:
    body = begin(ann, title="Blue").get_json()

    path = f"/api/conversations/{body['conversation']['id']}"
    assert ann.get(path).get_json() == body["conversation"]
    page = ann.get(f"{path}/messages").get_json()
    assert page["items"] == [body["user_message"], body["answer"]]
    assert page["log_id"] == body["log_id"]


def test_all_who_watch_are_told_once(ann: Person, offers: None) -> None:
    body = begin(ann).get_json()

    conversation = [parse(entry.body).name for entry in token_log().read(conv_topic(body["conversation"]["id"]), START)]
    person = [parse(entry.body).name for entry in token_log().read(user_topic(ann.id), START)]
    assert conversation == ["message", "message", "queued"]
    assert person == ["answering", "conversation"]


def test_the_same_key_again_is_the_same_conversation(ann: Person, offers: None) -> None:
    first = begin(ann, KEY).get_json()
    finish(first["answer"]["id"])

    again = begin(ann, KEY)

    later = again.get_json()
    assert again.status_code == 201
    assert (later["conversation"]["id"], later["user_message"]) == (first["conversation"]["id"], first["user_message"])
    assert (later["answer"]["id"], later["answer"]["status"], later["log_id"]) == (first["answer"]["id"], "done", None)
    assert (count("conversations"), count("messages")) == (1, 2)


@pytest.mark.parametrize("other", [{"question": {"content": "ho"}}, {"title": "T"}, {"model": "qwen"}, {"settings": {"seed": 1}}])
def test_the_same_key_with_another_beginning_is_refused(ann: Person, offers: None, other: dict[str, Any]) -> None:
    begin(ann, KEY)

    assert refused(begin(ann, KEY, **other)) == (409, "idempotency_mismatch")


def test_a_key_is_one_persons(people: People, offers: None) -> None:
    made = [begin(people(name), KEY) for name in ("ann", "bob")]

    assert [response.status_code for response in made] == [201, 201]
    assert made[0].get_json()["conversation"]["id"] != made[1].get_json()["conversation"]["id"]


@pytest.mark.parametrize("gone", ["", "/messages/{user_message}"])
def test_a_beginning_that_was_deleted_does_not_come_back(ann: Person, offers: None, gone: str) -> None:
    body = begin(ann, KEY).get_json()
    finish(body["answer"]["id"])
    path = f"/api/conversations/{body['conversation']['id']}" + gone.format(user_message=body["user_message"]["id"])
    assert ann.delete(path).status_code == 204

    assert refused(begin(ann, KEY)) == (409, "conflict")


def test_one_beginning_sent_thirty_times_at_once_is_taken_once(ann: Person, offers: None) -> None:
    answers = at_once(30, lambda _: begin(ann, KEY))

    assert statuses(answers) == {201: 30}
    assert len({answer.get_json()["answer"]["id"] for answer in answers}) == 1
    assert (count("conversations"), count("messages"), count("turns")) == (1, 2, 1)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"model": "nobody-has-it"}, "unknown_model"),
        ({"question": {"content": "  "}}, "invalid"),
        ({"question": {"content": "look", "attachments": [str(uuid4())]}}, "invalid"),
        ({"question": {"content": "hi", "parent_id": None}}, "invalid"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(ann: Person, offers: None, given: dict[str, Any], code: str) -> None:
    response = begin(ann, **given)

    assert (response.status_code, response.get_json()["code"]) == (422, code)
    assert (count("conversations"), count("messages"), count("turns")) == (0, 0, 0)


def test_a_file_comes_with_the_first_question(ann: Person, offers: None) -> None:
    kept = ann.call("POST", "/api/files?name=notes.txt", data=b"some notes", headers={"Content-Type": "application/octet-stream"})
    file = kept.get_json()["id"]

    body = begin(ann, question={"content": "", "attachments": [file]}).get_json()

    assert [each["id"] for each in body["user_message"]["attachments"]] == [file]
    page = ann.get(f"/api/conversations/{body['conversation']['id']}/messages").get_json()
    assert page["items"][0] == body["user_message"]


def test_without_redis_the_question_is_kept_all_the_same(ann: Person, offers: None, variables: pytest.MonkeyPatch) -> None:
    begin(ann)  # what the engines offer is known now
    variables.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    environment.environment.cache_clear()
    redis.client.cache_clear()
    token_log.cache_clear()

    sent = begin(ann)

    assert (sent.status_code, sent.get_json()["log_id"]) == (201, None)
    assert count("turns") == 2


def test_the_questions_first_words_are_the_title_at_once(ann: Person, offers: None) -> None:
    begun = begin(ann).get_json()["conversation"]
    other = ann.conversation()
    ann.ask(other, "# Rayleigh,\n  please")

    [later, first] = ann.get("/api/conversations").get_json()["items"]
    assert (begun["title"], first["title"], later["title"]) == ("Why is the sky blue?", "Why is the sky blue?", "Rayleigh, please")
    assert database.execute_sql("SELECT DISTINCT title_by_user FROM conversations").fetchall() == [(False,)]
    database.close()


def test_a_title_that_was_given_stays_and_one_that_was_taken_away_is_not_the_next_questions(ann: Person, offers: None) -> None:
    given = begin(ann, title="Blue").get_json()
    path = f"/api/conversations/{given['conversation']['id']}"
    assert given["conversation"]["title"] == "Blue"
    finish(given["answer"]["id"])
    ann.patch(path, {"title": None})

    ann.post(f"{path}/messages", {"content": "And at night?"})

    assert ann.get(path).get_json()["title"] is None
