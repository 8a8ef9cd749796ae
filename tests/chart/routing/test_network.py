"""The NetworkPolicies, worked out for every pair of pods: each arrow that is drawn is let through, and nothing else."""

from itertools import product

from functions.routes import FUNCTIONS
from tests.chart.rendering import CHART, NAMESPACE, Object, all_containers, matches, objects, objects_of, of_kind, pods

Labels = dict[str, str]

PROMETHEUS = ("prometheus", "monitoring", {"app": "prometheus"})
KEDA = ("keda", "keda", {"app": "keda"})
STRANGER = ("stranger", "elsewhere", {"app": "stranger"})
DNS = {"k8s-app": "kube-dns"}


def policies(release: tuple[Object, ...], labels: Labels) -> list[Object]:
    return [one["spec"] for one in of_kind(release, "NetworkPolicy") if matches(one["spec"]["podSelector"]["matchLabels"], labels)]


def is_peer(peer: Object, namespace: str, labels: Labels) -> bool:
    """Tell whether a policy's peer means the pod; a peer without a namespace means the release's own."""
    if "namespaceSelector" not in peer and namespace != NAMESPACE:
        return False
    wanted = peer.get("namespaceSelector", {}).get("matchLabels", {})
    return matches(wanted, {"kubernetes.io/metadata.name": namespace}) and matches(
        peer.get("podSelector", {}).get("matchLabels", {}), labels
    )


def lets(rules: list[Object], side: str, port: int, namespace: str, labels: Labels) -> bool:
    return any(
        port in [one["port"] for one in rule["ports"]]
        and (side not in rule or any(is_peer(peer, namespace, labels) for peer in rule[side]))
        for rule in rules
    )


def arrows(release: tuple[Object, ...], outsiders: tuple[tuple[str, str, Labels], ...] = ()) -> set[tuple[str, str, int]]:
    """Return every (from, to, port) that the policies let through, of all ports that containers listen on."""
    inside = [(who.split("/")[1].removeprefix("chat-"), NAMESPACE, pod["metadata"]["labels"]) for who, pod in pods(release)]
    ports = {
        who.split("/")[1].removeprefix("chat-"): [port["containerPort"] for one in all_containers(pod) for port in one.get("ports", [])]
        for who, pod in pods(release)
    }
    return {
        (source, target, port)
        for (source, source_space, source_labels), (target, _, target_labels) in product([*inside, *outsiders], inside)
        for port in ports[target]
        if source != target
        and all(lets(one.get("ingress", []), "from", port, source_space, source_labels) for one in policies(release, target_labels))
        and all(lets(one.get("egress", []), "to", port, NAMESPACE, target_labels) for one in policies(release, source_labels))
    }


def drawn(*, functions_to: tuple[tuple[str, int], ...], pools: tuple[str, ...], job: str) -> set[tuple[str, str, int]]:
    to_functions = {("web", function, 8000) for function in FUNCTIONS}
    from_functions = {(function, *store) for function, store in product(FUNCTIONS, functions_to)}
    from_workers = {(f"worker-{pool}", *store) for pool, store in product(pools, functions_to)}
    from_steps = {(role, *store) for store in functions_to for role in ("steps", "index")}
    return to_functions | from_functions | from_workers | from_steps | {(job, "postgres", 5432), ("test", "web", 8080)}


STORES = (("postgres", 5432), ("redis", 6379))


def job_of(release: tuple[Object, ...]) -> str:
    name: str = of_kind(release, "Job")[0]["metadata"]["name"]
    return name.removeprefix("chat-")


def test_every_pod_has_exactly_one_policy_for_both_ways(release: tuple[Object, ...]) -> None:
    for who, pod in pods(release):
        (policy,) = policies(release, pod["metadata"]["labels"])
        assert policy["policyTypes"] == ["Ingress", "Egress"], who


def test_a_closed_way_is_left_out_as_the_api_server_stores_it(release: tuple[Object, ...]) -> None:
    for one in of_kind(release, "NetworkPolicy"):
        assert all(one["spec"].get(way) != [] for way in ("ingress", "egress")), "an empty list differs at every apply"


def test_the_default_lets_each_drawn_arrow_through_and_nothing_else() -> None:
    release = objects_of(None)
    assert arrows(release) == drawn(functions_to=STORES, pools=("ollama",), job=job_of(release))


def test_a_stranger_reaches_the_page_alone() -> None:
    reached = {(target, port) for source, target, port in arrows(objects_of(None), (STRANGER,)) if source == "stranger"}
    assert reached == {("web", 8080)}


def test_an_engine_behind_a_service_is_reached_by_its_own_workers_alone() -> None:
    release = objects_of(CHART / "ci/gpu-pools-values.yaml")
    assert {arrow for arrow in arrows(release) if arrow[1].startswith("engine-")} == {("worker-large", "engine-large", 8001)}


