"""Signing in by an OpenID provider, a real one: who gets in, as whom, and what an attacker makes of the way there and back."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask

from functions import app as functions_app
from functions.app import create_app
from functions.auth.oidc_provider import together
from olamchat import environment, sign_ons
from olamchat.db.pool import database
from olamchat.environment import BadSetting
from olamchat.services.people import sign_up_policy
from tests.functions.conftest import PASSWORD, Person
from tests.functions.messages.test_races import at_once
from tests.security.accounts.test_keys import made
from tests.security.accounts.test_sign_up import _id, let
from tests.security.oidc import Visitor, back_from, providing, refused

HERE = "https://localhost"


@pytest.fixture(scope="module")
def provider() -> Iterator[dict[str, str]]:
    with providing(HERE) as found:
        yield found


@pytest.fixture
def sign_on(provider: dict[str, str], variables: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in provider.items():
        variables.setenv(name, value)
    environment.environment.cache_clear()
    return variables


@pytest.fixture
def app(sign_on: pytest.MonkeyPatch) -> Flask:
    return create_app()


def test_somebody_new_gets_an_account_and_is_known_again(ann: Person, app: Flask) -> None:
    first, again = Visitor(app), Visitor(app)

    assert refused(first.sign_in("bob")) is None
    assert refused(again.sign_in("bob")) is None

    assert first.me()["id"] == again.me()["id"]
    person = first.me()
    assert (person["email"], person["name"], person["role"]) == ("bob@example.org", "bob", "user")
    assert not person["has_password"]


def test_the_browser_comes_back_to_where_it_was_and_nowhere_else(app: Flask) -> None:
    places = {
        "/c/0190": "/c/0190", "/account?x=1": "/account?x=1", "//evil.example": "/", "/\\evil.example": "/", "https://evil.example": "/",
        "/\t/evil.example": "/", "javascript:alert(1)": "/", "/api/auth/logout": "/", "": "/",
    }  # fmt: skip

    found = {place: Visitor(app).sign_in("ann", "?" + urlencode({"next": place})).headers["Location"] for place in places}

    assert found == places


def test_an_account_becomes_theirs_by_a_verified_email_and_nothing_of_whoever_made_it_stays(ann: Person, bob: Person, app: Flask) -> None:
    program = made(bob)

    assert refused(Visitor(app).sign_in("bob+unverified")) == "email_unverified"
    owner = Visitor(app)
    assert refused(owner.sign_in("bob")) is None

    assert owner.me()["id"] == bob.id
    assert [person.get("/api/auth/me").status_code for person in (bob, program)] == [401, 401]
    assert bob.post("/api/auth/login", {"email": bob.email, "password": PASSWORD}).status_code == 401
    assert [event["event"] for event in ann.get("/api/admin/audit?event=account.linked").get_json()["items"]] == ["account.linked"]


def test_an_email_that_the_provider_gave_to_somebody_else_opens_nothing(ann: Person, app: Flask) -> None:
    assert refused(Visitor(app).sign_in("bob")) is None

    assert refused(Visitor(app).sign_in("bob=eve")) == "identity_taken"


def test_an_unverified_email_makes_no_account_unless_the_provider_is_trusted(ann: Person, app: Flask, sign_on: pytest.MonkeyPatch) -> None:
    assert refused(Visitor(app).sign_in("bob+unverified")) == "email_unverified"
    let(sign_on, oidc_trust_email="true")

    assert refused(Visitor(app).sign_in("bob+unverified")) is None


@pytest.mark.parametrize(
    ("settings", "who", "told"),
    [
        ({"sign_up": "closed"}, "bob", "sign_up_closed"),
        ({"sign_up": "invitation"}, "bob", "sign_up_closed"),
        ({"sign_up": "closed", "oidc_joins": "true"}, "bob", None),
        ({"sign_up": "domains", "sign_up_domains": "example.org"}, "bob", None),
        ({"sign_up": "domains", "sign_up_domains": "example.com"}, "bob", "sign_up_closed"),
        ({"oidc_domains": "corp.example"}, "bob", "domain_refused"),
        ({"oidc_domains": "corp.example"}, "bob@corp.example", None),
        ({"oidc_domains": "corp.example"}, "bob@corp.example+unverified", "email_unverified"),
    ],
)
def test_who_may_join_by_the_provider(
    ann: Person, app: Flask, sign_on: pytest.MonkeyPatch, settings: dict[str, str], who: str, told: str | None
) -> None:
    let(sign_on, **settings)

    assert refused(Visitor(app).sign_in(who)) == told


def test_an_invitation_goes_along_and_is_used_up(ann: Person, app: Flask, sign_on: pytest.MonkeyPatch) -> None:
    let(sign_on, sign_up="invitation")
    token = sign_up_policy.invite(by=_id(ann), email="bob@example.org", role="admin", days=1)["token"]

    assert refused(Visitor(app).sign_in("eve", f"?invitation={token}")) == "wrong_invitation"
    bob = Visitor(app)
    assert refused(bob.sign_in("bob", f"?invitation={token}")) is None

    assert bob.me()["role"] == "admin"


def test_groups_say_who_administers_with_every_sign_in(ann: Person, app: Flask, sign_on: pytest.MonkeyPatch) -> None:
    let(sign_on, oidc_admin_groups="admins, owners")
    roles = []

    for who in ("bob+admins", "bob+Admins", "bob+owners+x", "bob"):
        bob = Visitor(app)
        _as_the_same_person(who)
        assert refused(bob.sign_in(who)) is None
        roles.append(bob.me()["role"])

    assert roles == ["admin", "user", "admin", "user"]


def test_claims_put_people_into_groups_and_out_again(ann: Person, app: Flask, sign_on: pytest.MonkeyPatch) -> None:
    let(sign_on, oidc_groups="team-* => *; admins => Operators")
    by_hand = ann.post("/api/admin/groups", {"name": "By hand"}).get_json()["id"]
    seen = []

    for who in ("bob+team-legal+admins", "bob+team-LEGAL", "bob"):
        bob = Visitor(app)
        _as_the_same_person(who)
        assert refused(bob.sign_in(who)) is None
        added = ann.post(f"/api/groups/{by_hand}/members", {"email": "bob@example.org"})
        assert [member["by_claim"] for member in added.get_json()["items"]] == [False]
        seen.append(sorted(group["name"] for group in bob.get("/api/groups").get_json()["items"]))

    assert seen == [["By hand", "Operators", "legal"], ["By hand", "legal"], ["By hand"]]
    every = {group["name"]: group["members"] for group in ann.get("/api/admin/groups").get_json()["items"]}
    assert every == {"By hand": 1, "Operators": 0, "legal": 0}, "groups stay when the last one leaves"


def _as_the_same_person(subject: str) -> None:
    """The test provider's people have their groups in their subject."""
    database.execute_sql("UPDATE identities SET subject = %s", [subject])
    database.close()


