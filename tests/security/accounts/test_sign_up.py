"""Who may have an account."""

from uuid import UUID

import pytest
from flask import Flask

from functions import app as functions_app
from olamchat import environment
from olamchat.db.pool import database
from olamchat.environment import BadSetting
from olamchat.services.people import sign_up_policy
from tests.functions.conftest import PASSWORD, Person
from tests.functions.messages.test_races import at_once, statuses


def let(variables: pytest.MonkeyPatch, **given: str) -> None:
    for name, value in given.items():
        variables.setenv(f"OLAMCHAT_{name.upper()}", value)
    environment.environment.cache_clear()


def sign_up(app: Flask, email: str, **given: str) -> tuple[int, str]:
    answer = Person(app, email).post("/api/auth/signup", {"email": email, "password": PASSWORD, "tokens": True, **given})
    body = answer.get_json()
    return answer.status_code, body.get("code") or body["user"]["role"]


def test_of_many_first_accounts_at_once_one_is_the_administrators(app: Flask) -> None:
    answers = at_once(12, lambda number: Person(app, "").post("/api/auth/signup", {"email": f"u{number}@b.org", "password": PASSWORD}))

    assert statuses(answers) == {201: 12}
    roles = [answer.get_json()["user"]["role"] for answer in answers]
    assert (roles.count("admin"), roles.count("user")) == (1, 11)


def test_a_closed_house_takes_its_first_account_and_nobody_after(app: Flask, variables: pytest.MonkeyPatch) -> None:
    let(variables, sign_up="closed")

    assert sign_up(app, "ann@example.org") == (201, "admin")
    assert sign_up(app, "bob@example.org") == (403, "sign_up_closed")
    assert Person(app, "").get("/api/auth/joining").get_json() == {
        "sign_up": "closed",
        "first": False,
        "provider": None,
        "mail": False,
        "passkeys": None,
    }


def test_the_first_account_can_be_kept_for_one_person(app: Flask, variables: pytest.MonkeyPatch) -> None:
    let(variables, first_admin="Ann@example.org")

    assert sign_up(app, "eve@example.org") == (403, "sign_up_closed")
    assert sign_up(app, "ann@example.org") == (201, "admin")
    assert sign_up(app, "eve@example.org") == (201, "user")


def test_with_a_set_up_token_the_first_account_is_for_whoever_has_it(app: Flask, variables: pytest.MonkeyPatch) -> None:
    let(variables, setup_token="from-the-cluster")
    assert Person(app, "").get("/api/auth/joining").get_json()["first"] is False

    assert sign_up(app, "eve@example.org") == (403, "sign_up_closed")
    assert sign_up(app, "eve@example.org", invitation="a-guess") == (403, "sign_up_closed")
    assert sign_up(app, "ann@example.org", invitation="from-the-cluster") == (201, "admin")
    assert sign_up(app, "eve@example.org", invitation="from-the-cluster") == (403, "wrong_invitation")
    assert sign_up(app, "eve@example.org") == (201, "user")


def test_a_smoke_test_is_never_the_administrator_nor_the_first(app: Flask, variables: pytest.MonkeyPatch) -> None:
    let(variables, sign_up="closed", smoke_test_token="of-the-chart")

    assert sign_up(app, "a@smoke-test.invalid", invitation="of-the-chart") == (201, "user")
    assert Person(app, "").get("/api/auth/joining").get_json()["first"] is True
    assert sign_up(app, "ann@example.org") == (201, "admin")
    assert sign_up(app, "b@smoke-test.invalid", invitation="of-the-chart") == (201, "user")


@pytest.mark.parametrize("token", ["", "of-the-chart"])
def test_nobody_else_has_an_account_where_smoke_tests_have_theirs(token: str, app: Flask, variables: pytest.MonkeyPatch) -> None:
    let(variables, smoke_test_token=token)

    assert sign_up(app, "eve@smoke-test.invalid") == (403, "sign_up_closed")
    assert sign_up(app, "eve@smoke-test.invalid", invitation="") == (403, "sign_up_closed")
    assert sign_up(app, "eve@smoke-test.invalid", invitation="a-guess") == (403, "sign_up_closed")


def test_domains_are_held_to_the_letter(ann: Person, app: Flask, variables: pytest.MonkeyPatch) -> None:
    let(variables, sign_up="domains", sign_up_domains="example.org, example.com")

    assert sign_up(app, "bob@EXAMPLE.com") == (201, "user")
    for email in ("x@evil.org", "x@sub.example.org", "x@notexample.org", "x@example.org.evil.org", "example.org@evil.org"):
        assert sign_up(app, email) == (403, "sign_up_closed"), email


def test_an_invitation_lets_one_person_in_once(ann: Person, app: Flask, variables: pytest.MonkeyPatch) -> None:
    let(variables, sign_up="invitation")
    token = sign_up_policy.invite(by=_id(ann), email=None, role="user", days=1)["token"]

    assert sign_up(app, "bob@example.org") == (403, "sign_up_closed")
    assert sign_up(app, "bob@example.org", invitation="oli_guess") == (403, "wrong_invitation")
    assert sign_up(app, "bob@example.org", invitation=token) == (201, "user")
    assert sign_up(app, "eve@example.org", invitation=token) == (403, "wrong_invitation")


def test_an_invitation_used_by_many_at_once_lets_one_in(ann: Person, app: Flask, variables: pytest.MonkeyPatch) -> None:
    let(variables, sign_up="invitation")
    token = sign_up_policy.invite(by=_id(ann), email=None, role="user", days=1)["token"]

    answers = at_once(
        8,
        lambda number: Person(app, "").post("/api/auth/signup", {"email": f"u{number}@b.org", "password": PASSWORD, "invitation": token}),
    )

    assert statuses(answers) == {201: 1, 403: 7}


def test_an_invitation_may_name_who_is_meant_and_as_what(ann: Person, app: Flask, variables: pytest.MonkeyPatch) -> None:
    let(variables, sign_up="invitation")
    token = sign_up_policy.invite(by=_id(ann), email="bob@example.org", role="admin", days=1)["token"]

    assert sign_up(app, "eve@example.org", invitation=token) == (403, "wrong_invitation")
    assert sign_up(app, "bob@example.org", invitation=token) == (201, "admin")


def test_an_invitation_runs_out(ann: Person, app: Flask, variables: pytest.MonkeyPatch) -> None:
    let(variables, sign_up="invitation")
    token = sign_up_policy.invite(by=_id(ann), email=None, role="user", days=1)["token"]
    database.execute_sql("UPDATE invitations SET expires_at = now()")
    database.close()

    assert sign_up(app, "bob@example.org", invitation=token) == (403, "wrong_invitation")


def test_a_policy_that_does_not_exist_is_named_before_anything_is_served(variables: pytest.MonkeyPatch) -> None:
    let(variables, sign_up="opne")

    with pytest.raises(BadSetting, match="'opne'"):
        functions_app.served()


def _id(person: Person) -> UUID:
    return UUID(person.id)
