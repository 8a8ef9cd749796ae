"""What alerts and the dashboard ask for is what processes count."""

import json
import re
from typing import Any

import yaml

from tests.chart.rendering import CHART, ROOT, named, objects, of_kind

MONITORED: dict[str, Any] = {"monitoring": {"monitors": True, "rules": True, "dashboard": True}}
ASKED = re.compile(r"olamchat_\w+")


def counted() -> set[str]:
    """Every metric's name in the code."""
    sources = "\n".join(file.read_text() for room in ("functions", "worker", "olamchat") for file in (ROOT / room).rglob("*.py"))
    return set(re.findall(r'"(olamchat_\w+)"', sources))


def test_every_metric_that_is_asked_for_is_counted() -> None:
    asked = set(ASKED.findall((CHART / "files/alerts.yaml").read_text() + (CHART / "files/dashboard.json").read_text()))
    assert {re.sub("_(bucket|sum|count)$", "", name) for name in asked} <= counted()


def test_an_autoscaler_asks_for_what_is_counted() -> None:
    values = {"workers": {"pools": [{"name": "a", "scaling": {"max": 2}}]}, "functions": {"stream": {"autoscaling": {"openStreams": 9}}}}
    asked = set(re.findall(r"olamchat_[a-z_]+", json.dumps(of_kind(objects(values), "HorizontalPodAutoscaler"))))
    assert asked == {"olamchat_pool_load", "olamchat_open_streams"}
    assert asked <= counted()


def test_alerts_ask_for_this_namespace_and_each_has_a_sentence() -> None:
    (rule,) = of_kind(objects(MONITORED), "PrometheusRule")
    for alert in rule["spec"]["groups"][0]["rules"]:
        assert 'namespace="rooms"' in alert["expr"], alert["alert"]
        assert "NAMESPACE" not in alert["expr"]
        assert alert["annotations"]["summary"].endswith("."), alert["alert"]


def test_the_dashboard_is_json_with_panels_that_do_not_overlap() -> None:
    panels = json.loads(named(objects(MONITORED), "ConfigMap", "chat-dashboard")["data"]["olamchat.json"])["panels"]
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(places) == len(set(places)) >= 6


def test_the_monitors_find_what_they_look_for() -> None:
    found = objects(MONITORED)
    (monitor,) = of_kind(found, "ServiceMonitor")
    (expression,) = monitor["spec"]["selector"]["matchExpressions"]
    services = {one["metadata"]["labels"]["app.kubernetes.io/component"] for one in of_kind(found, "Service")}
    assert set(expression["values"]) <= services
    assert yaml.safe_dump(monitor["spec"]["endpoints"]).count("http") == 1
