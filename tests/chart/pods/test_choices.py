"""What single values do, and that values which contradict each other are refused with a sentence."""

import base64
import re

import helm_python
import pytest
from cryptography.hazmat.primitives import serialization

from functions.routes import FUNCTIONS, ROUTES
from tests.chart.rendering import Object, all_containers, env, named, objects, of_kind, pods, texts

TRAEFIK = {"routing": {"mode": "regex", "hosts": ["a.example.org"], "ingress": {"enabled": True, "controller": "traefik"}}}


def pool(**more: object) -> Object:
    return {"workers": {"pools": [{"name": "gpus", "models": ["a"]} | more]}}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"postgres": {"mode": "external"}}, "name the secret that holds `url` in postgres.existingSecret"),
        ({"redis": {"mode": "external"}}, "name the secret that holds `url` and `password`"),
        ({"steps": {"autoscaling": {"min": 5}}}, "steps.autoscaling: min 5 is above max 4"),
        ({"backup": {"enabled": True}}, "the bucket of the dumps"),
        ({"keda": {"enabled": True}, "redis": {"mode": "external", "existingSecret": "a"}}, "wants its name in redis.keda.host"),
        ({"migrations": {"hook": True}}, "the embedded Postgres isn't there yet"),
        ({"routing": {"mode": "regex"}}, "neither routing.ingress nor routing.gateway"),
        ({"routing": {"mode": "regex", "ingress": {"enabled": True}}}, "each controller has its own syntax"),
        ({"routing": {"gateway": {"enabled": True}}}, "routing.gateway.parentRefs"),
        ({"routing": {"ingress": {"enabled": True, "tlsSecret": "a"}}}, "a certificate is for names"),
        ({"functions": {"auth": {"autoscaling": {"min": 11}}}}, "functions.auth.autoscaling: min 11 is above max 10"),
        ({"keda": {"enabled": True}, "functions": {"stream": {"autoscaling": {"openStreams": 9}}}}, "missing in monitoring.prometheusUrl"),
        (pool(scaling={"min": 3}), "scaling.min 3 is above scaling.max 1"),
        (pool(scaling={"min": 0}), "only KEDA brings a pool back from zero"),
        ({"keda": {"enabled": True}} | pool(scaling={"min": 0}, placement="service"), "its workers would find nobody"),
        (pool(placement="external"), "placement is external, but url is empty"),
        (pool(engine="openai"), "its placement is external"),
        (pool(url="http://a"), "url is for engines that are external"),
        (pool(engine="vllm", models=["a", "b"]), "a vLLM serves one model; models names 2"),
        (pool(cache={"enabled": True}, scaling={"max": 2}), "its cache is ReadWriteOnce, which one pod at a time can hold"),
        (pool(gpu={"count": 1, "claim": {"devices": {}}}), "both ask for a GPU"),
        (pool(placement="external", url="http://a", gpu={"count": 1}), "no engine of it runs in this cluster"),
        ({"workers": {"pools": [{"name": "a"}, {"name": "a"}]}}, "two pools are named a"),
    ],
)
def test_values_that_contradict_each_other_are_refused_with_a_sentence(values: Object, sentence: str) -> None:
    with pytest.raises(helm_python.HelmError) as refused:
        texts(values)
    assert sentence in str(refused.value)


def test_null_removes_a_function_and_all_that_is_its() -> None:
    found = objects({"functions": {"models": None}})
    assert not [one for one in found if one["metadata"]["name"] == "chat-models"]
    assert not re.search("(server chat-|http://|upstream )models", named(found, "ConfigMap", "chat-web")["data"]["nginx.conf"])


def test_an_empty_function_takes_the_defaults_and_a_word_changes_one() -> None:
    found = objects({"functionDefaults": {"databaseConnections": 7}, "functions": {"messages": {"databaseConnections": 9}}})
    sizes = {
        name: env(named(found, "Deployment", f"chat-{name}")["spec"]["template"]["spec"]["containers"][0])["OLAMCHAT_DB_POOL_SIZE"]
        for name in FUNCTIONS
    }
    assert sizes == dict.fromkeys(FUNCTIONS, "7") | {"messages": "9"}


def test_the_public_key_that_is_made_belongs_to_the_private_one() -> None:
    for _ in range(5):
        data = named(objects(), "Secret", "chat-keys")["data"]
        private = serialization.load_pem_private_key(base64.b64decode(data["signing.pem"]), password=None)
        public = serialization.load_pem_public_key(base64.b64decode(data["verify.pem"]))
        raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
        assert private.public_key().public_bytes(*raw) == public.public_bytes(*raw)


def test_an_ingress_by_regex_has_each_row_of_the_route_table_and_the_page_for_the_rest() -> None:
    found = objects(TRAEFIK)
    api = named(found, "Ingress", "chat-api")
    rows = [(path["path"], path["backend"]["service"]["name"]) for path in api["spec"]["rules"][0]["http"]["paths"]]
    assert rows == [(route.pattern[1:], f"chat-{route.function}") for route in ROUTES]
    assert api["metadata"]["annotations"] == {"traefik.ingress.kubernetes.io/router.pathmatcher": "PathRegexp"}
    page = named(found, "Ingress", "chat-web")
    assert [path["path"] for path in page["spec"]["rules"][0]["http"]["paths"]] == ["/"]
    assert "annotations" not in page["metadata"]


