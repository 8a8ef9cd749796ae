"""API keys: what they open, what they don't, and when they end."""

import pytest
from flask import Flask

from olamchat.db.pool import database
from tests.functions.conftest import Person


def made(person: Person, *scopes: str, **given: object) -> Person:
    """Return the person as a program with a key of theirs; `id` is the key's."""
    answer = person.post("/api/auth/keys", {"name": "a program", "scopes": list(scopes) or ["chat"], **given})
    assert answer.status_code == 201, answer.text
    body = answer.get_json()
    return Person(person.app, person.email, body["key"], id=body["id"])


def test_a_key_asks_and_reads(ann: Person, offers: None) -> None:
    program = made(ann)

    conversation = program.conversation(title="by a program")

    assert program.ask(conversation)["answer"]["status"] == "queued"
    assert ann.get(conversation).get_json()["title"] == "by a program"


def test_a_key_is_told_once_and_kept_as_a_digest(ann: Person) -> None:
    program = made(ann)

    listed = ann.get("/api/auth/keys")

    assert program.token not in listed.text
    assert [key["hint"] for key in listed.get_json()["items"]] == [program.token[:8]]
    [(kept,)] = database.execute_sql("SELECT api_keys::text FROM api_keys").fetchall()
    database.close()
    assert program.token[4:] not in kept


def test_a_reading_key_changes_nothing(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    reader = made(ann, "read")

    assert reader.get(conversation).status_code == 200
    for refused in (reader.post("/api/conversations", {}), reader.patch(conversation, {"title": "x"}), reader.delete(conversation)):
        assert (refused.status_code, refused.get_json()["code"]) == (403, "out_of_scope")


def test_no_key_gets_at_passwords_sessions_or_keys(app: Flask, ann: Person) -> None:
    program = made(ann, "chat", "read", "admin")
    own = f"/api/auth/keys/{program.id}"

    assert program.get("/api/auth/me").status_code == 200
    for method, path in (
        ("PATCH", "/api/auth/me"), ("GET", "/api/auth/sessions"), ("DELETE", "/api/auth/sessions"),
        ("GET", "/api/auth/keys"), ("POST", "/api/auth/keys"), ("DELETE", own),
    ):  # fmt: skip
        assert program.call(method, path, **({} if method in {"GET", "DELETE"} else {"json": {"name": "x"}})).status_code == 403, (
            method,
            path,
        )


@pytest.mark.parametrize(
    "end",
    [
        "UPDATE api_keys SET revoked_at = now()",
        "UPDATE api_keys SET expires_at = now()",
        "UPDATE users SET disabled_at = now()",
        "DELETE FROM users",
    ],
)
def test_a_key_that_has_ended_opens_nothing(ann: Person, end: str) -> None:
    program = made(ann, days=1)
    assert program.get("/api/conversations").status_code == 200

    database.execute_sql(end)
    database.close()

    assert program.get("/api/conversations").status_code == 401


def test_a_revoked_key_is_gone_and_nobody_revokes_anothers(ann: Person, bob: Person) -> None:
    program = made(ann)

    assert bob.delete(f"/api/auth/keys/{program.id}").status_code == 404
    assert program.get("/api/conversations").status_code == 200
    assert ann.delete(f"/api/auth/keys/{program.id}").status_code == 204
    assert program.get("/api/conversations").status_code == 401


def test_only_an_administrator_makes_a_key_that_administers(ann: Person, bob: Person) -> None:
    assert bob.post("/api/auth/keys", {"name": "x", "scopes": ["admin"]}).status_code == 403
    assert made(ann, "admin").get("/api/conversations").status_code == 403, "a key has the scopes that were named and no other"


@pytest.mark.parametrize("token", ["olk_", "olk_guess", "olk_" + "A" * 43, "olk_\u00e9", "olk_" + "x" * 5_000])
def test_a_guessed_key_opens_nothing(ann: Person, token: str) -> None:
    assert Person(ann.app, "", token).get("/api/conversations").status_code == 401


@pytest.mark.parametrize(
    "name", ["X-API-Key", "Api-Key", "X-Auth-Token", "X-Access-Token", "X-Authorization", "Proxy-Authorization", "X-Goog-Api-Key"]
)
def test_a_key_is_shown_in_one_header_and_nowhere_else(app: Flask, ann: Person, name: str) -> None:
    """A second door would be one that limits and scopes could be forgotten at."""
    program = made(ann, requests_per_minute=1)
    client = app.test_client(use_cookies=False)
    query = dict.fromkeys(("key", "api_key", "access_token", "token"), program.token)

    answers = [
        client.get("/v1/models", headers={name: program.token}), client.get("/v1/models", headers={name: f"Bearer {program.token}"}),
        client.get("/v1/models", headers={"Authorization": f"Basic {program.token}"}), client.get("/v1/models", query_string=query),
        client.get("/v1/models", json={"api_key": program.token}),
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [401] * 5


def test_a_keys_limits_hold_whatever_else_is_shown_beside_it(app: Flask, ann: Person, bob: Person) -> None:
    program = made(ann, requests_per_minute=2)
    beside: list[dict[str, str]] = [
        {}, {"X-API-Key": program.token}, {"Cookie": f"__Host-olamchat_access={bob.token}"}, {"X-Forwarded-For": "9.9.9.9"}, {"X-User-Id": bob.id},
    ]  # fmt: skip

    answers = [program.get("/api/auth/me", headers=headers) for headers in beside]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 429, 429]
    assert {answer.get_json()["user"]["id"] for answer in answers[:2]} == {ann.id}
    spelled = [
        program.get("/api/auth/me", headers={"Authorization": f"{scheme} {program.token}"}).status_code for scheme in ("bearer", "BEARER")
    ]
    assert spelled == [429, 429]


def test_a_key_is_no_cookie(app: Flask, ann: Person) -> None:
    program = made(ann)

    answer = app.test_client(use_cookies=False).get("/api/conversations", headers={"Cookie": f"__Host-olamchat_access={program.token}"})

    assert answer.status_code == 401
