"""Sessions are seen, and ended one by one or all at once; whoever is out is out everywhere."""

import time

import psycopg
import pytest
from flask import Flask

from olamchat import environment
from olamchat.db.pool import database
from tests.functions.conftest import PASSWORD, Person
from tests.functions.server.serving import Served
from tests.security.report import Matrix

# A second look is due every two; a busy machine gets its time.
OUT_WITHIN_S = 5.0


def signed_in_again(person: Person) -> Person:
    answer = person.post("/api/auth/login", {"email": person.email, "password": PASSWORD, "tokens": True})
    body = answer.get_json()
    return Person(person.app, person.email, body["access_token"], body["refresh_token"], person.id)


def sessions(person: Person) -> list[dict[str, object]]:
    items: list[dict[str, object]] = person.get("/api/auth/sessions").get_json()["items"]
    return items


def test_a_person_sees_where_they_are_signed_in(ann: Person, bob: Person) -> None:
    phone = signed_in_again(Person(ann.app, ann.email, headers={"User-Agent": "Phone"}, id=ann.id))

    [first, second] = sessions(phone)

    assert (first["user_agent"], first["current"], second["current"]) == ("Phone", True, False)
    assert len(sessions(bob)) == 1


def test_one_session_is_ended_and_the_others_go_on(ann: Person) -> None:
    phone = signed_in_again(ann)
    [lost] = [each["id"] for each in sessions(ann) if not each["current"]]

    assert ann.delete(f"/api/auth/sessions/{lost}").status_code == 204

    assert phone.get("/api/auth/me").status_code == 401
    assert Person(ann.app, "", phone.refresh_token).post("/api/auth/refresh").status_code == 401
    assert [each["current"] for each in sessions(ann)] == [True]
    assert ann.delete(f"/api/auth/sessions/{lost}").status_code == 404


def test_nobody_ends_anothers_session(ann: Person, bob: Person) -> None:
    [anns] = sessions(ann)

    assert bob.delete(f"/api/auth/sessions/{anns['id']}").status_code == 404

    assert ann.get("/api/auth/me").status_code == 200


def test_signing_out_everywhere_ends_all_and_only_ones_own(ann: Person, bob: Person) -> None:
    others = [signed_in_again(ann) for _ in range(3)]

    assert ann.delete("/api/auth/sessions").status_code == 204

    assert {each.get("/api/auth/me").status_code for each in (ann, *others)} == {401}
    assert bob.get("/api/auth/me").status_code == 200


def test_a_new_password_ends_the_other_sessions(ann: Person) -> None:
    phone = signed_in_again(ann)

    ann.patch("/api/auth/me", {"current_password": PASSWORD, "new_password": "another battery"})

    assert (ann.get("/api/auth/me").status_code, phone.get("/api/auth/me").status_code) == (200, 401)


def test_a_password_is_hashed_anew_when_more_work_is_asked_for(ann: Person, variables: pytest.MonkeyPatch) -> None:
    variables.setenv("OLAMCHAT_BCRYPT_COST", "5")
    environment.environment.cache_clear()

    signed_in_again(ann)

    [(kept,)] = database.execute_sql("SELECT password_hash FROM users").fetchall()
    database.close()
    assert kept.startswith("$2b$05$")
    assert signed_in_again(ann).get("/api/auth/me").status_code == 200


@pytest.mark.parametrize(
    "end",
    [
        pytest.param("UPDATE sessions SET ended_at = now()", id="ended behind our back"),
        pytest.param("UPDATE sessions SET expires_at = now()", id="run out"),
        pytest.param("UPDATE users SET disabled_at = now()", id="disabled"),
    ],
)
def test_open_streams_close_also_when_nobody_tells_them(served: Served, database_url: str, end: str, matrix: Matrix) -> None:
    token = served.sign_up("ann")["access_token"]
    _, conversation = served.call("POST", "/api/conversations", {}, token)
    streams = [served.open(path, token) for path in ("/api/events", f"/api/conversations/{conversation['id']}/stream")]
    streams[1].read_until("snapshot")

    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(end)
    began = time.monotonic()

    for stream in streams:
        stream.read_until(None, within_s=OUT_WITHIN_S * 3)
    matrix.most("ms at most until streams were closed whose session had ended untold", round(1000 * (time.monotonic() - began)))


def test_open_streams_close_when_their_session_is_revoked_and_others_stay(served: Served) -> None:
    signed = served.sign_up("ann")
    credentials = {"email": "ann@example.org", "password": "correct horse battery", "tokens": True}
    _, phone = served.call("POST", "/api/auth/login", credentials)
    stays, goes = (served.open("/api/events", each["access_token"]) for each in (signed, phone))
    for stream in (stays, goes):
        stream.read_until("ping")
    served.call("POST", "/api/conversations", {"title": "heard by both"}, signed["access_token"])
    for stream in (stays, goes):
        stream.read_until("heard by both")
    _, listed = served.call("GET", "/api/auth/sessions", token=phone["access_token"])
    [own] = [each["id"] for each in listed["items"] if each["current"]]

    served.call("DELETE", f"/api/auth/sessions/{own}", token=signed["access_token"])

    assert "signed_out" in goes.read_until(None)
    served.call("POST", "/api/conversations", {"title": "still here"}, signed["access_token"])
    assert "still here" in stays.read_until("still here")


def test_a_stream_that_a_key_opened_closes_when_the_key_is_revoked(served: Served) -> None:
    token = served.sign_up("ann")["access_token"]
    _, key = served.call("POST", "/api/auth/keys", {"name": "reader", "scopes": ["read"]}, token)
    stream = served.open("/api/events", key["key"])
    stream.read_until("ping")

    assert served.call("DELETE", f"/api/auth/keys/{key['id']}", token=token)[0] in {200, 204}

    stream.read_until(None)


def test_the_first_account_is_the_administrators_and_no_other(app: Flask, ann: Person, bob: Person) -> None:
    roles = [person.get("/api/auth/me").get_json()["user"]["role"] for person in (ann, bob)]

    assert roles == ["admin", "user"]
