"""skaffold.yaml builds what the Dockerfile has, deploys what the chart takes, and has no key that skaffold doesn't know."""

import re
from typing import Any

import jsonschema
import yaml

from tests.chart.rendering import CHART, ROOT, named, objects, values_of

text = {"type": "string"}


def form(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties, "additionalProperties": False}


def many(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


# The part of skaffold's schema v4beta13 that is used here, in words of our own.
SCHEMA = form(
    ("apiVersion", "kind"),
    apiVersion={"const": "skaffold/v4beta13"},
    kind={"const": "Config"},
    metadata=form(name=text),
    build=form(
        tagPolicy=form(inputDigest={"type": "object"}),
        local=form(push={"type": "boolean"}),
        artifacts=many(
            form(
                ("image",),
                image=text,
                context=text,
                docker=form(dockerfile=text, target=text),
                sync=form(manual=many(form(("src", "dest"), src=text, dest=text, strip=text))),
            )
        ),
    ),
    deploy=form(
        statusCheckDeadlineSeconds={"type": "integer"},
        helm=form(
            releases=many(
                form(
                    ("name",),
                    name=text,
                    namespace=text,
                    createNamespace={"type": "boolean"},
                    chartPath=text,
                    valuesFiles=many(text),
                    setValueTemplates={"type": "object", "additionalProperties": text},
                    wait={"type": "boolean"},
                )
            )
        ),
    ),
    portForward=many(
        form(resourceType=text, resourceName=text, namespace=text, port={"type": ["integer", "string"]}, localPort={"type": "integer"})
    ),
)

skaffold: dict[str, Any] = yaml.safe_load((ROOT / "skaffold.yaml").read_text())
(helm_release,) = skaffold["deploy"]["helm"]["releases"]


def test_every_key_is_one_that_skaffold_knows() -> None:
    jsonschema.validate(skaffold, SCHEMA)


def test_what_is_built_is_in_the_dockerfile() -> None:
    targets = set(re.findall(r"^FROM .* AS (\w+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    assert {artifact["docker"]["target"] for artifact in skaffold["build"]["artifacts"]} <= targets


def test_what_is_set_is_a_value_of_the_chart_and_what_is_forwarded_a_service() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    for path in helm_release["setValueTemplates"]:
        found = values
        for name in path.split("."):
            found = found[name]
    (file,) = helm_release["valuesFiles"]
    for forward in skaffold["portForward"]:
        service = named(objects(values_of(ROOT / file)), "Service", forward["resourceName"])
        assert forward["port"] in [port["port"] for port in service["spec"]["ports"]]


def test_what_is_copied_lands_where_it_is_read() -> None:
    (manual,) = (artifact["sync"]["manual"] for artifact in skaffold["build"]["artifacts"] if "sync" in artifact)
    assert [(rule["src"].split("/")[0], rule["dest"]) for rule in manual] == [("functions", "/srv/olamchat")]
    assert "WORKDIR /srv/olamchat" in (ROOT / "Dockerfile").read_text()
