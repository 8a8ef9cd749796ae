"""Which models people see: what administrators say lies over what engines offer, and holds at every door."""

from typing import Any

import pytest

from olamchat import roster
from olamchat.db.pool import database
from olamchat.roster import Offer
from olamchat.services.models import selection
from olamchat.services.turns import lifecycle
from tests.functions.conftest import Person


def names(person: Person) -> list[str]:
    return [model["name"] for model in person.get("/api/models").get_json()["items"]]


def say(ann: Person, name: str, **said: Any) -> None:
    answer = ann.put("/api/admin/models", {"name": name, **said})
    assert answer.status_code == 204, answer.text


def tries(person: Person, model: str) -> list[tuple[int, str]]:
    """Ask for the model at every door that takes one; return status and code of each."""
    conversation = person.conversation()
    named = person.conversation(model=model)
    completion = {"model": model, "messages": [{"role": "user", "content": "hi"}]}
    answers = [
        person.post(f"{conversation}/messages", {"content": "hi", "model": model}),
        person.post(f"{named}/messages", {"content": "hi"}),
        person.post("/v1/chat/completions", completion),
    ]
    bodies = [answer.get_json() for answer in answers]
    return [(answer.status_code, body.get("code") or body["error"]["code"]) for answer, body in zip(answers, bodies, strict=True)]


@pytest.mark.parametrize("audience", ["administrators", "chosen", "nobody"])
def test_an_embedding_model_that_a_person_does_not_see_is_unknown_to_them(ann: Person, bob: Person, offers: None, audience: str) -> None:
    say(ann, "embedder", audience=audience)

    asked = [
        bob.post("/v1/embeddings", {"model": "embedder", "input": "tea"}),
        bob.post("/api/embed", {"model": "embedder", "input": "tea"}),
        bob.post("/api/embeddings", {"model": "embedder", "prompt": "tea"}),
    ]

    assert "embedder" not in bob.get("/v1/models").text
    assert [answer.status_code for answer in asked] == [422, 422, 422]
    assert all("unknown_model" in answer.text for answer in asked)
    assert ("embedder" in ann.get("/v1/models").text) is (audience == "administrators")


@pytest.mark.parametrize("audience", ["administrators", "chosen", "nobody"])
def test_a_model_that_a_person_does_not_see_is_unknown_to_them(ann: Person, bob: Person, offers: None, audience: str) -> None:
    say(ann, "llama", audience=audience)

    assert "llama" not in names(bob)
    assert "llama" not in bob.get("/v1/models").text
    assert tries(bob, "llama") == [(422, "unknown_model")] * 3
    assert ("llama" in names(ann)) is (audience == "administrators")


def test_a_model_is_for_the_chosen(ann: Person, bob: Person, offers: None) -> None:
    say(ann, "llama", audience="chosen", people=[bob.id])

    assert ("llama" in names(bob), "llama" in names(ann)) == (True, False)
    assert bob.ask(bob.conversation(), model="llama")["answer"]["model"] == "llama"
    [llama] = [model for model in ann.get("/api/admin/models").get_json()["items"] if model["name"] == "llama"]
    assert llama["people"] == [{"id": bob.id, "email": bob.email}]


def test_what_was_begun_with_a_model_does_not_go_on_with_it_unseen(ann: Person, bob: Person, offers: None) -> None:
    conversation = bob.conversation()
    answer = bob.ask(conversation, model="llama")["answer"]["id"]
    lifecycle.stop(answer)
    say(ann, "llama", audience="nobody")

    refused = [
        bob.post(f"{conversation}/messages/{answer}/continue", {}),
        bob.post(f"{conversation}/messages/{answer}/regenerate", {"model": "llama"}),
        bob.post(f"{conversation}/messages", {"content": "and?"}),
    ]

    assert [each.get_json()["code"] for each in refused] == ["unknown_model"] * 3


def test_habit_finds_no_way_to_an_unseen_model_while_no_engine_is_known(ann: Person, bob: Person, offers: None) -> None:
    conversation = bob.conversation()
    lifecycle.stop(bob.ask(conversation, model="llama")["answer"]["id"])
    say(ann, "llama", audience="nobody")
    roster.withdraw("w1")
    roster._last_known = []
    selection._asked_again_at = 0.0

    assert bob.post(f"{conversation}/messages", {"content": "and?"}).get_json()["code"] == "unknown_model"


def test_without_any_model_to_see_a_person_is_told_so(ann: Person, bob: Person, offers: None) -> None:
    for name in ("llama", "qwen", "demo"):
        say(ann, name, audience="administrators")

    answer = bob.post(f"{bob.conversation()}/messages", {"content": "hi"})

    assert (names(bob), answer.status_code, answer.get_json()["code"]) == ([], 422, "unknown_model")


def test_names_order_and_defaults_are_the_administrators(ann: Person, bob: Person, offers: None) -> None:
    say(ann, "qwen", display_name="  The good one ", options={"temperature": 0.3, "max_tokens": 50})
    assert ann.put("/api/admin/models/order", {"names": ["qwen", "llama"]}).status_code == 204

    listed = bob.get("/api/models").get_json()["items"]
    bob.ask(bob.conversation(settings={"max_tokens": 7}))

    assert [(model["name"], model["display_name"]) for model in listed][:2] == [("qwen", "The good one"), ("llama", "llama")]
    turn = lifecycle.take(worker="w", pools=["vllm"])
    assert turn, "the first in the order is the one for who names none"
    assert {name: turn.options[name] for name in ("temperature", "max_tokens")} == {"temperature": 0.3, "max_tokens": 7}
    database.close()


def test_the_first_in_order_is_passed_over_while_it_is_down(ann: Person, bob: Person, variables: pytest.MonkeyPatch) -> None:
    roster.announce(
        "w1",
        [Offer(model="a", pool="p", engine="ollama", state="down"), Offer(model="b", pool="q", engine="ollama")],
        capacity=1,
        running=0,
    )
    ann.put("/api/admin/models/order", {"names": ["a", "b"]})

    assert names(bob) == ["a", "b"]
    assert bob.ask(bob.conversation())["answer"]["model"] == "b"


def test_a_model_is_forgotten_and_everybodys_again(ann: Person, bob: Person, offers: None) -> None:
    say(ann, "llama", audience="nobody")

    assert ann.post("/api/admin/models/forget", {"name": "llama"}).status_code == 204
    assert ann.post("/api/admin/models/forget", {"name": "llama"}).status_code == 404
    assert "llama" in names(bob)


def test_what_is_said_of_a_model_outlives_its_engine(ann: Person, offers: None) -> None:
    say(ann, "hf.co/someone/big:Q4", display_name="Big", audience="administrators")

    [big] = [model for model in ann.get("/api/admin/models").get_json()["items"] if model["name"] == "hf.co/someone/big:Q4"]

    assert (big["display_name"], big["state"], big["pools"]) == ("Big", None, [])


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""}, {"name": "llama", "audience": "friends"}, {"name": "llama", "options": {"temperature": 9}},
        {"name": "llama", "audience": "chosen", "people": ["01900000-0000-7000-8000-000000000000"]}, {"name": "x" * 301}, {},
    ],
)  # fmt: skip
def test_what_cannot_be_said_of_a_model_is_refused(ann: Person, offers: None, said: dict[str, Any]) -> None:
    assert ann.put("/api/admin/models", said).status_code == 422
    assert all(model["audience"] == "everyone" for model in ann.get("/api/admin/models").get_json()["items"])
