"""A branch goes on as a conversation of its own, and the one it came from stays as it was."""

from typing import Any

import pytest

from olamchat.db.pool import database
from tests.functions.conftest import Person, finish

STEP = """INSERT INTO steps (message_id, number, user_id, round, call_id, name, arguments, effect, state, at, reasoning_at, idempotency_key, created_at, finished_at)
          VALUES (%s, %s, %s, 1, 'call', 'note', '{}', 'read', %s, 0, 0, gen_random_uuid(), now(), %s)"""
CITATION = """INSERT INTO citations (message_id, number, document_id, chunk, path, page, heading, text)
              VALUES (%s, 1, gen_random_uuid(), 1, 'a.pdf', 3, '', 'the passage')"""


def items(person: Person, conversation: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.get(f"{conversation}/messages").get_json()["items"]
    return found


def talk(ann: Person) -> tuple[str, dict[str, Any]]:
    """Two questions, the second with a file, and another branch beside it; the answer to the second has a citation and a step."""
    conversation = ann.conversation(title="A talk", settings={"temperature": 0.5})
    first = ann.ask(conversation, "one")["answer"]
    finish(first["id"], "First.")
    file = ann.post("/api/files", data=b"some words", query_string={"name": "a.txt"}).get_json()["id"]
    second = ann.ask(conversation, "two", attachments=[file])["answer"]
    finish(second["id"], "Second [1].")
    database.execute_sql(CITATION, [second["id"]])
    database.execute_sql(STEP, [second["id"], 1, ann.id, "done", second["created_at"]])
    other = ann.ask(conversation, "beside", parent_id=first["id"])["answer"]
    finish(other["id"], "Beside.")
    database.close()
    return conversation, second


def test_a_fork_has_what_was_said_up_to_its_answer(ann: Person, offers: None) -> None:
    conversation, answer = talk(ann)

    made = ann.post(f"{conversation}/messages/{answer['id']}/fork")

    copy = made.get_json()
    rows = items(ann, f"/api/conversations/{copy['id']}")
    assert (made.status_code, copy["title"], copy["settings"]) == (201, "A talk", {"temperature": 0.5})
    assert [row["content"] for row in rows] == ["one", "First.", "two", "Second [1]."]
    assert copy["active_leaf_id"] == rows[-1]["id"]
    assert [row["parent_id"] for row in rows] == [None, *(row["id"] for row in rows[:-1])]
    assert [file["name"] for file in rows[2]["attachments"]] == ["a.txt"]
    assert ([one["path"] for one in rows[3]["citations"]], [step["state"] for step in rows[3]["steps"]]) == (["a.pdf"], ["done"])


def test_both_go_on_by_themselves(ann: Person, offers: None) -> None:
    conversation, answer = talk(ann)
    before = items(ann, conversation)
    copy = "/api/conversations/" + ann.post(f"{conversation}/messages/{answer['id']}/fork").get_json()["id"]

    asked = ann.ask(copy, "three")
    finish(asked["answer"]["id"])
    ann.delete(conversation)

    assert [row["content"] for row in items(ann, copy)][-2:] == ["three", "Because of Rayleigh."]
    assert ann.post(f"{conversation}/restore").status_code == 200
    assert items(ann, conversation) == before


def test_a_file_stays_as_long_as_one_of_both_has_it(ann: Person, offers: None) -> None:
    conversation, answer = talk(ann)
    file = items(ann, conversation)[2]["attachments"][0]["id"]
    copy = "/api/conversations/" + ann.post(f"{conversation}/messages/{answer['id']}/fork").get_json()["id"]

    ann.delete(f"{conversation}/messages/{items(ann, conversation)[0]['id']}")

    assert ann.delete(f"/api/files/{file}").status_code == 409
    assert ann.get(f"/api/files/{file}").data == b"some words"
    assert items(ann, copy)[2]["attachments"][0]["id"] == file


@pytest.mark.parametrize("which", ["question", "running"])
def test_only_an_answer_that_has_ended_is_forked(ann: Person, offers: None, which: str) -> None:
    conversation = ann.conversation()
    asked = ann.ask(conversation)
    message = asked["user_message"] if which == "question" else asked["answer"]

    refused = ann.post(f"{conversation}/messages/{message['id']}/fork")

    assert (refused.status_code, refused.get_json()["code"]) == (409, "conflict")


def test_what_nobody_has_is_not_forked(ann: Person, bob: Person, offers: None) -> None:
    conversation, answer = talk(ann)
    elsewhere = ann.conversation()

    assert bob.post(f"{conversation}/messages/{answer['id']}/fork").status_code == 404
    assert ann.post(f"{elsewhere}/messages/{answer['id']}/fork").status_code == 404
