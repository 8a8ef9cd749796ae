"""What little a request may make a process do: a body, a method, a path cost what they are worth, whoever sends them."""

import json

import pytest
from flask import Flask

from functions.http.messages import MANY_VALUES, VALUES, _values
from functions.observe.metrics import exposition
from tests.functions.conftest import Person
from tests.security.accounts.test_keys import made


def call(person: Person, path: str, body: bytes) -> tuple[int, str]:
    answer = person.post(path, data=body, content_type="application/json")
    said = answer.get_json()
    return answer.status_code, said.get("code") or said["error"]["code"]


MANY = {
    "unknown keys": b"{" + b",".join(b'"k%d":0' % number for number in range(VALUES + 1)) + b"}",
    "numbers": b'{"email":[' + b"0," * VALUES + b"0]}",
    "objects": b'{"email":[' + b"{}," * VALUES + b"{}]}",
    "lists that never end": b'{"email":[' + b"[" * VALUES,
    "a text between": b'{"name":"' + b'\\\\,\\"[' * 1_000 + b'","email":[' + b"0," * VALUES + b"0]}",
    "a text that never ends": b"[0," * VALUES + b'"' + b"\\\\" * 10_000,
}


@pytest.mark.parametrize("body", MANY.values(), ids=MANY.keys())
@pytest.mark.parametrize("path", ["/api/auth/login", "/api/auth/signup"])
def test_a_strangers_body_of_many_values_is_refused_before_any_is_made(app: Flask, path: str, body: bytes) -> None:
    assert call(Person(app, ""), path, body) == (413, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        {"model": "x", "messages": [{"role": "user", "content": [0] * MANY_VALUES}]},
        {"model": "x", "messages": [{}] * MANY_VALUES},
        {"model": "x", "messages": [], "tools": [{"type": "function", "function": {"name": "f", "parameters": {"a": [0] * MANY_VALUES}}}]},
    ],
    ids=["parts", "messages", "tools"],
)
def test_a_completions_body_of_many_values_is_refused_as_well(ann: Person, body: object) -> None:
    assert call(made(ann), "/v1/chat/completions", json.dumps(body).encode()) == (413, "too_large")


def test_what_stands_in_a_text_is_no_value(ann: Person, offers: None) -> None:
    table = ',[{"\\\n' * 11_000
    assert _values(json.dumps({"content": table}).encode()) > VALUES

    asked = ann.ask(ann.conversation(), table)

    assert asked["user_message"]["content"] == table.strip()


def test_no_name_of_a_method_or_path_is_kept_for_ever(app: Flask, ann: Person) -> None:
    before = len(exposition().splitlines())
    client = app.test_client()

    for number in range(50):
        client.open(f"/api/nowhere{number}", method=f"GET{number}")
        client.open("/api/health", method=f"X{number}")
        client.get(f"/api/conversations/{number}")

    assert len(exposition().splitlines()) - before < 200, "some kinds of answers, not a hundred and fifty"
    assert "GET7" not in exposition().decode()


@pytest.mark.parametrize("path", ["/api//health", "//api/health", "/api/conversations//", "/api/health/", "/api/auth//login"])
def test_no_path_is_sent_on_to_the_host_that_a_request_names(app: Flask, path: str) -> None:
    answer = app.test_client().get(path, headers={"Host": "evil.example"}, base_url=None)

    assert answer.status_code == 404
    assert "evil.example" not in answer.text + str(answer.headers)
