"""Postgres or Redis away: what was taken is kept, what can't be taken is refused with 503, and afterwards all is as before."""

import logging
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask

from functions.app import create_app
from olamchat import environment, redis, tokenlog
from olamchat.db.pool import database, open_database
from tests.conftest import free_port
from tests.functions.conftest import Person, finish


@pytest.fixture
def redis_away(variables: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody listens where Redis was."""
    before = environment.environment().redis_url

    def point_to(url: str) -> None:
        variables.setenv("REDIS_URL", url)
        for cache in (environment.environment, redis.client, tokenlog.token_log):
            cache.cache_clear()

    point_to(f"redis://127.0.0.1:{free_port()}/0")
    yield
    point_to(before)


def test_what_was_committed_is_taken_also_without_redis(ann: Person, offers: None, request: pytest.FixtureRequest) -> None:
    conversation = ann.conversation()
    finish(ann.ask(conversation)["answer"]["id"])
    request.getfixturevalue("redis_away")

    sent = ann.post(f"{conversation}/messages", {"content": "still there?"})

    assert sent.status_code == 202
    assert database.execute_sql("SELECT state, model, pool FROM turns").fetchall() == [("queued", "llama", "ollama")]
    database.close()
    page = ann.get(f"{conversation}/messages").get_json()
    assert (len(page["items"]), page["log_id"]) == (4, None)


def test_a_process_that_knows_no_models_asks_the_one_that_answered_before(
    ann: Person, offers: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation, empty = ann.conversation(), ann.conversation()
    finish(ann.ask(conversation, model="qwen")["answer"]["id"])
    request.getfixturevalue("redis_away")
    monkeypatch.setattr("olamchat.roster._last_known", [])

    assert ann.ask(conversation)["answer"]["model"] == "qwen"
    refused = ann.post(f"{empty}/messages", {"content": "hi"})
    assert (refused.status_code, refused.get_json()["code"]) == (503, "unavailable")


def test_everything_else_goes_on_without_redis(ann: Person, redis_away: None) -> None:
    conversation = ann.conversation(title="one")

    assert ann.patch(conversation, {"title": "two"}).status_code == 200
    assert ann.delete(conversation).status_code == 204
    assert ann.post(f"{conversation}/restore").status_code == 200
    assert ann.get("/api/models").status_code == 503
    assert ann.post("/api/auth/logout").status_code == 204


def test_without_redis_the_process_lives_and_is_not_ready(app: Flask, redis_away: None) -> None:
    client = app.test_client()

    assert client.get("/health/live").status_code == 200
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.get_json()["needs"]) == (503, {"database": "ok", "redis": "lost", "streams": "ok"})


def test_without_postgres_everything_is_refused_for_now(ann: Person, database_url: str) -> None:
    open_database(database_url.replace(database_url.rpartition(":")[2].partition("/")[0], str(free_port())))
    database.close_idle()

    for response in (ann.get("/api/conversations"), ann.post("/api/auth/login", {"email": ann.email, "password": "12345678"})):
        assert (response.status_code, response.get_json()["code"]) == (503, "unavailable")
        assert response.headers["Retry-After"]
    assert ann.app.test_client().get("/health/ready").get_json()["needs"]["database"] == "lost"
    assert ann.app.test_client().get("/health/live").status_code == 200


def test_a_restarted_postgres_costs_one_request_at_most(ann: Person, database_url: str) -> None:
    assert ann.get("/api/conversations").status_code == 200
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    answers = [ann.get("/api/conversations").status_code for _ in range(3)]

    assert answers in ([200, 200, 200], [503, 200, 200])


def test_a_pool_with_no_connection_left_is_an_outage_that_passes(ann: Person, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("olamchat.db.pool.CHECKOUT_S", 1)
    open_database(database_url, size=1)
    held = database._connect()

    refused = ann.get("/api/conversations")
    database._close(held)

    assert (refused.status_code, refused.get_json()["code"]) == (503, "unavailable")
    assert ann.get("/api/conversations").status_code == 200


def test_a_bug_is_logged_once_and_shown_by_its_id_alone(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("the secret of the house")

    fresh = create_app(["models"])
    monkeypatch.setitem(fresh.view_functions, "models.health", broken)

    with caplog.at_level(logging.ERROR):
        response = fresh.test_client().get("/api/health")

    body = response.get_json()
    assert (response.status_code, response.mimetype, body["code"]) == (500, "application/problem+json", "internal")
    assert "secret" not in response.text
    logged = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [body["id"] in record.getMessage() for record in logged] == [True]
