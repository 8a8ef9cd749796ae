"""Assistants: asked by their name, in versions that their answers keep, given to groups, taken along as a file."""

from typing import Any
from uuid import UUID

import pytest

from olamchat import roster
from olamchat.db.pool import database
from olamchat.errors import UnknownModel
from olamchat.roster import Offer
from olamchat.services import completions
from olamchat.services.models import selection
from tests.functions.conftest import Person, finish
from tests.functions.together.test_groups import group, join


def make(person: Person, handle: str = "legal", **said: Any) -> dict[str, Any]:
    made = person.post("/api/assistants", {"handle": handle, "name": "Legal", **said})
    assert made.status_code == 201, made.text
    body: dict[str, Any] = made.get_json()
    return body


def options_of(answer_id: str) -> dict[str, Any]:
    """Return what the turn of an answer is asked with."""
    [(options,)] = database.execute_sql("SELECT options FROM turns WHERE id = %s", [answer_id]).fetchall()
    database.close()
    return {name: value for name, value in options.items() if name != "traceparent"}


def test_an_answer_is_asked_with_what_the_assistant_says(ann: Person, offers: None) -> None:
    collection = ann.post("/api/knowledge/collections", {"name": "Contracts"}).get_json()["id"]
    made = make(
        ann, instructions="Quote the paragraph.", models=["qwen"], options={"temperature": 0.1}, tools=["notes"], approvals={"notes": "always"},
        collections=[collection], emoji="⚖️",
    )  # fmt: skip
    conversation = ann.conversation(settings={"system_prompt": "Be brief."})

    sent = ann.ask(conversation, model="@legal", options={"temperature": 0.7})

    assert sent["answer"]["model"] == "qwen"
    assert sent["answer"]["assistant"] == {"id": made["id"], "handle": "legal", "version": 1, "name": "Legal", "emoji": "⚖️"}
    assert options_of(sent["answer"]["id"]) == {
        "system_prompt": "Quote the paragraph.\n\nBe brief.", "temperature": 0.7, "tools": ["notes"], "approvals": {"notes": "always"},
        "collections": [collection],
    }  # fmt: skip
    assert ann.get(conversation).get_json()["model"] == "@legal", "the conversation goes on with it"
    assert ann.get(f"{conversation}/messages").get_json()["items"][1]["assistant"]["version"] == 1


def test_a_program_s_completion_is_asked_with_it_by_name(ann: Person, bob: Person, offers: None) -> None:
    make(ann, instructions="Quote the paragraph.", models=["qwen"], options={"temperature": 0.1})
    ann_id, bob_id = (UUID(person.id) for person in (ann, bob))

    begun = completions.begin(user_id=ann_id, model="@legal", messages=[{"role": "user", "content": "hi"}], options={})

    [(model, options, request)] = database.execute_sql("SELECT model, options, request FROM turns WHERE id = %s", [begun.id]).fetchall()
    assert (begun.model, model, options["temperature"]) == ("@legal", "qwen", 0.1)
    assert request["messages"] == [{"role": "system", "content": "Quote the paragraph."}, {"role": "user", "content": "hi"}]
    with pytest.raises(UnknownModel):
        completions.begin(user_id=bob_id, model="@legal", messages=[{"role": "user", "content": "hi"}], options={})
    database.close()


def test_a_chat_begins_with_an_assistant_and_goes_on_with_its_newest_version(ann: Person, offers: None) -> None:
    made = make(ann, instructions="Old.")
    begun = ann.post("/api/conversations", {"model": "@legal", "question": {"content": "hi"}}).get_json()
    assert (begun["answer"]["assistant"]["version"], options_of(begun["answer"]["id"])["system_prompt"]) == (1, "Old.")

    ann.put(f"/api/assistants/{made['id']}", {"name": "Legal", "instructions": "New."})

    assert options_of(begun["answer"]["id"])["system_prompt"] == "Old.", "a turn keeps its version, whoever takes it"
    finish(begun["answer"]["id"], status="failed")
    conversation = f"/api/conversations/{begun['conversation']['id']}"
    again = ann.post(f"{conversation}/messages/{begun['answer']['id']}/continue", {}).get_json()
    assert options_of(again["answer"]["id"])["system_prompt"] == "Old.", "and so does an answer that goes on"
    finish(begun["answer"]["id"])
    retried = ann.post(f"{conversation}/messages/{begun['answer']['id']}/regenerate", {}).get_json()
    assert (retried["answer"]["assistant"]["version"], options_of(retried["answer"]["id"])["system_prompt"]) == (2, "New.")


