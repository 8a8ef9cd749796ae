"""What the kubelet and Prometheus are told."""

from flask import Flask

from tests.functions.conftest import Person


def test_a_process_that_has_what_it_needs_is_ready(app: Flask) -> None:
    ready = app.test_client().get("/health/ready")

    assert (ready.status_code, ready.get_json()) == (200, {"status": "ok", "needs": {"database": "ok", "redis": "ok", "streams": "ok"}})


def test_requests_are_counted_by_route_and_not_by_path(ann: Person) -> None:
    conversation = ann.conversation()
    ann.get(conversation)
    ann.get("/nothing/at/all")

    told = ann.app.test_client().get("/metrics").text

    counted = [line for line in told.splitlines() if line.startswith("olamchat_http_requests_total{")]
    assert any('route="/api/conversations/<uuid:conversation_id>"' in line and 'status="200"' in line for line in counted)
    assert "olamchat_http_request_seconds_bucket" in told
    assert conversation.rpartition("/")[2] not in told
    assert "/nothing" not in told


def test_answers_are_kept_by_no_cache(ann: Person) -> None:
    for path in ("/api/auth/me", "/api/health", "/nothing"):
        headers = ann.get(path).headers
        assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