def test_a_route_by_regex_has_each_row_of_the_route_table_and_no_time_limit_for_streams() -> None:
    routes = of_kind(objects({"routing": {"mode": "regex", "gateway": {"enabled": True, "parentRefs": [{"name": "a"}]}}}), "HTTPRoute")
    assert all(len(route["spec"]["rules"]) <= 16 for route in routes), "the API server takes no more"
    rules = [rule for route in sorted(routes, key=lambda one: str(one["metadata"]["name"])) for rule in route["spec"]["rules"]]
    rows = [(rule["matches"][0]["path"]["value"], rule["backendRefs"][0]["name"], "timeouts" in rule) for rule in rules]
    assert rows == [*((route.pattern, f"chat-{route.function}", route.streams) for route in ROUTES), ("/", "chat-web", False)]


def test_the_outer_router_needs_one_rule() -> None:
    (ingress,) = of_kind(objects({"routing": {"ingress": {"enabled": True}}}), "Ingress")
    assert [path["path"] for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]] == ["/"]


def test_a_mirror_takes_the_place_of_every_registry() -> None:
    found = objects({"imageRegistry": "mirror.example.internal"})
    images = {container["image"] for _, pod in pods(found) for container in all_containers(pod)}
    assert all(image.startswith("mirror.example.internal/") for image in images), images
    assert not any("docker.io" in image for image in images)


def test_an_image_goes_by_its_digest_where_there_is_one() -> None:
    found = objects({"image": {"digest": "sha256:abc", "tag": "1"}})
    assert (
        named(found, "Deployment", "chat-auth")["spec"]["template"]["spec"]["containers"][0]["image"] == "docker.io/olamchat/app@sha256:abc"
    )


def test_another_image_gets_another_migration_job() -> None:
    before, after = (of_kind(objects({"image": {"tag": tag}}), "Job")[0]["metadata"]["name"] for tag in ("1", "2"))
    assert before != after


def test_a_vllm_with_two_gpus_shares_the_model_between_them_and_ends_within_its_grace() -> None:
    found = objects(pool(engine="vllm", placement="service", gpu={"count": 2}, graceSeconds=90))
    spec = named(found, "Deployment", "chat-engine-gpus")["spec"]["template"]["spec"]
    assert {"--tensor-parallel-size=2", "--shutdown-timeout=90"} <= set(spec["containers"][0]["args"])
    assert spec["containers"][0]["resources"]["limits"]["nvidia.com/gpu"] == 2
    assert spec["terminationGracePeriodSeconds"] > 90


def test_an_engine_beside_its_worker_starts_before_it_and_ends_after_it() -> None:
    spec = named(objects(), "Deployment", "chat-worker-ollama")["spec"]["template"]["spec"]
    assert [(one["name"], one.get("restartPolicy")) for one in spec["initContainers"]] == [
        ("schema", None),
        ("models", None),
        ("engine", "Always"),
    ]


def test_a_pool_scales_where_its_engine_is() -> None:
    values = pool(engine="vllm", placement="service", scaling={"max": 3})
    (by_hpa,) = [one for one in of_kind(objects(values), "HorizontalPodAutoscaler") if "gpus" in one["metadata"]["name"]]
    (by_keda,) = [
        one for one in of_kind(objects(values | {"keda": {"enabled": True}}), "ScaledObject") if "gpus" in one["metadata"]["name"]
    ]
    assert by_hpa["spec"]["scaleTargetRef"]["name"] == by_keda["spec"]["scaleTargetRef"]["name"] == "chat-engine-gpus"


def test_settings_reach_every_process() -> None:
    found = objects({"settings": {"OLAMCHAT_ACCESS_TTL_S": 60, "OLAMCHAT_SECURE_COOKIES": False}})
    for who in ("chat-auth", "chat-worker-ollama"):
        told = env(named(found, "Deployment", who)["spec"]["template"]["spec"]["containers"][0])
        assert told["OLAMCHAT_ACCESS_TTL_S"] == "60"
        assert told["OLAMCHAT_SECURE_COOKIES"] == "false"


def test_objects_of_your_own_are_templates_too() -> None:
    found = objects({"extraObjects": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "{{ .Release.Name }}-mine"}}]})
    assert named(found, "ConfigMap", "chat-mine")


@pytest.mark.parametrize(
    ("routing", "hops"),
    [
        ({}, "1"),
        ({"ingress": {"enabled": True}}, "2"),
        ({"ingress": {"enabled": True}, "outerHops": 2}, "3"),
        ({"mode": "regex", "ingress": {"enabled": True, "controller": "traefik"}}, "1"),
    ],
)
def test_as_many_proxies_are_believed_as_there_are(routing: Object, hops: str) -> None:
    auth = named(objects({"routing": routing}), "Deployment", "chat-auth")["spec"]["template"]["spec"]["containers"][0]
    assert env(auth)["OLAMCHAT_TRUSTED_HOPS"] == hops


@pytest.mark.parametrize(("section", "variable"), [("search", "OLAMCHAT_SEARCH_KEY"), ("connections", "OLAMCHAT_CONNECTION_KEYS")])
def test_what_only_step_workers_need_is_given_to_them_alone(section: str, variable: str) -> None:
    release = objects({section: {"existingSecret": "theirs"}})
    having = {who for who, pod in pods(release) for each in all_containers(pod) if variable in env(each)}
    assert having == {"Deployment/chat-steps"}
