"""What an operator asks of every pod (a node group, a proxy, a private CA, a host's name) reaches every one, and what a component says of its own wins."""

from collections.abc import Iterator

import pytest

from tests.chart.rendering import Object, all_containers, objects, pods

POOLS = [
    {"name": "beside", "models": ["a"], "placement": "sidecar"},
    {"name": "apart", "models": ["a"], "placement": "service"},
    {"name": "demo", "engine": "demo"},
]
EVERY = {"workers": {"pools": POOLS}}
WANTED: Object = {
    "nodeSelector": {"group": "chat"},
    "tolerations": [{"key": "chat", "operator": "Exists"}],
    "affinity": {"nodeAffinity": {}},
    "priorityClassName": "chat",
    "hostAliases": [{"ip": "10.0.0.9", "hostnames": ["db.example.org"]}],
}
ADDED: Object = {
    "extraEnv": [{"name": "HTTPS_PROXY", "value": "http://proxy.example.org:3128"}],
    "extraVolumes": [{"name": "mine", "configMap": {"name": "mine"}}],
    "extraVolumeMounts": [{"name": "mine", "mountPath": "/mine"}],
}


def each(values: Object) -> Iterator[tuple[str, Object]]:
    yield from pods(objects(EVERY | values))


@pytest.mark.parametrize("word", WANTED)
def test_what_is_asked_of_every_pod_reaches_every_pod(word: str) -> None:
    for who, pod in each({"podDefaults": {word: WANTED[word]}}):
        assert pod["spec"][word] == WANTED[word], who


def test_variables_and_mounts_reach_every_container() -> None:
    for who, pod in each({"podDefaults": ADDED}):
        assert ADDED["extraVolumes"][0] in pod["spec"]["volumes"], who
        for container in all_containers(pod):
            assert ADDED["extraEnv"][0] in container["env"], f"{who}/{container['name']}"
            assert ADDED["extraVolumeMounts"][0] in container["volumeMounts"], f"{who}/{container['name']}"


@pytest.mark.parametrize("source", ["configMap", "secret"])
def test_a_private_ca_reaches_every_container_by_the_names_that_tls_clients_read(source: str) -> None:
    for who, pod in each({"caBundle": {source: "house-ca", "key": "root.pem"}}):
        (volume,) = [one for one in pod["spec"]["volumes"] if one["name"] == "ca-bundle"]
        named = {"configMap": {"name": "house-ca"}, "secret": {"secretName": "house-ca"}}[source]
        assert volume[source] == named | {"items": [{"key": "root.pem", "path": "ca.crt"}]}, who
        for container in all_containers(pod):
            told = {entry["name"]: entry.get("value") for entry in container["env"]}
            for variable in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE", "PGSSLROOTCERT"):
                assert told[variable] == "/etc/olamchat-ca/ca.crt", f"{who}/{container['name']}"


COMPONENTS = {
    "functionDefaults": "auth",
    "web": "web",
    "poolDefaults": "worker-beside",
    "steps": "steps",
    "postgres": "postgres",
    "redis": "redis",
    "migrations": "migrations",
    "tests": "test",
}


def of(component: str, values: Object) -> Object:
    (pod,) = [pod for _, pod in each(values) if pod["metadata"]["labels"]["app.kubernetes.io/component"] == component]
    return pod


@pytest.mark.parametrize("where", COMPONENTS)
def test_what_a_component_says_of_its_own_pods_wins_and_lists_are_added(where: str) -> None:
    own = {"nodeSelector": {"disk": "fast"}, "tolerations": [{"key": "own"}], "priorityClassName": "own", "podAnnotations": {"own": "yes"}}
    pod = of(COMPONENTS[where], {"podDefaults": WANTED | ADDED, where: own | {"extraEnv": [{"name": "OWN", "value": "1"}]}})
    assert pod["spec"]["nodeSelector"] == {"group": "chat", "disk": "fast"}
    assert [one["key"] for one in pod["spec"]["tolerations"]] == ["chat", "own"]
    assert pod["spec"]["priorityClassName"] == "own"
    assert pod["metadata"]["annotations"]["own"] == "yes"
    names = [entry["name"] for entry in pod["spec"]["containers"][0]["env"]]
    assert {"HTTPS_PROXY", "OWN"} <= set(names)


def test_a_variable_said_twice_is_the_innermost_ones() -> None:
    values = {
        "podDefaults": {"extraEnv": [{"name": "A", "value": "outer"}]},
        "functionDefaults": {"extraEnv": [{"name": "A", "value": "inner"}]},
    }
    assert [entry for entry in of("auth", values)["spec"]["containers"][0]["env"] if entry["name"] == "A"] == [
        {"name": "A", "value": "inner"}
    ]


def test_the_test_pod_takes_its_resources_from_the_values() -> None:
    asked = {"requests": {"cpu": "1m", "memory": "8Mi"}, "limits": {"memory": "9Mi", "cpu": "1"}}
    assert of("test", {"tests": {"resources": asked}})["spec"]["containers"][0]["resources"] == asked
