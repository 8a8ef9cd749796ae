"""The OpenAPI document, taken at its word: thousands of requests made from it, none of which may break anything or be answered otherwise than it says."""

import os
from collections import Counter
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case

from functions import openapi_document
from functions.openai.request import Complete
from olamchat import roster
from olamchat.roster import Offer
from tests.functions.conftest import Person
from tests.security.accounts.test_sign_up import let
from tests.security.report import Matrix

# In CI a handful of each operation; `make security` asks for ten thousand in all.
EACH = int(os.environ.get("SECURITY_CASES", "8"))


def send(person: Person, case: Case[Any], ids: dict[str, str]) -> int:
    """Send the case; half of the time with ids that exist. The fixture holds the answer against the document."""
    path = case.path
    for name, value in {**(case.path_parameters or {}), **ids}.items():
        path = path.replace(f"{{{name}}}", str(value).replace("/", "").replace("%", "").replace("?", "").replace("#", "") or "x")
    headers = {name: value for name, value in dict(case.headers or {}).items() if _is_sendable(name, value)}
    given_: dict[str, Any] = {"query_string": {name: str(value) for name, value in dict(case.query or {}).items()}, "headers": headers}
    if case.method.upper() not in {"GET", "DELETE"} and not isinstance(case.body, schemathesis.core.NotSet):
        given_["json"] = case.body
    return person.call(case.method.upper(), path, **given_).status_code


def _is_sendable(name: str, value: object) -> bool:
    text = str(value)
    return (
        name.lower() not in {"authorization", "cookie", "content-length", "content-type", "host"} and text.isprintable() and text.isascii()
    )


def test_nothing_breaks_and_nothing_is_answered_that_is_not_documented(
    app: Flask, people: Any, offers: None, matrix: Matrix, variables: pytest.MonkeyPatch
) -> None:
    let(variables, limit_requests="-", limit_address="-", limit_sign_in="-")
    roster.announce("w2", [Offer(model="llama", pool="ollama", engine="ollama")], capacity=4, running=0, ttl_s=3_600)
    ann = people("ann")
    schema = schemathesis.openapi.from_dict(openapi_document.document(app))
    conversation = ann.conversation()
    ids = {"conversation_id": conversation.rpartition("/")[2], "message_id": ann.ask(conversation)["user_message"]["id"]}

    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        if operation.path in {"/api/auth/logout", "/api/auth/sessions", "/api/auth/refresh"} or operation.path.endswith("/stream"):
            continue  # they end what the rest needs, or never end

        @seed(1)
        @settings(max_examples=EACH, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(), real=st.booleans())
        def attack(case: Case[Any], real: bool) -> None:
            status = send(ann, case, ids if real and case.method.upper() != "DELETE" else {})
            matrix.count("requests made from the document")
            assert status < 500 or status == 503, (case.method, case.path, status)

        attack()


def test_no_completion_that_chance_makes_breaks_anything(app: Flask, ann: Person, matrix: Matrix, variables: pytest.MonkeyPatch) -> None:
    """OpenAI's API is described by OpenAI; here are requests made of what we read of them, for a model that nobody offers."""
    let(variables, limit_requests="-")
    roster.announce("w1", [Offer(model="llama", pool="ollama", engine="ollama")], capacity=4, running=0, ttl_s=3_600)
    schema = Complete.model_json_schema(ref_template="#/components/schemas/{model}")
    media = {"application/json": {"schema": {name: value for name, value in schema.items() if name != "$defs"}}}
    described = {
        "openapi": openapi_document.VERSION,
        "info": {"title": "completions", "version": "1"},
        "paths": {"/v1/chat/completions": {"post": {"requestBody": {"required": True, "content": media}, "responses": {}}}},
        "components": {"schemas": schema["$defs"]},
    }
    [found] = schemathesis.openapi.from_dict(described).get_all_operations()
    codes: Counter[str] = Counter()

    @seed(1)
    @settings(max_examples=40 + EACH, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=found.ok().as_strategy())  # type: ignore[union-attr]
    def attack(case: Case[Any]) -> None:
        body = {**case.body, "model": "nobody's"} if isinstance(case.body, dict) else case.body
        answer = ann.post("/v1/chat/completions", json_of(body))
        matrix.count("completions made by chance")
        codes[answer.get_json()["error"]["code"]] += 1
        assert answer.status_code in {400, 413, 422}, (body, answer.text)

    attack()
    assert codes["unknown_model"] > EACH / 5, f"many should be good in all else: {codes}"


def json_of(body: Any) -> Any:
    """Return a body that can be sent: None is nothing at all."""
    return {} if body is None or isinstance(body, schemathesis.core.NotSet) else body