def test_versions_have_notes_and_a_way_back(ann: Person) -> None:
    made = make(ann, instructions="One.", note="first")
    path = f"/api/assistants/{made['id']}"
    ann.put(path, {"name": "Legal", "instructions": "Two.", "note": "sharper"})
    same = ann.put(path, {"name": "Legal", "instructions": "Two."}).get_json()
    assert same["version"] == 2, "what says the same is no new version"

    back = ann.post(f"{path}/versions/1/restore", {}).get_json()

    assert (back["version"], back["instructions"]) == (3, "One.")
    listed = ann.get(f"{path}/versions").get_json()["items"]
    assert [(each["number"], each["note"], each["instructions"]) for each in listed] == [
        (3, "← 1", "One."), (2, "sharper", "Two."), (1, "first", "One."),
    ]  # fmt: skip
    assert ann.post(f"{path}/versions/9/restore", {}).status_code == 404


def test_a_fall_back_answers_where_the_model_is_down(ann: Person, offers: None) -> None:
    make(ann, models=["gone", "llama", "qwen"])
    announced = [
        Offer(model="llama", pool="ollama", engine="ollama", context_length=8192, state="down"),
        Offer(model="qwen", pool="vllm", engine="openai", state="cold"),
    ]
    roster.announce("w1", announced, capacity=4, running=0)

    assert ann.ask(ann.conversation(), model="@legal")["answer"]["model"] == "qwen"
    make(ann, "lost", models=["gone"])
    refused = ann.post(f"{ann.conversation()}/messages", {"content": "hi", "model": "@lost"})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "unknown_model")


def test_an_assistant_of_a_group_shows_no_model_that_its_member_may_not_use(ann: Person, bob: Person, offers: None) -> None:
    legal = group(ann)
    join(ann, legal, bob)
    join(ann, legal, ann)
    make(ann, models=["llama"], audience="chosen", groups=[legal])
    ann.put("/api/admin/models", {"name": "llama", "audience": "administrators"})

    refused = bob.post(f"{bob.conversation()}/messages", {"content": "hi", "model": "@legal"})

    assert refused.get_json()["code"] == "unknown_model"
    assert "@legal" not in [model["name"] for model in bob.get("/api/models").get_json()["items"]]
    assert bob.get("/api/assistants").get_json()["items"][0]["groups"] == [], "whom it was given to is its owner's business"


def test_programs_name_it_as_a_model(ann: Person, offers: None) -> None:
    make(ann, instructions="Quote.", models=["llama"], options={"top_p": 0.5}, emoji="⚖️", starters=["What is a lien?"], description="Law")

    assert "@legal" in [model["id"] for model in ann.get("/v1/models").get_json()["data"]]
    [shown] = [model for model in ann.get("/api/models").get_json()["items"] if model["name"] == "@legal"]
    assert (shown["display_name"], shown["engine"], shown["pool"], shown["assistant"]["starters"]) == (
        "⚖️ Legal",
        "llama",
        "ollama",
        ["What is a lien?"],
    )


def test_its_file_makes_another_one_elsewhere(ann: Person, bob: Person) -> None:
    collection = ann.post("/api/knowledge/collections", {"name": "Contracts"}).get_json()["id"]
    made = make(ann, instructions="Quote.", approvals={"notes": "writes"}, starters=["Hello"], collections=[collection])

    file = ann.get(f"/api/assistants/{made['id']}/export").get_json()
    taken = bob.post("/api/assistants/import", file)

    assert taken.status_code == 201, taken.text
    found = taken.get_json()
    assert (found["handle"], found["instructions"], found["collections"], found["mine"]) == ("legal-2", "Quote.", [], True)
    assert (found["approvals"], found["starters"], found["audience"]) == ({"notes": "writes"}, ["Hello"], "owner")
    assert bob.post("/api/assistants/import", {**file, "format": "other/1"}).status_code == 422


