"""The app with real Postgres and Valkey behind it, and people who use it. Every answer they get is held against the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from functions import openapi_document
from functions.app import create_app
from functions.http import token_keys
from local import keys
from olamchat import environment, redis, roster, tokenlog
from olamchat.db.pool import database
from olamchat.roster import Offer
from olamchat.services.models import catalogue

PASSWORD = "correct horse battery"
_DOCUMENTS: dict[frozenset[str], dict[str, Any]] = {}
CACHES = (environment.environment, redis.client, tokenlog.token_log, token_keys.signing_key, token_keys.verify_keys)


@pytest.fixture(scope="session")
def key_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return keys.make_once(tmp_path_factory.mktemp("keys") / "pair")


@pytest.fixture
def variables(
    database_url: str, redis_url: str, key_files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.MonkeyPatch]:
    """This process's environment, pointing to the test's own servers."""
    for name, value in {"DATABASE_URL": database_url, "REDIS_URL": redis_url, **key_files}.items():
        monkeypatch.setenv(name, value)
    _forget()
    yield monkeypatch
    if not database.is_closed():
        database.close()
    database.close_idle()
    redis.client().close()
    _forget()


def _forget() -> None:
    for kept in CACHES:
        kept.cache_clear()
    roster._last_known = []
    catalogue._known = (0.0, {})


@pytest.fixture
def app(variables: pytest.MonkeyPatch) -> Flask:
    return create_app()


@pytest.fixture
def offers(variables: pytest.MonkeyPatch) -> None:
    """One worker offers two models of a real engine and the demo."""
    announced = [
        Offer(model="llama", pool="ollama", engine="ollama", context_length=8192),
        Offer(model="qwen", pool="vllm", engine="openai", state="cold"),
        Offer(model="demo", pool="demo", engine="demo"),
        Offer(model="embedder", pool="ollama", engine="ollama", capabilities=("embedding",)),
    ]
    roster.announce("w1", announced, capacity=4, running=0)


@dataclass
class Person:
    """Somebody who talks to the API; with `token` by the Authorization header."""

    app: Flask
    email: str
    token: str = ""
    refresh_token: str = ""
    id: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, **given: Any) -> TestResponse:
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers = {**bearer, **self.headers, **given.pop("headers", {})}
        response = self.app.test_client(use_cookies=False).open(path, method=method, headers=headers, **given)
        assert_documented(self.app, method, path, response)
        return response

    def get(self, path: str, **given: Any) -> TestResponse:
        return self.call("GET", path, **given)

    def post(self, path: str, json: Any = None, **given: Any) -> TestResponse:
        return self.call("POST", path, **({} if json is None else {"json": json}), **given)

    def patch(self, path: str, json: Any) -> TestResponse:
        return self.call("PATCH", path, json=json)

    def put(self, path: str, json: Any) -> TestResponse:
        return self.call("PUT", path, json=json)

    def delete(self, path: str) -> TestResponse:
        return self.call("DELETE", path)

    def conversation(self, **given: Any) -> str:
        made = self.post("/api/conversations", given)
        assert made.status_code == 201, made.text
        return f"/api/conversations/{made.get_json()['id']}"

    def ask(self, conversation: str, content: str = "Why is the sky blue?", **given: Any) -> dict[str, Any]:
        sent = self.post(f"{conversation}/messages", {"content": content, **given})
        assert sent.status_code == 202, sent.text
        body: dict[str, Any] = sent.get_json()
        return body


class People:
    """Makes people; each has signed up."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(self, name: str = "ann") -> Person:
        person = Person(self.app, f"{name}@example.org")
        signed = person.post("/api/auth/signup", {"email": person.email, "password": PASSWORD, "name": name, "tokens": True})
        assert signed.status_code == 201, signed.text
        body = signed.get_json()
        person.token, person.refresh_token, person.id = body["access_token"], body["refresh_token"], body["user"]["id"]
        return person


@pytest.fixture
def people(app: Flask) -> People:
    return People(app)


@pytest.fixture
def ann(people: People) -> Person:
    return people("ann")


@pytest.fixture
def bob(people: People) -> Person:
    return people("bob")


def finish(answer_id: str, content: str = "Because of Rayleigh.", status: str = "done") -> None:
    """End an answer as a worker does, without one."""
    database.execute_sql("DELETE FROM turns WHERE id = %s", [answer_id])
    database.execute_sql("UPDATE messages SET status = %s, content = %s, finished_at = now() WHERE id = %s", [status, content, answer_id])
    database.close()


def _document(app: Flask) -> dict[str, Any]:
    """Return the app's document; it takes a tenth of a second to make, and apps with the same routes have the same."""
    routes = frozenset(map(repr, app.url_map.iter_rules()))
    if routes not in _DOCUMENTS:
        _DOCUMENTS[routes] = openapi_document.document(app)
    return _DOCUMENTS[routes]


def assert_documented(app: Flask, method: str, path: str, response: TestResponse) -> None:
    """The status and the body are what the document says of the route."""
    with app.test_request_context(path, method=method) as context:
        try:
            rule = context.url_adapter.match(return_rule=True)[0]  # type: ignore[union-attr]
        except HTTPException:  # no such rule: 404, 405
            return
    if not rule.rule.startswith("/api/"):
        return
    documented = _document(app)["paths"][openapi_document.path_of(rule)][method.lower()]["responses"]
    assert str(response.status_code) in documented, f"{method} {rule.rule} may answer {response.status_code}: {response.text[:500]}"
    content = documented[str(response.status_code)].get("content", {}).get(response.mimetype)
    if content and "schema" in content:
        schema = {**content["schema"], "components": _document(app)["components"]}
        Draft202012Validator(schema).validate(response.get_json(force=True))
