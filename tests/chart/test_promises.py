"""What the chart promises of every installation, asked of the rendered objects."""

import re
from collections.abc import Iterator

import pytest

from functions.routes import FUNCTIONS
from olamchat.environment import VARIABLES
from tests.chart.rendering import Object, all_containers, containers, env, matches, objects, of_kind, pods
from worker.engines.registry import NAMED

Release = tuple[Object, ...]

# Secrets that the ci files name as the user's own.
YOURS = {
    "chat-keys-of-mine",
    "chat-database",
    "chat-redis-of-mine",
    "chat-tokens-of-mine",
    "chat-objects",
    "models-key",
    "hugging-face",
    "mirror",
    "chat-tls",
}


def is_for_development(release: Release) -> bool:
    """Tell whether changed files are copied into the functions' pods (skaffold)."""
    (auth,) = [pod for who, pod in pods(release) if who == "Deployment/chat-auth"]
    return auth["spec"]["containers"][0]["securityContext"]["readOnlyRootFilesystem"] is False


def workloads(release: Release) -> list[Object]:
    return of_kind(release, "Deployment", "StatefulSet")


def test_every_service_leads_to_a_pod_with_that_port(release: Release) -> None:
    for service in of_kind(release, "Service"):
        selected = [pod for _, pod in pods(release) if matches(service["spec"]["selector"], pod["metadata"]["labels"])]
        assert len(selected) == 1, service["metadata"]["name"]
        names = {port["name"] for container in containers(selected[0]) for port in container.get("ports", [])}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= names


def test_a_workload_selects_its_own_pods_and_no_others(release: Release) -> None:
    for one in workloads(release):
        selector = one["spec"]["selector"]["matchLabels"]
        selected = [who for who, pod in pods(release) if matches(selector, pod["metadata"]["labels"])]
        assert selected == [f"{one['kind']}/{one['metadata']['name']}"]


def keys_of(release: Release, kind: str) -> dict[str, set[str]]:
    return {one["metadata"]["name"]: set(one.get("data", {}) | one.get("stringData", {})) for one in of_kind(release, kind)}


def references(pod: Object) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, name, key) of everything a pod reads from secrets and config maps."""
    for container in all_containers(pod):
        for source in env(container).values():
            if isinstance(source, dict) and "secretKeyRef" in source:
                yield "Secret", source["secretKeyRef"]["name"], source["secretKeyRef"]["key"]
    for volume in pod["spec"]["volumes"]:
        for item in volume.get("secret", {}).get("items", []):
            yield "Secret", volume["secret"]["secretName"], item["key"]
        if "configMap" in volume:
            yield "ConfigMap", volume["configMap"]["name"], ""


def test_every_key_that_is_read_is_there(release: Release) -> None:
    there = {kind: keys_of(release, kind) for kind in ("Secret", "ConfigMap")}
    for who, pod in pods(release):
        for kind, name, key in references(pod):
            assert name in YOURS or (name in there[kind] and (not key or key in there[kind][name])), f"{who} reads {kind} {name}/{key}"


def test_what_is_shown_to_the_openid_provider_is_a_secret_of_yours_that_auth_alone_has() -> None:
    release = tuple(objects({"oidc": {"existingSecret": "chat-sso"}}))
    holders = {
        who: source for who, pod in pods(release) for one in containers(pod) for source in [env(one).get("OLAMCHAT_OIDC_CLIENT_SECRET")]
    }
    assert {who: source for who, source in holders.items() if source} == {
        "Deployment/chat-auth": {"secretKeyRef": {"name": "chat-sso", "key": "client-secret"}}
    }


def test_the_mail_servers_password_is_a_secret_of_yours_that_auth_alone_has() -> None:
    release = tuple(objects({"smtp": {"existingSecret": "chat-mail"}}))
    holders = {who: source for who, pod in pods(release) for one in containers(pod) for source in [env(one).get("OLAMCHAT_SMTP_PASSWORD")]}
    assert {who: source for who, source in holders.items() if source} == {
        "Deployment/chat-auth": {"secretKeyRef": {"name": "chat-mail", "key": "smtp-password"}}
    }


def test_every_mount_has_its_volume_and_every_volume_is_mounted(release: Release) -> None:
    for who, pod in pods(release):
        volumes = {volume["name"] for volume in pod["spec"]["volumes"]}
        assert volumes == {mount["name"] for container in all_containers(pod) for mount in container["volumeMounts"]}, who


def test_every_container_that_stays_has_all_three_probes(release: Release) -> None:
    for who, pod in pods(release):
        if pod["spec"].get("restartPolicy") in (None, "Always"):
            for container in containers(pod):
                assert {"startupProbe", "readinessProbe", "livenessProbe"} <= set(container), f"{who}/{container['name']}"


def test_a_probe_asks_a_port_the_container_has(release: Release) -> None:
    for who, pod in pods(release):
        for container in containers(pod):
            names = {port["name"] for port in container.get("ports", [])}
            asked = {probe["httpGet"]["port"] for name, probe in container.items() if name.endswith("Probe") and "httpGet" in probe}
            assert asked <= names, f"{who}/{container['name']}"


def test_no_port_of_a_pod_is_wanted_twice(release: Release) -> None:
    for who, pod in pods(release):
        ports = [port["containerPort"] for container in all_containers(pod) for port in container.get("ports", [])]
        assert len(ports) == len(set(ports)), f"{who}: its containers share one network, and its ports are {ports}"


def test_no_variable_of_a_container_is_said_twice(release: Release) -> None:
    for who, pod in pods(release):
        for container in all_containers(pod):
            names = [entry["name"] for entry in container.get("env", [])]
            assert len(names) == len(set(names)), f"{who}/{container['name']}: {names}"


def test_every_container_asks_for_what_it_needs_and_has_a_memory_limit(release: Release) -> None:
    for who, pod in pods(release):
        for container in all_containers(pod):
            assert {"cpu", "memory"} <= set(container["resources"]["requests"]), f"{who}/{container['name']}"
            assert "memory" in container["resources"]["limits"], f"{who}/{container['name']}"


def test_every_pod_passes_the_restricted_standard_and_writes_nothing_outside_its_volumes(release: Release) -> None:
    for who, pod in pods(release):
        spec = pod["spec"]
        assert not any(spec.get(host) for host in ("hostNetwork", "hostPID", "hostIPC")), who
        assert spec["securityContext"]["runAsNonRoot"] is True, who
        assert spec["securityContext"]["runAsUser"] > 0, who
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, who
        kinds = {kind for volume in spec["volumes"] for kind in volume if kind != "name"}
        assert kinds <= {"configMap", "secret", "emptyDir", "persistentVolumeClaim", "projected"}, who
        for container in all_containers(pod):
            if "docker.io/olamchat/app" in container["image"] and is_for_development(release):
                continue
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
            }, f"{who}/{container['name']}"  # fmt: skip


def before_sigterm(container: Object) -> int:
    """Seconds a container's preStop hook takes."""
    hook = container.get("lifecycle", {}).get("preStop", {})
    return int(hook["sleep"]["seconds"]) if hook else 0