def test_the_last_administrator_stays_one_against_the_groups(app: Flask, sign_on: pytest.MonkeyPatch) -> None:
    let(sign_on, oidc_admin_groups="admins")
    first = Visitor(app)

    assert refused(first.sign_in("ann")) is None

    assert first.me()["role"] == "admin"


def test_a_disabled_person_does_not_come_in_by_the_provider(ann: Person, app: Flask) -> None:
    bob = Visitor(app)
    bob.sign_in("bob")
    ann.patch(f"/api/admin/users/{bob.me()['id']}", {"disabled": True})

    assert refused(Visitor(app).sign_in("bob")) == "account_disabled"


def test_who_has_no_password_may_set_one_and_then_needs_it(ann: Person, app: Flask) -> None:
    bob = Visitor(app)
    bob.sign_in("bob")
    csrf = bob.client.get_cookie("__Host-olamchat_csrf", domain="localhost")
    assert csrf is not None

    def change(**said: str) -> int:
        return bob.client.patch("/api/auth/me", json=said, headers={"X-CSRF-Token": csrf.value}, base_url=HERE).status_code

    assert change(new_password=PASSWORD) == 200
    assert change(new_password="another battery") == 422
    assert ann.post("/api/auth/login", {"email": "bob@example.org", "password": PASSWORD}).status_code == 200


def test_the_way_back_is_for_the_browser_that_began_and_once(app: Flask) -> None:
    ann, eve = Visitor(app), Visitor(app)
    back = back_from(ann.begin(), "ann")

    assert refused(eve.get(back)) == "sign_on_failed", "a link from somebody else signs nobody in"
    assert refused(ann.get(back)) == "sign_on_failed", "and is used up by that"

    back = back_from(ann.begin(), "ann")
    assert refused(ann.get(back)) is None
    assert refused(ann.get(back)) == "sign_on_failed"


def test_two_tabs_may_be_on_their_way_at_once(app: Flask) -> None:
    ann = Visitor(app)
    first, second = ann.begin("?next=/c/1"), ann.begin("?next=/c/2")

    assert [ann.get(back_from(each, "ann")).headers["Location"] for each in (second, first)] == ["/c/2", "/c/1"]