def test_a_name_is_taken_once_and_is_a_name(ann: Person, bob: Person) -> None:
    make(ann)
    assert bob.post("/api/assistants", {"handle": "legal", "name": "Mine"}).get_json()["code"] == "handle_taken"
    for handle in ("Legal", "@legal", "le gal", "", "-x", "x" * 41):
        assert ann.post("/api/assistants", {"handle": handle, "name": "x"}).status_code == 422, handle


def test_what_a_deleted_one_answered_stays(ann: Person, offers: None) -> None:
    made, conversation = make(ann), ann.conversation()
    sent = ann.ask(conversation, model="@legal")
    finish(sent["answer"]["id"])

    assert ann.delete(f"/api/assistants/{made['id']}").status_code == 204

    assert ann.get(f"{conversation}/messages").get_json()["items"][1]["assistant"]["name"] == "Legal"
    refused = ann.post(f"{conversation}/messages", {"content": "hi"})
    assert (refused.get_json()["code"], "@legal" in refused.get_json()["detail"]) == ("unknown_model", True)
    ann.ask(conversation, model="llama")


def test_ones_usual_assistant_that_is_gone_is_not_missed(ann: Person, offers: None) -> None:
    made = make(ann, models=["qwen"])
    ann.patch("/api/auth/me", {"settings": {"model": "@legal"}})
    assert ann.ask(ann.conversation())["answer"]["assistant"]["handle"] == "legal"

    ann.delete(f"/api/assistants/{made['id']}")

    assert ann.ask(ann.conversation())["answer"]["assistant"] is None


def test_it_is_no_way_to_an_unseen_model_while_no_engine_is_known(ann: Person, offers: None, bob: Person) -> None:
    legal, conversation = group(ann), bob.conversation()
    join(ann, legal, ann)
    join(ann, legal, bob)
    make(ann, models=["llama", "qwen"], audience="chosen", groups=[legal])
    finish(bob.ask(conversation, model="@legal")["answer"]["id"])
    ann.put("/api/admin/models", {"name": "llama", "audience": "administrators"})
    roster.withdraw("w1")
    roster._last_known = []
    selection._asked_again_at = 0.0

    assert bob.ask(conversation)["answer"]["model"] == "qwen", "the one that waits is the first that may answer"

    ann.put("/api/admin/models", {"name": "qwen", "audience": "administrators"})
    refused = bob.post(f"{bob.conversation()}/messages", {"content": "hi", "model": "@legal"})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "unknown_model")


def test_one_without_a_model_is_answered_by_the_asker_s_usual_one(ann: Person, offers: None) -> None:
    make(ann)
    assert ann.ask(ann.conversation(), model="@legal")["answer"]["model"] == "llama"

    ann.patch("/api/auth/me", {"settings": {"model": "qwen"}})

    assert ann.ask(ann.conversation(), model="@legal")["answer"]["model"] == "qwen"


def test_a_model_that_came_a_moment_ago_answers_at_once(ann: Person, offers: None) -> None:
    ann.ask(ann.conversation())
    roster.announce("w2", [Offer(model="new", pool="new", engine="ollama")], capacity=1, running=0)
    make(ann, models=["new"])

    assert ann.ask(ann.conversation(), model="@legal")["answer"]["model"] == "new"


def test_all_that_is_done_to_what_others_use_is_in_the_audit_log(ann: Person) -> None:
    path = f"/api/assistants/{make(ann, audience='everyone')['id']}"
    ann.post(f"{path}/versions/1/restore", {})
    ann.put(path, {"name": "Legal"})
    assert ann.delete(path).status_code == 204, "it is its owner's alone by then"
    shared = f"/api/assistants/{make(ann, audience='everyone')['id']}"
    ann.delete(shared)

    events = [event["event"] for event in ann.get("/api/admin/audit?event=assistant").get_json()["items"]]

    assert events == ["assistant.removed", "assistant.made", "assistant.changed", "assistant.changed", "assistant.made"]