def after_sigterm(container: Object) -> float:
    """Seconds a container's process takes at most once it is told to end."""
    told = env(container)
    timeouts = [float(told[name]) for name in ("OLAMCHAT_GRACEFUL_S", "OLAMCHAT_WORKER_GRACE_S") if name in told]
    shutdown = [float(arg.partition("=")[2]) for arg in container.get("args", []) if arg.startswith("--shutdown-timeout=")]
    return sum(timeouts + shutdown)


def test_nobody_is_killed_before_its_time(release: Release) -> None:
    for who, pod in pods(release):
        for container in containers(pod):
            longest = before_sigterm(container) + after_sigterm(container)
            assert longest + 5 <= pod["spec"]["terminationGracePeriodSeconds"], f"{who}/{container['name']}"


def test_whoever_is_sent_requests_is_given_time_to_leave_the_endpoints(release: Release) -> None:
    served = [service["spec"]["selector"] for service in of_kind(release, "Service") if service["spec"].get("clusterIP") != "None"]
    for who, pod in pods(release):
        if any(matches(selector, pod["metadata"]["labels"]) for selector in served):
            assert before_sigterm(pod["spec"]["containers"][0]) > 0 or pod["metadata"]["labels"].get("olamchat/kind") == "engine", who


def test_replicas_are_said_by_the_chart_or_by_an_autoscaler_never_by_both(release: Release) -> None:
    scaled = [one["spec"]["scaleTargetRef"]["name"] for one in of_kind(release, "HorizontalPodAutoscaler", "ScaledObject")]
    assert len(scaled) == len(set(scaled)), "two autoscalers pull at one Deployment"
    for one in of_kind(release, "Deployment"):
        assert ("replicas" in one["spec"]) != (one["metadata"]["name"] in scaled), one["metadata"]["name"]
    assert set(scaled) <= {one["metadata"]["name"] for one in of_kind(release, "Deployment")}


def test_autoscalers_go_up_at_once_and_down_slowly(release: Release) -> None:
    for one in of_kind(release, "HorizontalPodAutoscaler", "ScaledObject"):
        spec = one["spec"]
        behavior = spec["behavior"] if "behavior" in spec else spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
        assert behavior["scaleUp"]["stabilizationWindowSeconds"] == 0
        assert behavior["scaleDown"]["stabilizationWindowSeconds"] >= 300


def test_a_scaled_object_counts_the_pools_answers_and_holds_still_when_it_cannot(release: Release) -> None:
    for one in of_kind(release, "ScaledObject"):
        assert one["spec"]["fallback"]["replicas"] >= max(1, one["spec"]["minReplicaCount"])
        for trigger in one["spec"]["triggers"]:
            if trigger["type"] == "redis":
                assert re.fullmatch(r"(pool:[a-z-]+|steps|index):load", trigger["metadata"]["listName"])


