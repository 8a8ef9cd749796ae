"""The pools as administrators see them."""

from olamchat import environment, redis, roster
from olamchat.roster import Offer, Replica
from olamchat.services.turns import lifecycle
from tests.functions.conftest import Person


def test_queues_workers_and_engines_are_told(ann: Person, bob: Person) -> None:
    replicas = [
        Replica(pool="ollama", address="10.0.0.1:11434", up=True, busy=1, waiting=0, loaded=("llama",)),
        Replica(pool="ollama", address="10.0.0.2:11434", up=False, busy=0, waiting=0),
    ]
    offered = [
        Offer(model="llama", pool="ollama", engine="ollama", capacity=3),
        Offer(model="llama2", pool="ollama", engine="ollama", state="cold"),
    ]
    roster.announce("w1", offered, capacity=4, running=1, taken=17, replicas=replicas)
    for person in (bob, ann, bob):
        person.ask(person.conversation())
    lifecycle.take(worker="w1", pools=["ollama"])

    [pool] = ann.get("/api/admin/pools").get_json()["items"]

    assert (pool["name"], pool["up"], pool["waiting"], pool["running"], pool["counted"]) == ("ollama", True, 2, 1, 3)
    assert 0 <= pool["oldest_s"] < 600
    assert pool["workers"] == [{"id": "w1", "capacity": 3, "running": 1, "taken": 17}]
    assert [(replica["address"], replica["up"], replica["loaded"]) for replica in pool["replicas"]] == [
        ("10.0.0.1:11434", True, ["llama"]),
        ("10.0.0.2:11434", False, []),
    ]
    assert pool["models"] == [{"name": "llama", "state": "loaded"}, {"name": "llama2", "state": "cold"}]


def test_a_pool_that_nobody_serves_is_told_by_its_queue(ann: Person, offers: None) -> None:
    ann.ask(ann.conversation(), model="llama")
    roster.withdraw("w1")

    [pool] = ann.get("/api/admin/pools").get_json()["items"]

    assert (pool["name"], pool["up"], pool["waiting"], pool["workers"], pool["models"]) == ("ollama", False, 1, [], [])


def test_without_redis_the_queues_are_told_all_the_same(ann: Person, offers: None, variables: object) -> None:
    ann.ask(ann.conversation(), model="llama")
    variables.setenv("REDIS_URL", "redis://127.0.0.1:1/0")  # type: ignore[attr-defined]
    environment.environment.cache_clear()
    redis.client.cache_clear()

    told = ann.get("/api/admin/pools").get_json()

    assert (told["workers_known"], told["items"][0]["waiting"], told["items"][0]["counted"]) == (False, 1, None)