def test_what_the_way_back_must_not_be(app: Flask) -> None:
    def tampered(**given: str) -> str | None:
        visitor = Visitor(app)
        place = urlsplit(back_from(visitor.begin(), "ann"))
        said = {name: value[0] for name, value in parse_qs(place.query).items()} | given
        return refused(visitor.get(f"{place.path}?{urlencode(said)}"))

    assert tampered() is None
    assert tampered(state="another") == "sign_on_failed"
    assert tampered(state="") == "sign_on_failed"
    assert tampered(code="another") == "sign_on_failed"
    assert tampered(iss="https://another.example") == "sign_on_failed"
    assert tampered(iss="") == "sign_on_failed"
    assert tampered(error="access_denied") == "sign_on_cancelled"
    assert tampered(code="") == "sign_on_cancelled"


def test_the_provider_is_asked_with_pkce_state_and_nonce_and_gets_no_address_from_the_request(app: Flask) -> None:
    answer = app.test_client().get("/api/auth/oidc/login", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})

    asked = {name: value[0] for name, value in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
    assert asked["redirect_uri"] == f"{HERE}/api/auth/oidc/callback"
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("__Host-olamchat_sign_on=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"))


def test_an_id_token_for_another_sign_in_is_not_taken(app: Flask) -> None:
    """The provider's honest token, held against a nonce, a client or an issuer that it isn't for."""
    visitor = Visitor(app)
    for name, wrong in (("nonce", "another"), ("verifier", "another-verifier-of-forty-three-characters-or-more")):
        back = back_from(visitor.begin(), "ann")
        state = parse_qs(urlsplit(back).query)["state"][0]
        kept = sign_ons.take(state)
        assert kept is not None
        sign_ons.keep(state, {**kept, name: wrong})

        assert refused(visitor.get(back)) == "sign_on_failed", name


def test_two_first_sign_ins_at_once_are_one_account(ann: Person, app: Flask) -> None:
    visitors = [Visitor(app) for _ in range(4)]
    backs = [back_from(visitor.begin(), "bob") for visitor in visitors]

    answers = at_once(4, lambda number: visitors[number].get(backs[number]))

    assert [refused(answer) for answer in answers] == [None] * 4
    assert len({visitor.me()["id"] for visitor in visitors}) == 1


def test_where_there_is_no_provider_there_is_no_door(variables: pytest.MonkeyPatch) -> None:
    app = create_app()

    assert app.test_client().get("/api/auth/oidc/login").status_code == 404
    assert app.test_client().get("/api/auth/oidc/callback").status_code == 404
    assert app.test_client().get("/api/auth/joining").get_json()["provider"] is None


def test_a_provider_that_is_away_is_a_503_and_one_that_lies_is_refused(app: Flask, sign_on: pytest.MonkeyPatch) -> None:
    issuer = environment.environment().oidc_issuer
    assert app.test_client().get("/api/auth/joining").get_json()["provider"] == "Example ID"

    let(sign_on, oidc_issuer="http://localhost:9")
    assert app.test_client().get("/api/auth/oidc/login").status_code == 503
    let(sign_on, oidc_issuer=issuer.replace("localhost", "127.0.0.1"))
    assert app.test_client().get("/api/auth/oidc/login").get_json()["code"] == "sign_on_failed"


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("oidc_client_id", "", "OLAMCHAT_OIDC_CLIENT_ID"),
        ("public_url", "", "OLAMCHAT_PUBLIC_URL"),
        ("oidc_issuer", "http://sso.example.org", "not https"),
        ("oidc_issuer", "file:///etc/passwd", "not https"),
    ],
)
def test_a_provider_that_can_not_work_is_named_before_anything_is_served(
    sign_on: pytest.MonkeyPatch, setting: str, value: str, told: str
) -> None:
    let(sign_on, **{setting: value})

    with pytest.raises(BadSetting, match=told):
        functions_app.served()


@pytest.mark.parametrize(
    ("claims", "userinfo", "verified"),
    [
        ({"email": "ann@example.org"}, {"email": "eve@example.org", "email_verified": True}, None),
        ({"email": "ann@example.org"}, {"email_verified": True}, None),
        ({"email": "ann@example.org"}, {"email": "ann@example.org", "email_verified": True}, True),
        ({"email": "ann@example.org", "email_verified": False}, {"email": "ann@example.org", "email_verified": True}, False),
        ({}, {"email": "ann@example.org", "email_verified": True}, True),
    ],
)
def test_that_an_email_is_verified_counts_for_that_email_alone(
    claims: dict[str, object], userinfo: dict[str, object], verified: bool | None
) -> None:
    said = together({"sub": "1", **claims}, {"sub": "1", **userinfo})

    assert (said["email"], said.get("email_verified")) == ("ann@example.org", verified)
