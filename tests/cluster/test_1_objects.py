"""Every ci file is taken by a real API server, to the last key and without a warning."""

import json
from pathlib import Path

import pytest
import yaml

from tests.chart.rendering import CHART, CI, values_of
from tests.cluster.release import kubectl, restricted, run


def rendered(file: Path | None, *, version: str = "v1.37.2") -> str:
    given = ["-f", str(file)] if file else []
    told = ["--set", "generateWithoutCluster=true", "--kube-version", version]
    return run("helm", "template", "chat", str(CHART), "-n", "dry", *given, *told)


@pytest.fixture(scope="module")
def dry() -> str:
    """A namespace for dry runs: with the standard that all pods must meet, and with the account that a bare pod is looked up with."""
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "chat-pods", "namespace": restricted("dry")}}
    kubectl("apply", "--server-side", "-f", "-", given=json.dumps(account))
    return "dry"


@pytest.mark.parametrize("file", [None, *CI], ids=lambda file: file.stem.removesuffix("-values") if file else "default")
def test_a_real_api_server_takes_every_object_without_a_warning(dry: str, file: Path | None) -> None:
    assert kubectl("-n", dry, "apply", "--server-side", "--dry-run=server", "-f", "-", given=rendered(file))


def test_policies_that_were_applied_do_not_differ_from_what_was_stored() -> None:
    policies = [one for one in yaml.safe_load_all(rendered(CHART / "ci/minimal-values.yaml")) if one and one["kind"] == "NetworkPolicy"]
    for one in policies:
        one["metadata"] |= {"namespace": "default", "name": f"trial-{one['metadata']['name']}"}
        one["spec"]["podSelector"] = {"matchLabels": {"nobody": "here"}}
    text = yaml.safe_dump_all(policies)
    kubectl("apply", "-f", "-", given=text)
    try:
        assert kubectl("diff", "-f", "-", given=text) == ""
    finally:
        kubectl("delete", "-f", "-", given=text)


def test_the_values_of_this_very_test_are_allowed() -> None:
    assert values_of(Path(__file__).parent / "values.yaml")["keda"]["enabled"]
