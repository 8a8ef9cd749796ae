"""The route table, the Flask rules and the OpenAPI document say the same."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from functions import openapi_document
from functions.app import create_app
from functions.routes import FUNCTIONS, ROUTES, function_for
from olamchat.environment import BadSetting
from tests.functions.conftest import Person

ROOT = Path(__file__).parents[2]


def example(rule: str) -> str:
    return re.sub(r"<[^>]+>", "01900000-0000-7000-8000-000000000000", rule)


def public(app: Flask) -> dict[str, str]:
    """Return each public rule with the function that has it."""
    return {rule.rule: rule.endpoint.partition(".")[0] for rule in app.url_map.iter_rules() if rule.rule.startswith(("/api", "/v1"))}


def test_each_rule_is_reached_by_the_row_of_its_own_function(app: Flask) -> None:
    assert {rule: function_for(example(rule)) for rule in public(app)} == public(app)


def test_each_row_reaches_a_rule(app: Flask) -> None:
    first = [next(route for route in ROUTES if route.matches(example(rule))) for rule in public(app)]

    assert set(first) == set(ROUTES)


def test_what_is_not_public_is_in_no_row(app: Flask) -> None:
    others = {rule.rule for rule in app.url_map.iter_rules()} - set(public(app))

    assert others == {"/health/live", "/health/ready", "/health/drain", "/metrics"}
    assert {function_for(path) for path in others} == {None}


def test_a_function_alone_serves_its_own_rules_only(app: Flask) -> None:
    assert [set(public(create_app([name])).values()) for name in FUNCTIONS] == [{name} for name in FUNCTIONS]


def test_a_function_that_does_not_exist_is_named(variables: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadSetting, match="'nothing'"):
        create_app(["nothing"])


def test_the_document_names_every_rule_and_method(app: Flask) -> None:
    document = openapi_document.document(app)
    ruled = {
        (openapi_document.path_of(rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api")
    }

    assert {(path, method) for path, methods in document["paths"].items() for method in methods} == ruled
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    assert all(operation["summary"].endswith(".") for operation in operations)
    assert len({operation["operationId"] for operation in operations}) == len(operations)


def test_the_document_is_served_to_everybody_and_every_reference_in_it_leads_somewhere(app: Flask) -> None:
    document = Person(app, "").get("/api/openapi.json").get_json()

    assert document["openapi"] == "3.1.0"
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert references <= document["components"]["schemas"].keys()
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_only_health_and_the_document_and_signing_in_are_open_to_everybody(app: Flask) -> None:
    operations = {path: methods.values() for path, methods in openapi_document.document(app)["paths"].items()}
    open_to_all = {path for path, found in operations.items() if any(not operation["security"] for operation in found)}

    assert open_to_all == {
        "/api/auth/email/confirm", "/api/auth/joining", "/api/auth/login", "/api/auth/login/code", "/api/auth/login/passkey", "/api/auth/login/passkey/options", "/api/auth/logout", "/api/auth/oidc/callback", "/api/auth/oidc/login", "/api/auth/password/ask", "/api/auth/password/choose", "/api/auth/refresh", "/api/auth/signup", "/api/health", "/api/openapi.json",
        "/api/shares/{token}", "/api/shares/{token}/files/{file_id}",
    }  # fmt: skip


def test_the_document_can_be_written_without_servers_or_keys() -> None:
    told = subprocess.run([sys.executable, "-m", "functions.openapi"], cwd=ROOT, capture_output=True, check=True, env={"PATH": ""})

    assert "/api/conversations/{conversation_id}/stream" in json.loads(told.stdout)["paths"]
