"""The chart, rendered by Helm 4 in this process, and small questions about the objects that come out."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from helm_python import Chart

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts/olamchat"
CI = sorted((CHART / "ci").glob("*-values.yaml"))
NAMESPACE = "rooms"

# libyaml's safe loader: ten times as fast as the one in Python, which took two thirds of a rendering.
_LOADER = yaml.CSafeLoader

Object = dict[str, Any]


def values_of(file: Path) -> Object:
    """Return a values file's content."""
    loaded: Object = yaml.load(file.read_text(), _LOADER)
    return loaded


def texts(values: Object | None = None, *, release: str = "chat") -> dict[str, str]:
    """Return what each template renders to. There is no cluster to ask here, so that is allowed unless the values say otherwise."""
    given = {"generateWithoutCluster": True} | (values or {})
    rendered: dict[str, str] = Chart.load(CHART).render(given, name=release, namespace=NAMESPACE, revision=1, is_install=True)
    return rendered


def objects(values: Object | None = None, *, release: str = "chat") -> list[Object]:
    """Return every object of a release."""
    return [
        one
        for name, text in texts(values, release=release).items()
        if name.endswith(".yaml")
        for one in yaml.load_all(text, _LOADER)
        if one
    ]


@cache
def objects_of(file: Path | None) -> tuple[Object, ...]:
    """Return every object of a ci file's release, or of the defaults; don't change them."""
    return tuple(objects(values_of(file) if file else {}))


def of_kind(found: list[Object] | tuple[Object, ...], *kinds: str) -> list[Object]:
    return [one for one in found if one["kind"] in kinds]


def named(found: list[Object] | tuple[Object, ...], kind: str, name: str) -> Object:
    (one,) = [one for one in of_kind(found, kind) if one["metadata"]["name"] == name]
    return one


def pods(found: list[Object] | tuple[Object, ...]) -> Iterator[tuple[str, Object]]:
    """Yield (who, pod template) of everything that makes pods."""
    for one in of_kind(found, "Deployment", "StatefulSet", "Job"):
        yield f"{one['kind']}/{one['metadata']['name']}", one["spec"]["template"]
    for one in of_kind(found, "CronJob"):
        yield f"CronJob/{one['metadata']['name']}", one["spec"]["jobTemplate"]["spec"]["template"]
    for one in of_kind(found, "Pod"):
        yield f"Pod/{one['metadata']['name']}", one


def containers(pod: Object) -> list[Object]:
    """Return the containers that stay: the pod's own and its sidecars."""
    sidecars = [one for one in pod["spec"].get("initContainers", []) if one.get("restartPolicy") == "Always"]
    return [*pod["spec"]["containers"], *sidecars]


def all_containers(pod: Object) -> list[Object]:
    return [*pod["spec"]["containers"], *pod["spec"].get("initContainers", [])]


def env(container: Object) -> dict[str, Any]:
    """Return a container's variables: the value, or where it comes from."""
    return {one["name"]: one.get("value", one.get("valueFrom")) for one in container.get("env", [])}


def matches(selector: dict[str, str], labels: dict[str, str]) -> bool:
    return selector.items() <= labels.items()
