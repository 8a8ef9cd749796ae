"""What administrators may do, and nobody else."""

import json
import time

from flask import Flask

from olamchat.services.turns import lifecycle
from olamchat.services.turns.lifecycle import Ending
from olamchat.tokenlog.replay import Text
from tests.functions.conftest import PASSWORD, Person
from tests.functions.messages.test_races import at_once, statuses
from tests.functions.server.serving import Served
from tests.security.accounts.test_keys import made
from tests.security.attacks import ways
from tests.security.report import Matrix


def test_nobody_else_gets_in(app: Flask, ann: Person, bob: Person) -> None:
    doors = [way for way in ways(app) if way.rule.rule.startswith("/api/admin")]
    programs = (bob, made(bob), made(ann, "chat"), made(ann, "read"))

    found = {
        person.call(way.method, way.path(), **({} if way.method == "GET" else {"json": {}})).status_code
        for way in doors
        for person in programs
    }

    assert found == {403}
    assert ann.get("/api/admin/users").status_code == 200
    assert made(ann, "admin").get("/api/admin/users").status_code == 200


def test_a_disabled_person_is_out_and_comes_back_when_let_in(ann: Person, bob: Person) -> None:
    program = made(bob)

    ann.patch(f"/api/admin/users/{bob.id}", {"disabled": True})
    shut = [person.get("/api/conversations").status_code for person in (bob, program)]
    ann.patch(f"/api/admin/users/{bob.id}", {"disabled": False})
    signed = bob.post("/api/auth/login", {"email": bob.email, "password": PASSWORD})

    assert (shut, signed.status_code) == ([401, 401], 200)
    assert bob.get("/api/auth/me").status_code == 401, "the sessions of before stay ended"


def test_a_disabled_persons_streams_close(served: Served, matrix: Matrix) -> None:
    boss, bob = served.sign_up("ann")["access_token"], served.sign_up("bob")
    stream = served.open("/api/events", bob["access_token"])
    stream.read_until("ping")
    served.call("POST", "/api/conversations", {"title": "heard"}, bob["access_token"])
    stream.read_until("heard")

    served.call("PATCH", f"/api/admin/users/{bob['user']['id']}", {"disabled": True}, boss)
    began = time.monotonic()

    stream.read_until(None)
    matrix.count("ms until the open stream of a disabled person was closed", round(1000 * (time.monotonic() - began)))


def test_somebody_is_always_the_administrator(ann: Person, bob: Person) -> None:
    assert ann.patch(f"/api/admin/users/{ann.id}", {"role": "user"}).status_code == 409
    assert ann.patch(f"/api/admin/users/{ann.id}", {"disabled": True}).status_code == 409
    ann.patch(f"/api/admin/users/{bob.id}", {"role": "admin"})

    answers = at_once(2, lambda number: (ann, bob)[number].patch(f"/api/admin/users/{(ann, bob)[number].id}", {"role": "user"}))

    assert statuses(answers) == {200: 1, 409: 1}


def test_a_role_that_is_gone_opens_nothing_any_more(ann: Person, bob: Person) -> None:
    ann.patch(f"/api/admin/users/{bob.id}", {"role": "admin"})
    program = made(bob, "admin")
    assert program.get("/api/admin/users").status_code == 200

    ann.patch(f"/api/admin/users/{bob.id}", {"role": "user"})

    assert (program.get("/api/admin/users").status_code, bob.get("/api/admin/users").status_code) == (403, 401)


def test_a_stolen_administrators_key_lets_nobody_in_for_good(ann: Person, bob: Person) -> None:
    """It could otherwise read a new password of its own person, sign in with it, and stay when it is revoked."""
    program = made(ann, "admin", "chat", "read")

    tries = [
        program.post(f"/api/admin/users/{ann.id}/reset"), program.post(f"/api/admin/users/{bob.id}/reset"),
        program.patch(f"/api/admin/users/{bob.id}", {"role": "admin"}), program.post("/api/admin/invitations", {"role": "admin"}),
    ]  # fmt: skip

    assert [(answer.status_code, answer.get_json()["code"]) for answer in tries] == [(403, "out_of_scope")] * 4
    assert [person.get("/api/auth/me").get_json()["user"]["role"] for person in (ann, bob)] == ["admin", "user"]
    assert program.post("/api/admin/invitations", {}).status_code == 201
    assert program.patch(f"/api/admin/users/{bob.id}", {"disabled": True}).status_code == 200