def test_a_disruption_budget_stands_where_two_pods_are_sure(release: Release) -> None:
    fewest = {one["spec"]["scaleTargetRef"]["name"]: one["spec"].get("minReplicas", one["spec"].get("minReplicaCount"))
              for one in of_kind(release, "HorizontalPodAutoscaler", "ScaledObject")}  # fmt: skip
    guarded = {one["metadata"]["name"] for one in of_kind(release, "PodDisruptionBudget")}
    for name, count in fewest.items():
        assert (name in guarded) == (count >= 2), name


def test_only_auth_is_given_the_signing_key(release: Release) -> None:
    holders = {who for who, pod in pods(release) for kind, _, key in references(pod) if kind == "Secret" and key == "signing.pem"}
    assert holders == {"Deployment/chat-auth"}


def test_only_auth_knows_the_set_up_token_and_only_the_test_the_other_one(release: Release) -> None:
    holders = {key: {who for who, pod in pods(release) for kind, _, read in references(pod) if (kind, read) == ("Secret", key)}
               for key in ("set-up-token", "smoke-test-token")}  # fmt: skip
    assert holders == {"set-up-token": {"Deployment/chat-auth"}, "smoke-test-token": {"Deployment/chat-auth", "Pod/chat-test"}}


def test_every_function_verifies(release: Release) -> None:
    verifiers = {who for who, pod in pods(release) for _, _, key in references(pod) if key == "verify.pem"}
    assert verifiers == {f"Deployment/chat-{function}" for function in FUNCTIONS}


def test_every_variable_is_one_that_a_process_reads(release: Release) -> None:
    known = {*VARIABLES.values(), *NAMED} | {f"BACKUP_{name}" for name in ("BUCKET", "URL", "REGION", "PREFIX", "ACCESS_KEY", "SECRET_KEY")}
    for who, pod in pods(release):
        for container in all_containers(pod):
            if "/app" in container["image"] or "olamchat/web" in container["image"]:
                assert set(env(container)) <= known, who


def test_a_pod_has_a_token_only_where_a_role_needs_it(release: Release) -> None:
    bound = {subject["name"] for one in of_kind(release, "RoleBinding") for subject in one["subjects"]}
    for who, pod in pods(release):
        assert pod["spec"]["automountServiceAccountToken"] == (pod["spec"]["serviceAccountName"] in bound), who


def test_roles_are_the_least(release: Release) -> None:
    rights = {one["metadata"]["name"]: one["rules"] for one in of_kind(release, "Role")}
    allowed = {
        "chat-models": [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["list"]}],
        "chat-workers": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["patch"]}],
    }
    assert rights.items() <= allowed.items()
    assert not of_kind(release, "ClusterRole", "ClusterRoleBinding")
    if "chat-workers" in rights:
        assert of_kind(release, "ValidatingAdmissionPolicy"), "patching pods is narrowed to the worker's own annotation"


def test_a_worker_may_change_nothing_of_its_pod_but_one_annotation(release: Release) -> None:
    for policy in of_kind(release, "ValidatingAdmissionPolicy"):
        said = " ".join(rule["expression"] for rule in policy["spec"]["validations"])
        assert "object.spec == oldObject.spec" in said
        for part in ("labels", "finalizers", "ownerReferences"):
            assert f"object.metadata.?{part} == oldObject.metadata.?{part}" in said, part
        assert "variables.before.all(" in said, "other annotations can't be dropped either"


def test_everything_bears_the_standard_labels_and_the_namespace(release: Release) -> None:
    for one in release:
        assert one["metadata"]["labels"].keys() >= {
            "app.kubernetes.io/name",
            "app.kubernetes.io/instance",
            "app.kubernetes.io/component",
            "helm.sh/chart",
        }
        assert one["metadata"].get("namespace") == "rooms" or one["kind"].startswith("ValidatingAdmission")


def test_pods_wait_for_the_schema(release: Release) -> None:
    for who, pod in pods(release):
        if pod["metadata"]["labels"].get("olamchat/kind") in ("function", "worker", "steps", "index"):
            assert pod["spec"]["initContainers"][0]["args"] == ["python", "-m", "migrations", "wait"], who


def test_a_gpu_is_asked_for_by_the_engine_alone(release: Release) -> None:
    for who, pod in pods(release):
        for container in all_containers(pod):
            asked = {name for name in container["resources"]["limits"] if "/" in name} | {
                "claim" for _ in container["resources"].get("claims", [])
            }
            assert not asked or container["name"] == "engine", who


@pytest.mark.parametrize("word", ["bitnami", ":latest", "ingress-nginx", "nginx.ingress.kubernetes.io"])
def test_what_is_not_to_be_here_is_not_here(release: Release, word: str) -> None:
    assert word not in repr(release)


def test_only_who_handles_files_has_the_keys_of_their_store(release: Release) -> None:
    for who, pod in pods(release):
        told = {entry["name"] for container in all_containers(pod) for entry in container.get("env", [])}
        component = pod["metadata"]["labels"]["app.kubernetes.io/component"]
        if "OLAMCHAT_S3_SECRET_KEY" in told:
            assert component in {"files", "knowledge", "index"} or component.startswith("worker-"), who
