"""The file that tells a worker of its pool, rendered by the chart, is read by the worker's own reader."""

from pathlib import Path
from typing import Any

import helm_python
import pytest

from olamchat.environment import Environment
from tests.chart.rendering import CHART, Object, env, named, objects, objects_of, of_kind, texts
from worker.engines.openai import OpenAI
from worker.pools import file
from worker.pools.config import Pools

EXTERNAL = CHART / "ci/external-values.yaml"
SHELF = "chat-worker-shelf"
SEVERAL: Object = {"name": "a", "engine": "vllm", "placement": "external", "urls": ["http://a:8000", "http://b:8000"]}


def rendered(found: Any, name: str, folder: Path) -> Path:
    """Write a pool's file out as the kubelet would mount it."""
    file = folder / "pools.yaml"
    file.write_text(named(found, "ConfigMap", name)["data"]["pools.yaml"])
    return file


def plan(pool: Object, folder: Path, **values: Any) -> file.PoolPlan:
    (read,) = file.read(rendered(objects({"workers": {"pools": [pool]}} | values), f"chat-worker-{pool['name']}", folder)).pools
    return read


def test_the_worker_reads_all_that_the_values_say(tmp_path: Path) -> None:
    (shelf,) = file.read(rendered(objects_of(EXTERNAL), SHELF, tmp_path)).pools
    large, small = shelf.models
    assert (shelf.name, shelf.kind, len(shelf.urls), shelf.concurrency, shelf.title_model) == ("shelf", "llama.cpp", 3, 4, "small")
    assert (large.display_name, large.context_length, large.continues) == ("Large", 1_048_576, False)
    assert large.options.model_dump(exclude_none=True) == {"temperature": 0.6, "max_tokens": 4096, "stop": ["<|end|>"]}
    assert (small.name, small.display_name) == ("small", "")


def test_the_worker_makes_its_engines_of_it_and_follows_a_change(tmp_path: Path) -> None:
    first = rendered(objects_of(EXTERNAL), SHELF, tmp_path)
    pools = Pools(Environment(pools_file=str(first)))
    assert [type(replica.engine) for replica in pools["shelf"].replicas] == [OpenAI] * 3

    changed = objects({"workers": {"pools": [{"name": "shelf", **{key: value for key, value in SEVERAL.items() if key != "name"}}]}})
    after = tmp_path / "after"
    after.mkdir()
    rendered(changed, SHELF, after).replace(first)  # as the kubelet puts another file in its place

    assert pools.refresh() == ([], [])
    assert [replica.url for replica in pools["shelf"].replicas] == ["http://a:8000/v1", "http://b:8000/v1"]


def test_only_a_pool_that_has_more_to_say_has_a_file() -> None:
    found = objects_of(EXTERNAL)
    told = {one["metadata"]["name"] for one in of_kind(found, "ConfigMap") if "pools.yaml" in one["data"]}
    assert told == {SHELF}
    shelf, office = (
        env(named(found, "Deployment", name)["spec"]["template"]["spec"]["containers"][0]) for name in (SHELF, "chat-worker-office")
    )
    assert shelf["OLAMCHAT_POOLS_FILE"] == "/etc/olamchat/pools.yaml"
    assert not {"OLAMCHAT_POOLS", "OPENAI_BASE_URL"} & set(shelf)
    assert (office["OLAMCHAT_POOLS"], office["OPENAI_BASE_URL"]) == ("office=openai", "https://models.example.org/v1")


def test_a_changed_file_replaces_no_pod() -> None:
    one, other = (objects({"workers": {"pools": [SEVERAL | {"urls": urls}]}}) for urls in (["http://a:1"], ["http://a:1", "http://b:1"]))
    assert named(one, "ConfigMap", "chat-worker-a") != named(other, "ConfigMap", "chat-worker-a")
    assert named(one, "Deployment", "chat-worker-a") == named(other, "Deployment", "chat-worker-a")


@pytest.mark.parametrize(
    ("pool", "address"),
    [
        ({"name": "beside", "models": ["m"], "titleModel": "m"}, "http://127.0.0.1:11434"),
        ({"name": "apart", "engine": "vllm", "placement": "service", "models": [{"name": "m", "display_name": "M"}]}, "http://chat-engine-apart:8001/v1"),
    ],
)  # fmt: skip
def test_an_engine_in_the_cluster_is_where_the_chart_puts_it(pool: Object, address: str, tmp_path: Path) -> None:
    assert plan(pool, tmp_path).urls == [address]


def test_models_told_in_full_are_pulled_and_served_by_their_names() -> None:
    model = {"name": "m:1b", "display_name": "M"}
    ollama, vllm = ({"name": "a", "models": [model]}, {"name": "a", "engine": "vllm", "models": [model | {"name": "m"}]})
    by_ollama, by_vllm = (named(objects({"workers": {"pools": [pool]}}), "Deployment", "chat-worker-a") for pool in (ollama, vllm))
    engine = by_vllm["spec"]["template"]["spec"]["initContainers"][-1]
    assert by_ollama["spec"]["template"]["spec"]["initContainers"][1]["command"][-1] == "m:1b"
    assert engine["args"][0] == "m"


def test_what_the_settings_say_of_titles_and_of_going_on_counts_in_the_file_too(tmp_path: Path) -> None:
    pool = SEVERAL | {"engine": "openai"}
    told = plan(pool, tmp_path, settings={"OLAMCHAT_TITLE_MODEL": "tiny", "OLAMCHAT_OPENAI_CONTINUES": True})
    assert (told.title_model, told.continues) == ("tiny", True)
    own = plan(pool | {"titleModel": "mine", "continues": "never"}, tmp_path, settings={"OLAMCHAT_TITLE_MODEL": "tiny"})
    assert (own.title_model, own.continues) == ("mine", False)


def test_the_key_stays_in_its_secret(tmp_path: Path) -> None:
    pool = SEVERAL | {"apiKey": {"existingSecret": "models-key"}}
    container = named(objects({"workers": {"pools": [pool]}}), "Deployment", "chat-worker-a")["spec"]["template"]["spec"]["containers"][0]
    assert plan(pool, tmp_path).key_variable == "OPENAI_API_KEY"
    assert env(container)["OPENAI_API_KEY"] == {"secretKeyRef": {"name": "models-key", "key": "api-key"}}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"models": [{"name": "m", "displayName": "M"}]}, "displayName"),
        ({"models": [{"display_name": "M"}]}, "name"),
        ({"models": [{"name": "m", "context_length": 0}]}, "context_length"),
        ({"models": [{"name": "m", "options": {"temperature": 9}}]}, "temperature"),
        ({"models": ["m", {"name": "m"}]}, "models names one twice"),
        ({"urls": ["a:8000"]}, "urls"),
        ({"urls": ["http://a", "http://a"]}, "urls names an engine twice"),
        ({"url": "http://a"}, "use one of them"),
        ({"urls": [], "url": "http://a", "urlConcurrency": 3}, "urlConcurrency is for each of urls"),
        ({"placement": "sidecar", "models": ["m"]}, "url is for engines that are external"),
        ({"models": ["m"], "titleModel": "other"}, "titleModel other is none of its models"),
        ({"continues": "sometimes"}, "continues"),
    ],
)
def test_what_the_worker_would_refuse_is_refused_before(wrong: Object, sentence: str) -> None:
    with pytest.raises(helm_python.HelmError, match=sentence):
        texts({"workers": {"pools": [SEVERAL | wrong]}})
