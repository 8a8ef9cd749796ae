"""Leaving for good: what it takes, what goes, what stays, and who may not."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from olamchat.db.pool import database
from tests.functions.conftest import PASSWORD, People, Person, finish
from tests.functions.server.serving import Served
from tests.security.accounts.test_sessions import OUT_WITHIN_S, sessions, signed_in_again
from tests.security.accounts.test_sign_up import let


def leave(person: Person, password: str = PASSWORD, **said: bool) -> tuple[int, str]:
    answer = person.post("/api/auth/me/delete", {"password": password, **said})
    return answer.status_code, (answer.get_json(silent=True) or {}).get("code", "")


def left() -> dict[str, int]:
    """Count the rows of every table that has something of people."""
    tables = ("users", "sessions", "conversations", "messages", "turns", "api_keys", "completions", "shares")
    found = {table: database.execute_sql(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    database.close()
    return found


def test_everything_of_a_person_goes_and_nothing_of_anybody_else(ann: Person, bob: Person, offers: None) -> None:
    ann.conversation()
    before = left()
    carl = People(ann.app)("carl")
    talk = carl.conversation()
    finish(carl.ask(talk)["answer"]["id"])
    carl.ask(talk, "and one in flight")
    carl.delete(carl.conversation())
    carl.post(f"{talk}/share", {})
    carl.post("/api/auth/keys", {"name": "a program"})

    assert leave(carl) == (204, "")

    assert left() == before
    assert carl.get("/api/auth/me").status_code == 401
    assert carl.post("/api/auth/login", {"email": carl.email, "password": PASSWORD}).status_code == 401
    assert bob.get("/api/auth/me").status_code == 200
    events = ann.get("/api/admin/audit?event=account.deleted").get_json()["items"]
    assert [(event["actor_id"], event["subject"]) for event in events] == [(carl.id, carl.id)]


def test_it_takes_the_password_and_guessing_it_ends_soon(ann: Person, bob: Person, variables: pytest.MonkeyPatch) -> None:
    let(variables, limit_sign_in="3/minute")

    assert [leave(bob, "a wrong one") for _ in range(4)] == [(422, "wrong_password")] * 3 + [(429, "too_many")]
    assert bob.get("/api/auth/me").status_code == 200


def test_who_has_no_password_says_their_email(ann: Person, bob: Person) -> None:
    database.execute_sql("UPDATE users SET password_hash = NULL WHERE id = %s", [bob.id])
    database.close()

    assert [leave(bob), leave(bob, "")] == [(422, "invalid")] * 2
    assert bob.post("/api/auth/me/delete", {"email": ann.email}).status_code == 422
    assert bob.post("/api/auth/me/delete", {"email": bob.email.upper()}).status_code == 204


def test_the_last_administrator_stays_until_somebody_else_is_one(ann: Person, bob: Person, offers: None) -> None:
    answer = ann.ask(ann.conversation())["answer"]
    assert leave(ann) == (409, "last_administrator")
    assert ann.get(f"/api/conversations/{answer['conversation_id']}/messages/{answer['id']}").get_json()["status"] == "queued"

    assert ann.patch(f"/api/admin/users/{bob.id}", {"role": "admin"}).status_code == 200
    assert leave(ann) == (204, "")
    assert leave(bob) == (409, "last_account")


def test_who_is_alone_may_leave_once_they_know_who_comes_next(ann: Person, people: People, variables: pytest.MonkeyPatch) -> None:
    let(variables, smoke_test_token="smoke")
    smoke = {"email": "a@smoke-test.invalid", "password": PASSWORD, "invitation": "smoke", "tokens": True}
    assert ann.post("/api/auth/signup", smoke).status_code == 201, "a smoke test is nobody"
    assert leave(ann) == (409, "last_account")
    assert ann.get("/api/auth/me").status_code == 200

    assert leave(ann, last=True) == (204, "")

    assert people("bob").get("/api/auth/me").get_json()["user"]["role"] == "admin"
    assert people("carl").get("/api/auth/me").get_json()["user"]["role"] == "user"


def test_nobody_is_left_without_an_administrator_by_joining_while_the_last_one_leaves(people: People) -> None:
    """Whoever joins first keeps the administrator here; whoever joins after is one."""
    for turn in range(5):
        last = people(f"last-{turn}")
        together = threading.Barrier(2)

        def join(turn: int = turn, together: threading.Barrier = together) -> Person:
            together.wait()
            return people(f"joins-{turn}")

        with ThreadPoolExecutor(1) as pool:
            joining = pool.submit(join)
            together.wait()
            left = leave(last, last=True)
            joined = joining.result()

        role = joined.get("/api/auth/me").get_json()["user"]["role"]
        assert (left, role) in [((204, ""), "admin"), ((409, "last_administrator"), "user")]
        database.execute_sql("DELETE FROM users")
        database.close()


def test_an_api_key_deletes_nobody(ann: Person, bob: Person) -> None:
    key = bob.post("/api/auth/keys", {"name": "a program"}).get_json()["key"]

    assert leave(Person(bob.app, "", key)) == (403, "out_of_scope")


def test_a_cookie_is_cleared(app: Flask, ann: Person, bob: Person) -> None:
    answer = bob.post("/api/auth/me/delete", {"password": PASSWORD})

    assert {cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")} >= {"__Host-olamchat_access"}


def test_the_other_sessions_are_ended_and_this_one_goes_on(ann: Person) -> None:
    others = [signed_in_again(ann) for _ in range(3)]

    assert ann.delete("/api/auth/sessions?others=true").status_code == 204

    assert [other.get("/api/auth/me").status_code for other in others] == [401] * 3
    assert [each["current"] for each in sessions(ann)] == [True]


def test_open_streams_close(served: Served) -> None:
    served.sign_up("admin")
    token = served.sign_up("ann")["access_token"]
    stream = served.open("/api/events", token)
    stream.read_until("ping")
    served.call("POST", "/api/conversations", {"title": "heard"}, token)
    stream.read_until("heard")

    status, _ = served.call("POST", "/api/auth/me/delete", {"password": PASSWORD}, token)

    assert status == 204
    stream.read_until(None, within_s=OUT_WITHIN_S * 3)
