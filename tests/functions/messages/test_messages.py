"""The tree of messages: ask, edit, answer again, go on, stop, delete, read page by page."""

from typing import Any

import pytest

from olamchat import environment, jobs
from olamchat.db.pool import database
from olamchat.tokenlog import conv_topic, token_log
from olamchat.tokenlog.events import MessageAdded, MessageDeleted, parse
from tests.functions.conftest import Person, finish


def turns() -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = database.execute_sql(
        "SELECT id::text, state, model, pool, options FROM turns ORDER BY created_at"
    ).fetchall()
    database.close()
    return found


def error(response: Any) -> tuple[int, str]:
    return response.status_code, response.get_json()["code"]


def listed(person: Person, conversation: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = person.get(f"{conversation}/messages").get_json()["items"]
    return items


def test_the_same_key_again_is_the_same_message(ann: Person, offers: None) -> None:
    messages = f"{ann.conversation()}/messages"
    key = {"Idempotency-Key": "once"}
    first = ann.post(messages, {"content": "hi"}, headers=key)

    again = ann.post(messages, {"content": "hi"}, headers=key)
    finish(first.get_json()["answer"]["id"])
    later = ann.post(messages, {"content": "hi"}, headers=key)

    assert (first.status_code, again.status_code, later.status_code) == (202, 202, 202)
    assert again.get_json()["user_message"] == later.get_json()["user_message"] == first.get_json()["user_message"]
    assert again.get_json()["answer"]["id"] == first.get_json()["answer"]["id"]
    assert later.get_json()["answer"]["status"] == "done"
    assert turns() == []


@pytest.mark.parametrize("other", [{"content": "ho"}, {"content": "hi", "model": "qwen"}, {"content": "hi", "parent_id": None}])
def test_the_same_key_with_another_message_is_refused(ann: Person, offers: None, other: dict[str, Any]) -> None:
    messages = f"{ann.conversation()}/messages"
    ann.post(messages, {"content": "hi"}, headers={"Idempotency-Key": "once"})

    assert error(ann.post(messages, other, headers={"Idempotency-Key": "once"})) == (409, "idempotency_mismatch")


def test_a_key_belongs_to_its_conversation(ann: Person, offers: None) -> None:
    sent = [ann.post(f"{ann.conversation()}/messages", {"content": "hi"}, headers={"Idempotency-Key": "once"}) for _ in range(2)]

    assert [response.status_code for response in sent] == [202, 202]


def test_a_second_question_waits_until_the_answer_is_there(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    running = ann.ask(conversation)["answer"]["id"]

    refused = ann.post(f"{conversation}/messages", {"content": "And?"})

    assert error(refused) == (409, "answer_in_progress")
    assert refused.get_json()["message_id"] == running


def test_questions_and_answers_follow_each_other(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    first = ann.ask(conversation, "one")
    finish(first["answer"]["id"])
    second = ann.ask(conversation, "two")

    assert second["user_message"]["parent_id"] == first["answer"]["id"]
    assert second["answer"]["parent_id"] == second["user_message"]["id"]
    assert [message["content"] for message in listed(ann, conversation)] == ["one", "Because of Rayleigh.", "two", ""]
    assert ann.get(conversation).get_json()["active_leaf_id"] == second["answer"]["id"]


def test_an_edited_question_is_a_sibling(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    first = ann.ask(conversation, "one")
    finish(first["answer"]["id"])

    edited = ann.ask(conversation, "one, but better", parent_id=first["user_message"]["parent_id"])

    assert edited["user_message"]["parent_id"] is None
    assert ann.get(conversation).get_json()["active_leaf_id"] == edited["answer"]["id"]
    assert len(listed(ann, conversation)) == 4


def test_a_question_follows_an_answer_of_its_own_conversation(ann: Person, offers: None) -> None:
    conversation, elsewhere = ann.conversation(), ann.conversation()
    foreign = ann.ask(elsewhere)["answer"]["id"]
    asked = ann.ask(conversation)
    finish(asked["answer"]["id"])

    for parent in (foreign, asked["user_message"]["id"]):
        refused = ann.post(f"{conversation}/messages", {"content": "hm", "parent_id": parent})
        assert error(refused) == (422, "invalid")
        assert refused.get_json()["errors"][0]["field"] == "parent_id"


def test_regenerating_adds_an_answer_beside_the_other(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    asked = ann.ask(conversation)
    finish(asked["answer"]["id"])

    again = ann.post(f"{conversation}/messages/{asked['answer']['id']}/regenerate", {"model": "qwen"})

    answer = again.get_json()["answer"]
    assert again.status_code == 202
    assert (answer["parent_id"], answer["model"], answer["status"]) == (asked["user_message"]["id"], "qwen", "queued")
    assert answer["id"] != asked["answer"]["id"]
    shown = ann.get(conversation).get_json()
    assert (shown["active_leaf_id"], shown["model"]) == (answer["id"], "llama")
    assert turns()[0][:4] == (answer["id"], "queued", "qwen", "vllm")


def test_regenerating_from_a_question_answers_it(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    asked = ann.ask(conversation)
    finish(asked["answer"]["id"])

    again = ann.post(f"{conversation}/messages/{asked['user_message']['id']}/regenerate")

    assert again.get_json()["answer"]["parent_id"] == asked["user_message"]["id"]


def test_regenerating_while_an_answer_is_written_is_refused(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    answer = ann.ask(conversation)["answer"]["id"]

    for verb in ("regenerate", "continue"):
        assert error(ann.post(f"{conversation}/messages/{answer}/{verb}")) == (409, "answer_in_progress")


@pytest.mark.parametrize("status", ["failed", "stopped"])
def test_an_answer_that_broke_off_goes_on_in_its_own_row(ann: Person, offers: None, status: str) -> None:
    conversation = ann.conversation()
    answer = ann.ask(conversation, model="qwen")["answer"]["id"]
    finish(answer, "Because", status)

    going_on = ann.post(f"{conversation}/messages/{answer}/continue")

    assert going_on.status_code == 202
    row = going_on.get_json()["answer"]
    assert (row["id"], row["status"], row["content"], row["error"], row["finished_at"]) == (answer, "queued", "Because", None, None)
    assert turns()[0][:4] == (answer, "queued", "qwen", "vllm")


def test_what_did_not_break_off_does_not_go_on(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    asked = ann.ask(conversation)
    finish(asked["answer"]["id"])

    for message in (asked["answer"]["id"], asked["user_message"]["id"]):
        assert error(ann.post(f"{conversation}/messages/{message}/continue")) == (409, "conflict")


def test_a_waiting_answer_is_stopped_at_once(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    answer = ann.ask(conversation)["answer"]["id"]

    stopped = ann.post(f"{conversation}/messages/{answer}/stop")
    again = ann.post(f"{conversation}/messages/{answer}/stop")

    assert (stopped.status_code, stopped.get_json()["status"], stopped.get_json()["position"]) == (200, "stopped", None)
    assert again.get_json() == stopped.get_json()
    assert turns() == []
    assert jobs.load("ollama") == 0
    told = [parse(entry.body).name for entry in token_log().read(conv_topic(conversation.rpartition("/")[2]))]
    assert told[-1] == "stopped"


def test_an_answer_that_is_written_is_wished_to_stop(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    answer = ann.ask(conversation)["answer"]["id"]
    database.execute_sql("UPDATE turns SET state = 'running'")
    database.execute_sql("UPDATE messages SET status = 'running' WHERE id = %s", [answer])

    assert ann.post(f"{conversation}/messages/{answer}/stop").get_json()["status"] == "running"
    assert database.execute_sql("SELECT stop_at IS NOT NULL FROM turns").fetchone() == (True,)
    database.close()


def test_stopping_a_question_changes_nothing(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    question = ann.ask(conversation)["user_message"]

    assert ann.post(f"{conversation}/messages/{question['id']}/stop").get_json() == question


def test_a_deleted_question_takes_its_branch_along(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    first = ann.ask(conversation, "one")
    finish(first["answer"]["id"])
    second = ann.ask(conversation, "two")

    refused = ann.delete(f"{conversation}/messages/{first['user_message']['id']}")
    assert error(refused) == (409, "answer_in_progress")
    assert refused.get_json()["message_id"] == second["answer"]["id"]

    finish(second["answer"]["id"])
    assert ann.delete(f"{conversation}/messages/{second['user_message']['id']}").status_code == 204
    assert [message["content"] for message in listed(ann, conversation)] == ["one", "Because of Rayleigh."]
    assert ann.get(conversation).get_json()["active_leaf_id"] == first["answer"]["id"]


def test_after_a_deletion_the_newest_branch_beside_it_is_shown(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    first = ann.ask(conversation, "one")
    finish(first["answer"]["id"])
    follow = ann.ask(conversation, "two")
    finish(follow["answer"]["id"])
    edited = ann.ask(conversation, "uno", parent_id=None)
    finish(edited["answer"]["id"])

    ann.delete(f"{conversation}/messages/{edited['user_message']['id']}")

    assert ann.get(conversation).get_json()["active_leaf_id"] == follow["answer"]["id"]
    told = [parse(entry.body) for entry in token_log().read(conv_topic(conversation.rpartition("/")[2]))]
    assert told[-1] == MessageDeleted(message_id=edited["user_message"]["id"], active_leaf_id=follow["answer"]["id"])


def test_a_question_whose_answer_was_deleted_can_be_asked_anew(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    sent = ann.post(f"{conversation}/messages", {"content": "one"}, headers={"Idempotency-Key": "k"}).get_json()
    finish(sent["answer"]["id"])
    ann.delete(f"{conversation}/messages/{sent['answer']['id']}")

    repeated = ann.post(f"{conversation}/messages", {"content": "one"}, headers={"Idempotency-Key": "k"})
    other = ann.ask(conversation, "two")

    assert error(repeated) == (409, "conflict")
    assert other["user_message"]["parent_id"] is None


def test_pages_lead_from_the_newest_to_the_oldest_without_gap_or_double(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    for number in range(5):
        finish(ann.ask(conversation, f"question {number}")["answer"]["id"], f"answer {number}")

    pages: list[list[str]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = ann.get(f"{conversation}/messages?limit=3{cursor and f'&cursor={cursor}'}").get_json()
        pages.append([message["content"] for message in page["items"]])
        cursor = page["next_cursor"]

    assert [len(page) for page in pages] == [3, 3, 3, 1]
    assert [content for page in reversed(pages) for content in page] == [
        f"{kind} {number}" for number in range(5) for kind in ("question", "answer")
    ]


def test_a_page_tells_the_end_of_the_log_it_was_read_at(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    ann.ask(conversation)

    log_id = ann.get(f"{conversation}/messages").get_json()["log_id"]

    assert log_id == token_log().tail(conv_topic(conversation.rpartition("/")[2]))


def test_the_place_in_the_queue_is_told(ann: Person, bob: Person, offers: None) -> None:
    conversations = [ann.conversation(), bob.conversation()]
    asked = [person.ask(conversation)["answer"] for person, conversation in zip((ann, bob), conversations, strict=True)]

    assert [answer["position"] for answer in asked] == [1, 2]
    assert bob.get(f"{conversations[1]}/messages/{asked[1]['id']}").get_json()["position"] == 2


def test_a_text_too_long_for_an_event_is_left_out_of_it(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    ann.ask(conversation, "é" * 20_000)

    told = [parse(entry.body) for entry in token_log().read(conv_topic(conversation.rpartition("/")[2]))]

    assert isinstance(told[0], MessageAdded)
    assert told[0].message["content"] is None


def test_settings_are_the_persons_then_the_conversations_then_the_messages(ann: Person, offers: None) -> None:
    ann.patch("/api/auth/me", {"settings": {"temperature": 0.1, "top_p": 0.2, "seed": 3, "model": "qwen", "system_prompt": "Be kind."}})
    conversation = ann.conversation(settings={"top_p": 0.5, "max_tokens": 9, "system_prompt": "Be brief."})

    ann.ask(conversation, options={"max_tokens": 77})

    expected = {"system_prompt": "Be brief.", "temperature": 0.1, "top_p": 0.5, "seed": 3, "max_tokens": 77}
    assert turns()[0][2:] == ("qwen", "vllm", expected)


def test_what_was_asked_for_becomes_the_conversations_model(ann: Person, offers: None) -> None:
    conversation = ann.conversation(model="llama")
    finish(ann.ask(conversation, model="qwen")["answer"]["id"])

    assert ann.get(conversation).get_json()["model"] == "qwen"
    assert ann.ask(conversation)["answer"]["model"] == "qwen"


def test_too_many_answers_at_once_are_refused_with_a_time_to_wait(
    ann: Person, bob: Person, offers: None, variables: pytest.MonkeyPatch
) -> None:
    variables.setenv("OLAMCHAT_MAX_ANSWERS_PER_USER", "2")
    environment.environment.cache_clear()
    for _ in range(2):
        ann.ask(ann.conversation())

    refused = ann.post(f"{ann.conversation()}/messages", {"content": "hi"})

    assert error(refused) == (429, "too_many")
    assert int(refused.headers["Retry-After"]) > 0
    assert bob.ask(bob.conversation())


def test_a_full_pool_refuses_and_another_does_not(ann: Person, offers: None, variables: pytest.MonkeyPatch) -> None:
    variables.setenv("OLAMCHAT_MAX_WAITING_PER_POOL", "1")
    environment.environment.cache_clear()
    ann.ask(ann.conversation())

    assert error(ann.post(f"{ann.conversation()}/messages", {"content": "hi"})) == (429, "too_many")
    assert ann.ask(ann.conversation(), model="qwen")
