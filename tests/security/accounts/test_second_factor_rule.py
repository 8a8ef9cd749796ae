"""Two-step sign-in that somebody must have: told at the next sign-in, with days of grace, and then nothing else is open until it is set up."""

from typing import Any
from uuid import UUID

import pytest

from olamchat.db.pool import database
from olamchat.environment import BadSetting
from olamchat.services.people import accounts, second_factor
from tests.functions.conftest import PASSWORD, Person
from tests.security.accounts.test_second_factor import code, first_step, second_step, set_up
from tests.security.accounts.test_sign_up import let


def sign_in(person: Person) -> Person:
    answer = person.post("/api/auth/login", {"email": person.email, "password": PASSWORD, "tokens": True})
    assert answer.status_code == 200, answer.text
    said = answer.get_json()
    return Person(person.app, person.email, said["access_token"], said["refresh_token"], said["user"]["id"])


def due(person: Person) -> Any:
    return person.get("/api/auth/me").get_json()["user"].get("second_factor_due")


def strict_group(ann: Person, member: Person) -> str:
    made = ann.post("/api/admin/groups", {"name": "Law", "second_factor": True}).get_json()
    assert made["second_factor"] is True
    assert ann.post(f"/api/groups/{made['id']}/members", {"email": member.email}).status_code in {200, 201, 204}
    return str(made["id"])


def refused(person: Person, path: str = "/api/auth/sessions") -> str:
    answer = person.get(path)
    return "" if answer.status_code == 200 else str(answer.get_json()["code"])


def test_a_member_of_a_strict_group_is_told_at_the_next_sign_in_and_has_days_to_set_it_up(
    ann: Person, bob: Person, variables: pytest.MonkeyPatch
) -> None:
    let(variables, second_factor_grace_days="7")
    strict_group(ann, bob)
    assert due(bob) is None, "a session that is open already is left in peace until it is renewed"

    first = due(again := sign_in(bob))

    assert first is not None
    assert refused(again) == ""
    assert due(sign_in(bob)) == first, "the days are given once"
    assert due(sign_in(ann)) is None, "who is in no such group is asked for nothing"


def test_after_the_days_of_grace_nothing_is_open_but_setting_it_up(ann: Person, bob: Person, variables: pytest.MonkeyPatch) -> None:
    let(variables, second_factor_grace_days="0")
    strict_group(ann, bob)
    key = bob.post("/api/auth/keys", {"name": "a program", "scopes": ["read"]}).get_json()["key"]
    late = sign_in(bob)

    for path in ("/api/conversations", "/api/auth/sessions", "/api/models", "/api/auth/keys"):
        assert refused(late, path) in {"second_factor_required", "not_signed_in"}, path
    assert late.post("/api/conversations", {}).status_code in {401, 403}
    assert late.post("/api/auth/keys", {"name": "another", "scopes": ["read"]}).get_json()["code"] == "second_factor_required"
    assert refused(Person(bob.app, "", key), "/api/conversations") == "", "keys that are there go on"
    set_up(late)

    assert (refused(late), due(late)) == ("", None)
    assert refused(late, "/api/conversations") == ""


def test_a_session_is_told_when_it_is_renewed(ann: Person, bob: Person, variables: pytest.MonkeyPatch) -> None:
    let(variables, second_factor_grace_days="0")
    old = sign_in(bob)
    strict_group(ann, bob)

    renewed = Person(bob.app, bob.email, old.refresh_token).post("/api/auth/refresh", {})

    assert renewed.get_json()["user"]["second_factor_due"]
    assert refused(old) == "second_factor_required"


def test_who_must_have_it_does_not_get_rid_of_the_last_way(ann: Person, bob: Person) -> None:
    group = strict_group(ann, bob)
    secret, _ = set_up(bob)

    kept = bob.post("/api/auth/second-factor/off", {"password": PASSWORD})

    assert (kept.status_code, kept.get_json()["code"]) == (409, "last_factor")
    assert second_step(bob, first_step(bob), code(secret, 1)) == (200, "")
    ann.put(f"/api/admin/groups/{group}", {"name": "Law"})
    assert bob.post("/api/auth/second-factor/off", {"password": PASSWORD}).status_code == 204


def test_a_reset_begins_the_days_again_and_the_end_of_the_rule_ends_them(ann: Person, bob: Person) -> None:
    group = strict_group(ann, bob)
    set_up(bob)
    assert ann.delete(f"/api/admin/users/{bob.id}/second-factor").status_code == 204
    assert due(sign_in(bob)) is not None

    ann.delete(f"/api/admin/groups/{group}")

    assert due(sign_in(bob)) is None


@pytest.mark.parametrize(("who", "told"), [("", (False, False)), ("admins", (True, False)), ("everyone", (True, True))])
def test_the_setting_asks_it_of_administrators_or_of_everyone(
    ann: Person, bob: Person, variables: pytest.MonkeyPatch, who: str, told: tuple[bool, bool]
) -> None:
    let(variables, second_factor=who)

    assert (due(sign_in(ann)) is not None, due(sign_in(bob)) is not None) == told


def test_a_session_by_the_provider_owes_nothing(ann: Person, bob: Person, variables: pytest.MonkeyPatch) -> None:
    let(variables, second_factor="everyone", second_factor_grace_days="0")
    with bob.app.test_request_context():
        by_provider = accounts.begin_session({"id": UUID(bob.id)})
    assert "second_factor_due" not in by_provider.user
    assert accounts.check(user_id=by_provider.user_id, session_id=by_provider.session_id)["email"] == bob.email

    sign_in(bob)
    assert accounts.check(user_id=by_provider.user_id, session_id=by_provider.session_id)["email"] == bob.email
    database.execute_sql("UPDATE users SET password_hash = NULL WHERE id = %s", [bob.id])
    assert second_factor.settle(UUID(bob.id)) is None, "there is no password to protect"
    database.close()


@pytest.mark.parametrize("said", [{"second_factor": "all"}, {"second_factor_grace_days": "-1"}])
def test_a_rule_that_can_not_be_read_stops_the_start(variables: pytest.MonkeyPatch, said: dict[str, str]) -> None:
    let(variables, **said)

    with pytest.raises(BadSetting):
        second_factor.must_have()