def test_keda_reaches_redis_and_prometheus_the_metrics() -> None:
    release = objects_of(CHART / "ci/keda-values.yaml")
    found = arrows(release, (PROMETHEUS, KEDA))
    assert {arrow[1:] for arrow in found if arrow[0] == "keda"} - {("web", 8080)} == {("redis", 6379)}
    metrics = {(name, 8000) for name in (*FUNCTIONS, "worker-large", "worker-small", "steps", "index")}
    assert {arrow[1:] for arrow in found if arrow[0] == "prometheus"} - {("web", 8080)} == metrics


def test_with_the_outer_router_choosing_the_functions_strangers_reach_them_too() -> None:
    release = objects_of(CHART / "ci/traefik-values.yaml")
    reached = {target for source, target, _ in arrows(release, (STRANGER,)) if source == "stranger"}
    assert reached == {"web", *FUNCTIONS}


STEPS = {("steps", 80), ("steps", 443)}


def test_a_step_goes_out_but_not_into_the_cluster_unless_a_peer_is_named() -> None:
    def ways(values: Object) -> list[Object]:
        return [rule for rule in from_steps(values) if {port["port"] for port in rule["ports"]} == {80, 443}]

    (way,) = ways({})
    assert {peer["ipBlock"]["cidr"] for peer in way["to"]} == {"0.0.0.0/0", "::/0"}
    assert {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"} <= set(way["to"][0]["ipBlock"]["except"])
    peer = {"podSelector": {"matchLabels": {"app": "tools"}}}
    assert [one["to"] for one in ways({"networkPolicy": {"stepsTo": [peer]}})] == [[peer]]


def from_steps(values: Object) -> list[Object]:
    (policy,) = [one for one in of_kind(objects(values), "NetworkPolicy") if one["metadata"]["name"] == "chat-steps"]
    return list(policy["spec"]["egress"])


def test_a_search_engine_in_the_cluster_is_reached_where_it_is_named_and_nothing_beside_it() -> None:
    peer = {"podSelector": {"matchLabels": {"app": "searxng"}}}
    before, after = from_steps({}), from_steps({"networkPolicy": {"searchTo": [peer]}})
    assert after == [*before, {"to": [peer]}]


def outward(release: list[Object] | tuple[Object, ...]) -> set[tuple[str, int]]:
    """Return (component, port) of every rule that leads out of the cluster."""
    return {
        (one["metadata"]["labels"]["app.kubernetes.io/component"], port["port"])
        for one in of_kind(release, "NetworkPolicy")
        for rule in one["spec"].get("egress", [])
        if not all("podSelector" in peer for peer in rule.get("to", [{}]))
        for port in rule["ports"]
    }


def test_nobody_goes_out_but_who_pulls_models() -> None:
    assert outward(objects_of(None)) == {("worker-ollama", 443)} | STEPS
    assert outward(objects_of(CHART / "ci/minimal-values.yaml")) == STEPS
    assert outward(objects_of(CHART / "ci/air-gapped-values.yaml")) == set()


def test_an_external_engine_is_reached_on_its_urls_port() -> None:
    url_to_port = {"http://a.example.org": 80, "https://a.example.org/v1": 443, "http://a.example.org:8000/v1": 8000}
    for url, port in url_to_port.items():
        pool = {"name": "far", "engine": "openai", "placement": "external", "url": url}
        assert outward(objects({"workers": {"pools": [pool]}})) == {("worker-far", port)} | STEPS


def test_the_auth_function_alone_reaches_the_openid_provider() -> None:
    for url, port in {"https://sso.example.org/realms/staff": 443, "https://sso.example.org:8443": 8443}.items():
        settings = {"OLAMCHAT_OIDC_ISSUER": url}
        assert (
            outward(objects({"settings": settings, "workers": {"pools": [{"name": "demo", "engine": "demo"}]}})) == {("auth", port)} | STEPS
        )


def test_the_auth_function_alone_reaches_the_mail_server() -> None:
    demo = {"pools": [{"name": "demo", "engine": "demo"}]}
    for given, port in (({}, 587), ({"OLAMCHAT_SMTP_PORT": "465"}, 465)):
        settings = {"OLAMCHAT_SMTP_HOST": "mail.example.org", **given}
        assert outward(objects({"settings": settings, "workers": demo})) == {("auth", port)} | STEPS


def test_several_external_engines_are_reached_on_each_of_their_ports() -> None:
    assert {port for who, port in outward(objects_of(CHART / "ci/external-values.yaml")) if who == "worker-shelf"} == {
        8080,
        8081,
        5432,
        6379,
        9000,
    }


def test_who_may_look_for_names_is_who_goes_anywhere(release: tuple[Object, ...]) -> None:
    for one in of_kind(release, "NetworkPolicy"):
        rules = one["spec"].get("egress", [])
        assert not rules or rules[0]["to"][0]["podSelector"]["matchLabels"] == DNS
