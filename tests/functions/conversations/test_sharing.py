"""Links: what whoever has one sees, what they never see, and that a revoked one leads nowhere."""

from typing import Any

import pytest

from olamchat import environment, redis
from olamchat.db.pool import database
from tests.functions.conftest import Person, finish
from tests.security.accounts.test_sign_up import let


@pytest.fixture
def stranger(ann: Person) -> Person:
    return Person(ann.app, "")


def talk(person: Person, question: str = "Why?", **given: Any) -> str:
    conversation = person.conversation(title="Sky", settings={"system_prompt": "the secret prompt"}, **given)
    finish(person.ask(conversation, question)["answer"]["id"])
    return conversation


def shared(person: Person, conversation: str, **given: Any) -> dict[str, Any]:
    made = person.post(f"{conversation}/share", given)
    assert made.status_code == 200, made.text
    body: dict[str, Any] = made.get_json()
    return body


def seen(person: Person, link: dict[str, Any]) -> list[str]:
    answer = person.get(f"/api/shares/{link['token']}")
    assert answer.status_code == 200, answer.text
    return [message["content"] for message in answer.get_json()["messages"]]


def test_whoever_has_the_link_sees_the_conversation_and_nothing_of_its_owner(ann: Person, stranger: Person, offers: None) -> None:
    conversation = talk(ann)
    database.execute_sql("UPDATE messages SET reasoning = 'the secret thought'")
    database.close()

    answer = stranger.get(f"/api/shares/{shared(ann, conversation)['token']}")

    whole = answer.get_json()
    assert (whole["title"], whole["by"]) == ("Sky", None)
    assert whole["messages"] == [
        {"role": "user", "content": "Why?", "model": None, "attachments": [], "steps": [], "citations": [], "looked_in_documents": False},
        {
            "role": "assistant",
            "content": "Because of Rayleigh.",
            "model": "llama",
            "attachments": [],
            "steps": [],
            "citations": [],
            "looked_in_documents": False,
        },
    ]
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert not any(secret in answer.text for secret in (ann.email, ann.id, "ann", "secret", conversation.rpartition("/")[2]))


def test_the_name_is_shown_where_its_owner_wishes(ann: Person, stranger: Person, offers: None) -> None:
    link = shared(ann, talk(ann), named=True)

    assert stranger.get(f"/api/shares/{link['token']}").get_json()["by"] == "ann"


def test_what_was_written_since_is_not_seen_until_it_is_shared_too(ann: Person, stranger: Person, offers: None) -> None:
    conversation = talk(ann)
    link = shared(ann, conversation)
    finish(ann.ask(conversation, "a later question")["answer"]["id"], "a later answer")

    assert seen(stranger, link) == ["Why?", "Because of Rayleigh."]
    assert ann.get(f"{conversation}/share").get_json() == {"link": {**link, "newest": False}}
    again = shared(ann, conversation)
    assert (again["token"], again["newest"]) == (link["token"], True)
    assert len(seen(stranger, link)) == 4


def test_an_answer_that_was_gone_on_with_is_not_seen(ann: Person, stranger: Person, offers: None) -> None:
    conversation = ann.conversation()
    answer = ann.ask(conversation, "Why?")["answer"]["id"]
    finish(answer, "Because", "stopped")
    link = shared(ann, conversation)
    assert seen(stranger, link) == ["Why?", "Because"]

    assert ann.post(f"{conversation}/messages/{answer}/continue").status_code == 202
    assert seen(stranger, link) == ["Why?"]
    finish(answer, "Because of what was said later.")
    assert seen(stranger, link) == ["Why?"]


def test_an_answer_in_flight_and_other_branches_are_not_seen(ann: Person, stranger: Person, offers: None) -> None:
    conversation = talk(ann, "an old branch")
    ann.ask(conversation, "a new branch", parent_id=None)

    assert seen(stranger, shared(ann, conversation)) == ["a new branch"]


def test_nothing_can_be_shared_before_something_is_said(ann: Person) -> None:
    refused = ann.post(f"{ann.conversation()}/share", {})

    assert (refused.status_code, refused.get_json()["code"]) == (409, "conflict")


def test_a_revoked_link_leads_nowhere_and_a_new_one_is_another(ann: Person, stranger: Person, offers: None) -> None:
    conversation = talk(ann)
    link = shared(ann, conversation)

    assert ann.delete(f"{conversation}/share").status_code == 204

    assert stranger.get(f"/api/shares/{link['token']}").status_code == 404
    assert ann.get(f"{conversation}/share").get_json() == {"link": None}
    assert ann.delete(f"{conversation}/share").status_code == 404
    assert shared(ann, conversation)["token"] != link["token"]
    assert stranger.get(f"/api/shares/{link['token']}").status_code == 404


@pytest.mark.parametrize("token", ["x", "a" * 32, "%00", "ü" * 32, "a" * 5_000])
def test_a_link_that_never_was_leads_nowhere(stranger: Person, token: str) -> None:
    assert stranger.get(f"/api/shares/{token}").status_code == 404


def test_a_link_goes_with_its_conversation_its_last_message_and_its_owners_leave(ann: Person, bob: Person, offers: None) -> None:
    conversation = talk(bob)
    link = f"/api/shares/{shared(bob, conversation)['token']}"

    bob.delete(conversation)
    assert ann.get(link).status_code == 404
    bob.post(f"{conversation}/restore")
    assert ann.get(link).status_code == 200

    ann.patch(f"/api/admin/users/{bob.id}", {"disabled": True})
    assert ann.get(link).status_code == 404
    ann.patch(f"/api/admin/users/{bob.id}", {"disabled": False})
    assert ann.get(link).status_code == 200

    database.execute_sql("DELETE FROM messages WHERE role = 'assistant'")
    database.close()
    assert ann.get(link).status_code == 404


def test_a_link_has_192_random_bits(ann: Person, offers: None) -> None:
    tokens = [shared(ann, talk(ann))["token"] for _ in range(3)]

    assert len(set(tokens)) == 3
    assert {len(token) for token in tokens} == {32}


def test_looks_are_counted_by_address_and_go_on_without_redis(
    ann: Person, stranger: Person, offers: None, variables: pytest.MonkeyPatch
) -> None:
    link = f"/api/shares/{shared(ann, talk(ann))['token']}"
    let(variables, limit_visits="3/minute")

    assert [stranger.get(link).status_code for _ in range(4)] == [200, 200, 200, 429]

    variables.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    environment.environment.cache_clear()
    redis.client.cache_clear()
    assert stranger.get(link).status_code == 200


def test_of_documents_only_what_the_text_cites_is_shown(ann: Person, stranger: Person, offers: None) -> None:
    conversation = talk(ann)
    places = [("secret/plans/sea.md", "High tide."), ("secret/other.md", "A secret.")]
    for number, (path, text) in enumerate(places, start=1):
        database.execute_sql(
            """INSERT INTO citations (message_id, number, document_id, chunk, path, page, heading, text)
               SELECT id, %s, gen_random_uuid(), 0, %s, 3, 'Tides', %s FROM messages WHERE role = 'assistant'""",
            [number, path, text],
        )
    database.execute_sql("UPDATE messages SET content = 'It is high [1].' WHERE role = 'assistant'")
    database.close()

    answer = stranger.get(f"/api/shares/{shared(ann, conversation)['token']}")

    assert answer.get_json()["messages"][1]["citations"] == [
        {"number": 1, "name": "sea.md", "page": 3, "heading": "Tides", "quote": "High tide."}
    ]
    assert "secret" not in answer.text
