"""What an attacker may hope to slip in while something else is on its way: an old password while it is replaced, a guess where nobody counts."""

from collections.abc import Callable
from typing import Any

import pytest

from olamchat import passwords
from olamchat.db.pool import connected, database
from tests.functions.conftest import PASSWORD, Person
from tests.security.accounts.test_sign_up import let

NEW = "another battery"


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let it happen once, right after the next password was found to be right: a check takes its time, and here the whole of it."""
    matches, left = passwords.matches, [act]

    def slow(password: str, kept: str | None) -> bool:
        found = matches(password, kept)
        if found and left:
            left.pop()()
        return found

    monkeypatch.setattr(passwords, "matches", slow)


def sign_in(person: Person, password: str = PASSWORD) -> Any:
    return person.post("/api/auth/login", {"email": person.email, "password": password, "tokens": True})


def open_sessions(person: Person) -> int:
    with connected():
        [(number,)] = database.execute_sql("SELECT count(*) FROM sessions WHERE user_id = %s AND ended_at IS NULL", [person.id]).fetchall()
    return int(number)


def test_the_old_password_begins_no_session_that_outlives_its_reset(ann: Person, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, lambda: ann.post(f"/api/admin/users/{bob.id}/reset"))

    assert sign_in(bob).status_code == 401
    assert open_sessions(bob) == 0


def test_the_old_password_begins_no_session_while_its_owner_changes_it(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"current_password": PASSWORD, "new_password": NEW}
    meanwhile(monkeypatch, lambda: ann.patch("/api/auth/me", said))

    assert sign_in(ann).status_code == 401
    assert open_sessions(ann) == 1
    assert sign_in(ann, NEW).status_code == 200


def test_who_is_disabled_meanwhile_has_no_session_for_when_they_are_let_in_again(
    ann: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: ann.patch(f"/api/admin/users/{bob.id}", {"disabled": True}))

    assert sign_in(bob).status_code == 401
    assert open_sessions(bob) == 0


def test_whoever_knew_the_old_password_does_not_replace_the_one_that_was_given_instead(
    ann: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []
    meanwhile(monkeypatch, lambda: given.append(ann.post(f"/api/admin/users/{bob.id}/reset").get_json()["password"]))

    assert bob.patch("/api/auth/me", {"current_password": PASSWORD, "new_password": NEW}).status_code == 422

    assert [sign_in(bob, each).status_code for each in (PASSWORD, NEW, given[0])] == [401, 401, 200]


def test_an_ended_session_changes_no_password(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, lambda: ann.delete("/api/auth/sessions"))

    assert ann.patch("/api/auth/me", {"current_password": PASSWORD, "new_password": NEW}).status_code == 401
    assert sign_in(ann).status_code == 200


def test_a_password_hashed_anew_meanwhile_is_still_the_password(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def rehash() -> None:
        with connected():
            database.execute_sql("UPDATE users SET password_hash = %s", [passwords.hash_password(PASSWORD)])

    meanwhile(monkeypatch, rehash)

    assert sign_in(ann).status_code == 200


def test_whoever_finds_an_open_page_does_not_guess_the_password(ann: Person, variables: pytest.MonkeyPatch) -> None:
    let(variables, limit_sign_in="3/minute")

    guesses = [ann.patch("/api/auth/me", {"current_password": "a guess", "new_password": NEW}).status_code for _ in range(5)]

    assert guesses == [422] * 3 + [429] * 2
    assert ann.patch("/api/auth/me", {"name": "Ann"}).status_code == 200


def test_renewing_a_session_is_counted(ann: Person, variables: pytest.MonkeyPatch) -> None:
    let(variables, limit_requests="3/minute")
    token, found = ann.refresh_token, []

    for _ in range(5):
        answer = Person(ann.app, "", token).post("/api/auth/refresh")
        found.append(answer.status_code)
        token = answer.get_json().get("refresh_token", token)

    assert found == [200] * 3 + [429] * 2
    assert ann.get("/api/auth/me").status_code == 200
