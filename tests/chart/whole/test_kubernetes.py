"""What the house asks of Kubernetes, by its real client: that idle workers go first, and that pools at zero are offered as cold."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from kubernetes import client

from functions.models import cold_pools
from olamchat import redis, roster
from olamchat.environment import Environment, environment
from tests.chart import kubernetes_server
from tests.chart.kubernetes_server import Cluster
from tests.chart.rendering import CHART, Object, named, objects_of
from worker.upkeep.scale_in import COST, ScaleIn

KEDA = CHART / "ci/keda-values.yaml"
OWN = Environment(pod="worker-a", namespace="rooms")


@pytest.fixture
def cluster() -> Iterator[tuple[Cluster, client.ApiClient]]:
    with kubernetes_server.running() as both:
        yield both


def test_a_worker_writes_its_own_pods_cost_when_it_changes(cluster: tuple[Cluster, client.ApiClient]) -> None:
    server, api = cluster
    busy = [3]
    part = ScaleIn(OWN, running=lambda: busy[0], api=client.CoreV1Api(api), period_s=0.01)

    part.start()
    assert server.said.wait(10)
    server.said.clear()
    busy[0] = 0
    assert server.said.wait(10)
    part.stop()

    costs = [body["metadata"]["annotations"] for _, body in server.patched]
    assert costs == [{COST: "3"}, {COST: "0"}]
    assert {path.partition("?")[0] for path, _ in server.patched} == {"/api/v1/namespaces/rooms/pods/worker-a"}
    assert all(set(body) == {"metadata"} and set(body["metadata"]) == {"annotations"} for _, body in server.patched)


def test_a_worker_that_may_not_write_goes_on(cluster: tuple[Cluster, client.ApiClient], caplog: pytest.LogCaptureFixture) -> None:
    server, api = cluster
    server.refuses = True
    part = ScaleIn(OWN, running=lambda: 1, api=client.CoreV1Api(api), period_s=0.01)
    with caplog.at_level(logging.WARNING):
        part.start()
        assert server.said.wait(10)
        part.stop()
    assert "could not be written" in caplog.text


def test_outside_a_cluster_nobody_is_told() -> None:
    part = ScaleIn(Environment(), running=lambda: 1)
    part.start()
    part.stop()


@pytest.fixture
def in_the_cluster(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("OLAMCHAT_NAMESPACE", "rooms")
    monkeypatch.setenv("OLAMCHAT_KUBERNETES_POOLS", "olamchat/kind=worker")
    for made in (environment, redis.client):
        made.cache_clear()
    yield
    for made in (environment, redis.client):
        made.cache_clear()


def pool(name: str, *, ready: int) -> Object:
    """A pool's Deployment as the chart renders it, with so many pods ready."""
    rendered = named(objects_of(KEDA), "Deployment", f"chat-worker-{name}")
    # What is read by nobody is left short: a server says the quantities of a pod in words of its own.
    spec = {"selector": {}, "template": {"spec": {"containers": [{"name": "worker"}]}}}
    return {"metadata": rendered["metadata"], "spec": spec, "status": {"readyReplicas": ready} if ready else {}}


@pytest.mark.usefixtures("in_the_cluster")
def test_a_pool_at_zero_is_offered_as_cold_by_every_function(cluster: tuple[Cluster, client.ApiClient]) -> None:
    server, api = cluster
    server.deployments = [pool("large", ready=0), pool("small", ready=2)]

    cold_pools.announce(client.AppsV1Api(api))

    told = [(offer.model, offer.display_name, offer.pool, offer.engine, offer.state) for offer in roster.offers()]
    assert told == [("qwen3:32b", "Qwen 3", "large", "ollama", "cold")]
    assert "labelSelector=olamchat/kind=worker" in unquote(server.asked[0])


@pytest.mark.usefixtures("in_the_cluster")
def test_a_pool_that_is_back_is_no_longer_cold(cluster: tuple[Cluster, client.ApiClient]) -> None:
    server, api = cluster
    server.deployments = [pool("large", ready=0)]
    cold_pools.announce(client.AppsV1Api(api))
    server.deployments = [pool("large", ready=1)]
    cold_pools.announce(client.AppsV1Api(api))
    assert roster.offers() == []


@pytest.mark.usefixtures("in_the_cluster")
def test_a_cluster_that_says_nothing_is_told_of_and_takes_nothing_away(
    cluster: tuple[Cluster, client.ApiClient], caplog: pytest.LogCaptureFixture
) -> None:
    server, api = cluster
    server.refuses = True
    cold_pools.announce(client.AppsV1Api(api))
    assert "pools at zero are not known" in caplog.text


def test_the_heavy_client_is_imported_only_where_it_is_used() -> None:
    told = "import sys, functions.models.cold_pools, worker.upkeep.scale_in, worker.process; sys.exit('kubernetes' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
