"""What a process tells of itself: metrics by route, and log lines with the ids of what they are about."""

import json
import logging
import re
import urllib.request
from pathlib import Path

from flask import Flask

from bench.systems.stack import Shape, Stack
from local.parts import ROOT
from olamchat import logs

NAMES = re.compile(r"\b(olamchat_[a-z_]+?)(?:_bucket|_sum|_count)?\b(?=[{\[\s)])")


def told(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return str(answer.read().decode())


def test_a_line_of_json_bears_the_ids_of_what_it_is_about() -> None:
    record = logging.LogRecord("worker", logging.WARNING, __file__, 1, "answer %s is slow", ("a1",), None)
    logs.begin(request="r1")
    with logs.about(conversation="c1", answer="a1"):
        line = json.loads(logs.Json().format(record))
    logs.begin()

    assert {name: line[name] for name in ("level", "message", "request", "conversation", "answer")} == {
        "level": "warning", "message": "answer a1 is slow", "request": "r1", "conversation": "c1", "answer": "a1",
    }  # fmt: skip
    assert "request" not in json.loads(logs.Json().format(record))


def test_a_request_keeps_the_id_it_came_with(app: Flask) -> None:
    client = app.test_client()

    kept = client.get("/api/health", headers={"X-Request-Id": "abc-1"})
    made = client.get("/api/health", headers={"X-Request-Id": "no id!"})
    foreign = client.get("/api/health", headers={"X-Request-Id": "naïve"})

    assert kept.headers["X-Request-Id"] == "abc-1"
    for answer in (made, foreign):
        assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-Id"])


def test_alerts_and_dashboard_ask_for_metrics_that_are_there() -> None:
    from prometheus_client import REGISTRY

    import functions.observe.metrics
    import functions.stream.routes  # each registers what it counts
    import worker.metrics

    assert functions.stream.routes.bp is not None
    assert functions.observe.metrics.REQUESTS is not None
    assert worker.metrics.LOST is not None
    there = {family.name for family in REGISTRY.collect()}
    files = [ROOT / "charts" / "olamchat" / "files" / name for name in ("alerts.yaml", "dashboard.json")]
    asked = {name.removesuffix("_total") for file in files for name in NAMES.findall(file.read_text())}

    assert asked
    assert asked <= there, asked - there


def test_two_processes_tell_of_each_others_requests(tmp_path: Path, database_url: str, redis_url: str) -> None:
    stack = Stack(tmp_path, 1, Shape(function_processes=2, settings={"OLAMCHAT_LOG_LEVEL": "info", "OLAMCHAT_LOG_FORMAT": "json"}))
    stack.database_url, stack.redis_url = database_url, redis_url
    stack._functions()
    port = stack.ports["models"]
    try:
        for _ in range(20):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5).close()
        counts = re.findall(r'olamchat_http_requests_total\{.*route="/api/health".*\} ([\d.]+)', told(port))
    finally:
        stack.stop()

    assert [float(count) for count in counts] == [20.0]
    lines = [json.loads(line) for line in (tmp_path / "functions.log").read_text().splitlines() if '"olamchat.requests"' in line]
    assert len({line["request"] for line in lines}) == 20, "each of the two wrote its own, and none was lost at the end"
    assert {(line["level"], line["message"], line["method"], line["route"], line["status"]) for line in lines} == {
        ("info", "GET /api/health 200", "GET", "/api/health", 200)
    }
    assert all(line["ms"] >= 0 for line in lines)
