"""Models that an engine fetches, as administrators ask for them."""

import pytest

from olamchat import pulls, roster
from olamchat.roster import Replica
from tests.functions.conftest import Person

PULL = {"pool": "ollama", "model": "llama3.2:1b"}


@pytest.fixture
def _ollama(variables: object) -> None:
    """A worker with an Ollama, and one with something that fetches nothing."""
    replicas = [Replica(pool=pool, address="10.0.0.1", up=True, busy=0, waiting=0, fetches=pool == "ollama") for pool in ("ollama", "vllm")]
    roster.announce("w1", [], capacity=1, running=0, replicas=replicas)


@pytest.mark.usefixtures("_ollama")
def test_a_model_is_asked_for_and_told_until_it_is_dismissed(ann: Person) -> None:
    assert ann.get("/api/admin/pulls").get_json() == {"items": [], "pools": ["ollama"], "suggested": "llama3.2:1b"}

    asked = ann.post("/api/admin/pulls", json=PULL)
    assert (asked.status_code, asked.get_json()["status"]) == (202, "waiting")
    assert [item["model"] for item in ann.get("/api/admin/pulls").get_json()["items"]] == ["llama3.2:1b"]
    assert [event["event"] for event in ann.get("/api/admin/audit?event=model").get_json()["items"]] == ["model.pulled"]

    assert ann.post("/api/admin/pulls/forget", json=PULL).status_code == 204
    assert ann.post("/api/admin/pulls/forget", json=PULL).status_code == 404
    assert pulls.every() == []


@pytest.mark.usefixtures("_ollama")
@pytest.mark.parametrize("pool", ["vllm", "nobody's"])
def test_a_pool_whose_engine_fetches_nothing_is_refused(ann: Person, pool: str) -> None:
    refused = ann.post("/api/admin/pulls", json={**PULL, "pool": pool})
    assert (refused.status_code, refused.get_json()["code"]) == (404, "not_found")


@pytest.mark.usefixtures("_ollama")
@pytest.mark.parametrize("model", ["", " ", "../etc", "a b", "x" * 201, "-rf", "модель"])
def test_what_is_no_name_of_a_model_is_refused(ann: Person, model: str) -> None:
    assert ann.post("/api/admin/pulls", json={**PULL, "model": model}).status_code == 422


@pytest.mark.usefixtures("_ollama")
def test_who_lets_a_pull_go_leaves_it_to_whoever_has_taken_it_over() -> None:
    pull = pulls.ask(**PULL)
    assert pulls.hold(pull, "w2")

    pulls.release(pull, "w1")
    assert not pulls.hold(pull, "w3"), "it is still the second one's"

    pulls.release(pull, "w2")
    assert pulls.hold(pull, "w3")