def test_a_reset_password_is_told_once_and_ends_the_sessions(ann: Person, bob: Person) -> None:
    new = ann.post(f"/api/admin/users/{bob.id}/reset").get_json()["password"]

    assert bob.get("/api/auth/me").status_code == 401
    assert bob.post("/api/auth/login", {"email": bob.email, "password": PASSWORD}).status_code == 401
    assert bob.post("/api/auth/login", {"email": bob.email, "password": new}).status_code == 200
    assert new not in ann.get("/api/admin/audit").text


def test_people_are_found_and_nothing_of_theirs_is_shown(ann: Person, bob: Person, offers: None) -> None:
    bob.conversation(title="the secret")

    found = ann.get("/api/admin/users?q=BOB@").get_json()["items"]

    assert [person["email"] for person in found] == [bob.email]
    assert "password" not in json.dumps(found)
    assert ann.get("/api/admin/users?q=%25").get_json()["items"] == []


def test_what_was_used_is_counted_by_day_person_and_model(ann: Person, bob: Person, offers: None) -> None:
    conversation = bob.conversation()
    took = {"prompt_tokens": 7, "completion_tokens": 11, "finish_reason": "stop"}
    for _ in range(2):
        bob.ask(conversation, model="llama")
        turn = lifecycle.take(worker="w", pools=["ollama"])
        assert turn
        lifecycle.close(turn_id=turn.id, attempt=turn.attempt, ending=Ending(status="done", text=Text("hi"), usage=took))

    [spent] = ann.get("/api/admin/usage").get_json()["items"]

    told = {name: spent[name] for name in ("email", "model", "answers", "prompt_tokens", "completion_tokens")}
    assert told == {"email": bob.email, "model": "llama", "answers": 2, "prompt_tokens": 14, "completion_tokens": 22}


def test_the_audit_log_says_who_did_what_from_where(ann: Person, bob: Person) -> None:
    bob.headers = {"User-Agent": "Phone"}
    bob.post("/api/auth/login", {"email": bob.email, "password": "a wrong one"})
    ann.patch(f"/api/admin/users/{bob.id}", {"disabled": True})

    newest, failed = ann.get("/api/admin/audit").get_json()["items"][:2]
    exported = [json.loads(line) for line in ann.get("/api/admin/audit/export").text.splitlines()]

    assert (newest["event"], newest["actor_id"], newest["subject"]) == ("user.changed", ann.id, bob.id)
    assert (failed["event"], failed["user_agent"], failed["address"]) == ("login.failed", "Phone", "127.0.0.1")
    assert [event["event"] for event in exported[:3]] == ["audit.exported", "user.changed", "login.failed"]
    assert "a wrong one" not in json.dumps(exported)


def test_invitations_are_made_listed_and_taken_back(ann: Person) -> None:
    invited = ann.post("/api/admin/invitations", {"email": "Eve@example.org"}).get_json()

    assert invited["email"] == "eve@example.org"
    assert invited["token"] not in ann.get("/api/admin/invitations").text
    assert ann.delete(f"/api/admin/invitations/{invited['id']}").status_code == 204
    refused = ann.post("/api/auth/signup", {"email": "eve@example.org", "password": PASSWORD, "invitation": invited["token"]})
    assert refused.status_code == 403


def test_one_persons_quota_holds_over_their_roles(ann: Person, bob: Person, offers: None) -> None:
    changed = ann.patch(f"/api/admin/users/{bob.id}", {"quota": {"day": 0}}).get_json()
    refused = bob.post(f"{bob.conversation()}/messages", {"content": "hi"})
    again = ann.patch(f"/api/admin/users/{bob.id}", {"quota": None}).get_json()

    assert (changed["quota"], changed["used"]["day"]["allowed"]) == ({"day": 0, "month": None}, 0)
    assert refused.get_json()["code"] == "quota_exceeded"
    assert (again["quota"], again["used"]["day"]["allowed"]) == (None, None)
    bob.ask(bob.conversation())


def test_the_audit_log_is_searched_by_event_and_by_person(ann: Person, bob: Person) -> None:
    ann.patch(f"/api/admin/users/{bob.id}", {"role": "admin"})
    ann.post("/api/admin/invitations", {})

    of_bob = ann.get("/api/admin/audit?q=BOB@").get_json()["items"]
    changes = ann.get("/api/admin/audit?event=user.&q=bob").get_json()["items"]
    exported = [json.loads(line) for line in ann.get("/api/admin/audit/export?event=invitation").text.splitlines()]

    assert [event["event"] for event in of_bob] == ["user.changed", "account.made"]
    assert [(event["actor"], event["whom"], event["details"]) for event in changes] == [(ann.email, bob.email, {"role": "admin"})]
    assert [event["event"] for event in exported] == ["invitation.made"]
    assert ann.get("/api/admin/audit?q=%25").get_json()["items"] == []
