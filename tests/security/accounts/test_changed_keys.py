"""A key that is changed after it was made: its name, its limits, its end; and never that it opens more."""

from typing import Any

import pytest

from olamchat.db.pool import database
from tests.functions.conftest import Person
from tests.functions.messages.test_races import at_once, statuses
from tests.functions.server.serving import Served
from tests.security.accounts.test_keys import made


def change(person: Person, program: Person, **said: Any) -> dict[str, Any]:
    answer = person.patch(f"/api/auth/keys/{program.id}", said)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def test_what_is_said_is_changed_and_the_rest_stays(ann: Person) -> None:
    program = made(ann, quota={"day": 100}, requests_per_minute=7)

    named = change(ann, program, name="  another ", quota={"month": 5})
    freed = change(ann, program, quota=None, requests_per_minute=None)
    [listed] = ann.get("/api/auth/keys").get_json()["items"]

    told = {name: named[name] for name in ("name", "quota", "requests_per_minute", "scopes", "expires_at")}
    assert told == {
        "name": "another", "quota": {"day": None, "month": 5}, "requests_per_minute": 7, "scopes": ["chat"], "expires_at": None,
    }  # fmt: skip
    assert (freed["name"], freed["quota"], freed["requests_per_minute"]) == ("another", None, None)
    assert {**listed, "used_at": None} == freed
    assert "key" not in named, "it is told once"


def test_a_limit_holds_from_the_next_request_on(ann: Person, offers: None) -> None:
    program = made(ann)
    assert program.get("/api/auth/me").status_code == 200

    change(ann, program, requests_per_minute=1, quota={"day": 0})

    refused = program.post(f"{ann.conversation()}/messages", {"content": "hi"})
    assert (refused.status_code, refused.get_json()["code"]) == (429, "quota_exceeded")
    assert program.get("/api/auth/me").status_code == 429
    change(ann, program, requests_per_minute=None)
    assert program.get("/api/auth/me").status_code == 200


def test_it_runs_out_when_it_is_said_anew(ann: Person) -> None:
    program = made(ann, days=1)
    first = change(ann, program)["expires_at"]

    later, never = change(ann, program, days=30)["expires_at"], change(ann, program, days=None)["expires_at"]

    assert first < later
    assert never is None


def test_a_key_that_has_run_out_is_not_brought_back(ann: Person) -> None:
    program = made(ann, days=1)
    database.execute_sql("UPDATE api_keys SET expires_at = now()")
    database.close()

    assert ann.patch(f"/api/auth/keys/{program.id}", {"days": 30}).status_code == 409
    assert program.get("/api/auth/me").status_code == 401


@pytest.mark.parametrize(
    ("had", "wanted", "status"),
    [
        (["chat"], ["read"], 200),
        (["chat"], ["read", "chat"], 200),
        (["chat", "admin"], ["chat"], 200),
        (["chat"], ["admin"], 422),
        (["read"], ["chat"], 422),
        (["read"], ["read", "admin"], 422),
        (["admin"], ["read"], 422),
        (["read"], ["everything"], 422),
        (["read"], [], 422),
        (["read"], None, 422),
    ],
)
def test_what_a_key_opens_can_only_become_less(ann: Person, had: list[str], wanted: Any, status: int) -> None:
    program = made(ann, *had)

    assert ann.patch(f"/api/auth/keys/{program.id}", {"scopes": wanted}).status_code == status

    [kept] = ann.get("/api/auth/keys").get_json()["items"]
    assert kept["scopes"] == sorted(wanted if status == 200 else had)


def test_a_key_made_less_opens_less_at_once(ann: Person, offers: None) -> None:
    program = made(ann, "chat", "admin")
    assert program.get("/api/admin/users").status_code == 200

    change(ann, program, scopes=["read"])

    assert [program.get("/api/admin/users").status_code, program.post("/api/conversations", {}).status_code] == [403, 403]
    assert program.get("/api/conversations").status_code == 200


def test_nobody_changes_anothers_key_and_no_key_changes_itself(ann: Person, bob: Person) -> None:
    program = made(ann, "chat", "admin", requests_per_minute=1000)
    path, more = f"/api/auth/keys/{program.id}", {"requests_per_minute": None, "name": "mine"}

    assert bob.patch(path, more).status_code == 404
    assert program.patch(path, more).status_code == 403
    assert Person(ann.app, "").patch(path, more).status_code == 401

    [kept] = ann.get("/api/auth/keys").get_json()["items"]
    assert (kept["name"], kept["requests_per_minute"]) == ("a program", 1000)


def test_a_revoked_key_is_not_there_to_be_changed(ann: Person) -> None:
    program = made(ann)
    ann.delete(f"/api/auth/keys/{program.id}")

    assert ann.patch(f"/api/auth/keys/{program.id}", {"name": "again"}).status_code == 404


def test_a_key_changed_and_revoked_at_once_is_revoked(ann: Person) -> None:
    program = made(ann)
    path = f"/api/auth/keys/{program.id}"

    answers = at_once(8, lambda number: ann.delete(path) if number == 3 else ann.patch(path, {"days": 30 + number}))

    assert statuses(answers)[204] == 1
    assert set(statuses(answers)) <= {200, 204, 404}
    assert program.get("/api/auth/me").status_code == 401


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""}, {"name": "x" * 101}, {"name": None}, {"days": 0}, {"days": 10_000}, {"days": "7"}, {"quota": {"day": -1}}, {"quota": {"year": 1}},
        {"requests_per_minute": 0}, {"digest": "x"}, {"user_id": "x"}, {"key": "olk_mine"}, {"expires_at": None},
    ],
)  # fmt: skip
def test_what_a_key_can_not_be_is_refused(ann: Person, said: dict[str, Any]) -> None:
    program = made(ann)
    assert ann.patch(f"/api/auth/keys/{program.id}", said).status_code == 422


def test_the_audit_log_has_what_was_changed(ann: Person) -> None:
    program = made(ann, requests_per_minute=5)

    change(ann, program, requests_per_minute=None, scopes=["read"])
    change(ann, program)

    [event] = ann.get("/api/admin/audit?event=key.changed").get_json()["items"]
    assert (event["actor_id"], event["subject"]) == (ann.id, program.id)
    assert event["details"] == {"changed": {"requests_per_minute": None, "scopes": ["read"]}}


def test_streams_of_a_key_that_opens_less_are_closed(served: Served) -> None:
    token = served.sign_up("ann")["access_token"]
    _, key = served.call("POST", "/api/auth/keys", {"name": "reader", "scopes": ["chat"]}, token)
    stream = served.open("/api/events", key["key"])
    stream.read_until("ping")
    served.call("POST", "/api/conversations", {"title": "heard"}, token)
    stream.read_until("heard")

    assert served.call("PATCH", f"/api/auth/keys/{key['id']}", {"scopes": ["read"]}, token)[0] == 200

    stream.read_until(None)
