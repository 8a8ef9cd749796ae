"""docker-compose.yml has the pods of the chart: the same commands, variables and ports."""

from functools import cache
from typing import Any

import yaml

from functions.routes import FUNCTIONS
from olamchat.environment import VARIABLES
from scripts import route_files
from tests.chart.rendering import CHART, ROOT, Object, env, named, objects
from worker.engines.registry import NAMED

# What a cluster's pod is told and a container on one machine is not.
ONLY_IN_A_CLUSTER = {"OLAMCHAT_POOLS", "OLAMCHAT_SMOKE_TEST_TOKEN"}
# Secrets are written out, and what reaches one machine by another way.
ONLY_HERE = {"OLAMCHAT_SECURE_COOKIES", *NAMED, "OPENAI_API_KEY"} | {
    name
    for name in VARIABLES.values()
    if name.startswith(("OLAMCHAT_OIDC_", "OLAMCHAT_PASSKEY_", "OLAMCHAT_SECOND_FACTOR", "OLAMCHAT_SMTP_"))
    or name in {"OLAMCHAT_PUBLIC_URL", "OLAMCHAT_MAIL_FROM"}
}
ONLY_HERE |= {f"OLAMCHAT_S3_{name}" for name in ("BUCKET", "URL", "REGION", "ACCESS_KEY", "SECRET_KEY")}
ONLY_HERE |= {f"OLAMCHAT_SEARCH{name}" for name in ("", "_URL", "_KEY")} | {"OLAMCHAT_OPEN_PAGES", "OLAMCHAT_CONNECTION_KEYS"}
ONLY_HERE |= {"OLAMCHAT_WEB_NETWORKS", "OLAMCHAT_WEB_USER_AGENT"}
ONLY_HERE |= {
    f"OLAMCHAT_{name}" for name in ("READER_URL", "READER_TIMEOUT_S", "RERANKER", "RERANKER_URL", "RERANKER_KEY", "RERANKER_TIMEOUT_S")
}
ONLY_HERE |= {"OLAMCHAT_EMBEDDINGS", "OLAMCHAT_EMBEDDINGS_URL", "OLAMCHAT_EMBEDDINGS_KEY"}

compose: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
services: dict[str, Any] = compose["services"]


@cache
def release() -> list[Object]:
    return objects({"workers": {"pools": [{"name": "demo", "engine": "demo"}]}})


def in_the_chart(name: str) -> dict[str, Any]:
    container: dict[str, Any] = named(release(), "Deployment", f"chat-{name}")["spec"]["template"]["spec"]["containers"][0]
    return container


def test_each_function_and_the_worker_is_started_as_in_the_chart() -> None:
    for here, there in {**{name: name for name in FUNCTIONS}, "worker": "worker-demo", "steps": "steps", "index": "index"}.items():
        container = in_the_chart(there)
        assert services[here]["command"] == container["args"], here


def test_each_has_the_variables_it_has_in_the_chart() -> None:
    for here, there in {**{name: name for name in FUNCTIONS}, "worker": "worker-demo", "steps": "steps", "index": "index"}.items():
        told = env(in_the_chart(there))
        assert set(services[here]["environment"]) - ONLY_HERE == set(told) - ONLY_IN_A_CLUSTER, here
        same = {
            name: value for name, value in told.items() if isinstance(value, str) and name not in ONLY_IN_A_CLUSTER | {"OLAMCHAT_LOG_LEVEL"}
        }
        assert {name: services[here]["environment"][name] for name in same} == same, here


def test_where_there_is_a_reader_its_pods_are_told_the_same_of_it_in_both() -> None:
    given = objects({"workers": {"pools": [{"name": "demo", "engine": "demo"}]}, "reader": {"url": "http://tika:9998"}})
    named_there = {
        name for name in FUNCTIONS for found in [named(given, "Deployment", f"chat-{name}")]
        if "OLAMCHAT_READER_URL" in env(found["spec"]["template"]["spec"]["containers"][0])
    }  # fmt: skip
    assert named_there == {"files"} == {name for name in FUNCTIONS if "OLAMCHAT_READER_URL" in services[name]["environment"]}
    [container] = named(given, "Deployment", "chat-index")["spec"]["template"]["spec"]["containers"]
    assert {"OLAMCHAT_READER_URL", "OLAMCHAT_READER_TIMEOUT_S"} <= set(env(container)) & set(services["index"]["environment"])


def test_every_variable_is_one_that_a_process_reads() -> None:
    for name in (*FUNCTIONS, "worker", "steps", "index", "migrations"):
        assert set(services[name]["environment"]) <= {*VARIABLES.values(), *NAMED}, name


def test_the_worker_is_told_of_every_kind_of_engine() -> None:
    assert set(NAMED) <= set(services["worker"]["environment"])


def test_the_chart_names_an_engine_by_the_same_variable() -> None:
    for kind in NAMED.values():
        found = objects({"workers": {"pools": [{"name": "one", "engine": kind.name, "placement": "external", "url": "http://gpu:1"}]}})
        [container] = named(found, "Deployment", "chat-worker-one")["spec"]["template"]["spec"]["containers"]
        told = env(container)
        assert told.get(kind.variable) == "http://gpu:1" or "OLAMCHAT_POOLS_FILE" in told, kind.name


def test_a_container_is_ended_no_sooner_than_its_pod() -> None:
    found = objects({"workers": {"pools": [{"name": "demo", "engine": "demo"}]}})
    for here, there in {
        **{name: name for name in FUNCTIONS},
        "worker": "worker-demo",
        "steps": "steps",
        "index": "index",
        "web": "web",
    }.items():
        spec = named(found, "Deployment", f"chat-{there}")["spec"]["template"]["spec"]
        leave = spec["containers"][0].get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        assert int(services[here]["stop_grace_period"].removesuffix("s")) >= spec["terminationGracePeriodSeconds"] - leave, here


def test_only_auth_mounts_the_signing_key() -> None:
    holders = {name for name, service in services.items() if any("keys-signing" in volume for volume in service.get("volumes", []))}
    assert holders == {"auth", "keys"}


def test_images_and_hosts_are_those_of_the_chart() -> None:
    values = yaml.safe_load((ROOT / "charts/olamchat/values.yaml").read_text())
    assert services["postgres"]["image"] == values["postgres"]["image"]
    assert "pgvector" in services["postgres"]["image"], "the official image has no `vector`"
    assert services["redis"]["image"] == values["redis"]["image"]
    assert services["ollama"]["image"] == values["engines"]["ollama"]
    assert all(f"server {name}:8000" in route_files.for_image() for name in FUNCTIONS)
    assert set(FUNCTIONS) <= set(services)


def test_postgres_is_started_by_the_charts_script_with_the_charts_arguments() -> None:
    (container,) = named(objects(), "StatefulSet", "chat-postgres")["spec"]["template"]["spec"]["containers"]
    postgres = services["postgres"]
    assert f"./{(CHART / 'files/start-postgres.sh').relative_to(ROOT)}:{postgres['entrypoint'][-1]}:ro" in postgres["volumes"]
    assert postgres["command"] == container["args"]
    assert postgres["environment"]["ACCEPT_NEW_MAJOR"] == "${ACCEPT_NEW_MAJOR:-false}"


def test_the_gpu_is_an_override() -> None:
    override = yaml.safe_load((ROOT / "docker-compose.gpu.yml").read_text())
    assert set(override["services"]) == {"ollama"}
