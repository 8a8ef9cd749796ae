"""How often, from where, and what the answers' headers say."""

import pytest
from flask import Flask

from functions.app import create_app
from functions.http.rate_limits import _limiter
from olamchat import environment, redis
from olamchat.environment import BadSetting
from tests.functions.conftest import PASSWORD, People, Person
from tests.functions.messages.test_races import at_once, statuses
from tests.security.accounts.test_keys import made
from tests.security.accounts.test_sign_up import let


def guess(app: Flask, email: str, **headers: str) -> int:
    body = {"email": email, "password": "a wrong one"}
    return Person(app, email).post("/api/auth/login", body, headers=headers).status_code


def test_guessing_a_password_ends_soon_and_for_that_email_alone(ann: Person, bob: Person, variables: pytest.MonkeyPatch) -> None:
    let(variables, limit_sign_in="5/minute")

    assert [guess(ann.app, ann.email) for _ in range(7)] == [401] * 5 + [429] * 2
    assert guess(ann.app, f" {ann.email.upper()}") == 429, "the same e-mail, spelled otherwise"
    assert guess(ann.app, bob.email) == 401
    right = ann.post("/api/auth/login", {"email": ann.email, "password": PASSWORD})
    assert (right.status_code, ann.get("/api/auth/me").status_code) == (429, 200)
    assert 1 <= int(right.headers["Retry-After"]) <= 60


def test_guessing_from_one_address_ends_whatever_the_email_and_the_headers(ann: Person, variables: pytest.MonkeyPatch) -> None:
    let(variables, limit_address="5/minute")

    found = [guess(ann.app, f"u{number}@b.org", **{"X-Forwarded-For": f"10.0.0.{number}", "X-Real-Ip": "1.2.3.4"}) for number in range(8)]

    assert found.count(429) >= 3


def test_an_email_is_counted_as_one_however_it_is_written(people: People, variables: pytest.MonkeyPatch) -> None:
    """Composed or not, with the sign for Kelvin or a K: what is the same account is the same count."""
    let(variables, limit_sign_in="3/minute")
    app, spellings = (
        people.app,
        ["k\u00e9\u00e9@b.org", "ke\u0301e\u0301@b.org", "\u212ae\u0301\u00e9@b.org", "K\u00c9\u00c9@B.ORG", "ke\u0301\u00e9@b.org"],
    )

    assert [guess(app, email) for email in spellings] == [401] * 3 + [429] * 2


@pytest.mark.parametrize(
    ("addresses", "alike"),
    [
        (("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:DB8:1:2:0:0:0:1"), True),
        (("::ffff:9.9.9.9", "9.9.9.9", "::ffff:909:909"), True),
        (("2001:db8:1:2::1", "2001:db8:1:3::1", "2001:db8:2::1"), False),
        (("::ffff:9.9.9.9", "::ffff:9.9.9.8", "9.9.9.7"), False),
    ],
)
def test_a_network_of_ipv6_is_one_address(variables: pytest.MonkeyPatch, addresses: tuple[str, ...], alike: bool) -> None:
    let(variables, trusted_hops="1", limit_address="2/minute")
    app = create_app()

    found = [guess(app, f"u{number}@b.org", **{"X-Forwarded-For": address}) for number, address in enumerate(addresses)]

    assert found == ([401, 401, 429] if alike else [401] * 3)


def test_many_guesses_at_once_are_counted_each(ann: Person, variables: pytest.MonkeyPatch) -> None:
    let(variables, limit_sign_in="5/minute")

    answers = at_once(20, lambda _: ann.post("/api/auth/login", {"email": ann.email, "password": "a wrong one"}))

    assert statuses(answers) == {401: 5, 429: 15}


def test_a_persons_requests_are_counted_whatever_token_they_show(ann: Person, bob: Person, variables: pytest.MonkeyPatch) -> None:
    let(variables, limit_requests="5/minute")
    body = {"email": ann.email, "password": PASSWORD, "tokens": True}
    other = Person(ann.app, ann.email, ann.post("/api/auth/login", body).get_json()["access_token"])

    found = [person.get("/api/auth/me").status_code for person in (ann, other) * 4]

    assert found.count(200) == 5
    left = bob.get("/api/auth/me").headers
    assert (left["RateLimit-Limit"], left["RateLimit-Remaining"]) == ("5", "4")


def test_without_redis_signing_in_is_refused_and_reading_goes_on(ann: Person, variables: pytest.MonkeyPatch) -> None:
    let(variables, limit_sign_in="5/minute")
    program = made(ann, requests_per_minute=1_000)
    variables.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    environment.environment.cache_clear()
    redis.client.cache_clear()

    assert guess(ann.app, ann.email) == 503
    assert Person(ann.app, "").post("/api/auth/signup", {"email": "x@b.org", "password": PASSWORD}).status_code == 503
    goes_on = [
        ann.get("/api/auth/me"), ann.post("/api/conversations", {}), program.get("/api/conversations"), Person(ann.app, "").get("/api/auth/joining"),
        Person(ann.app, "", ann.refresh_token).post("/api/auth/refresh"), ann.patch("/api/auth/me", {"name": "Ann"}),
    ]  # fmt: skip
    assert [answer.status_code for answer in goes_on] == [200, 201, 200, 200, 200, 200]
    assert ann.patch("/api/auth/me", {"current_password": "a guess", "new_password": "another battery"}).status_code == 503
    _limiter.cache_clear()


def test_only_trusted_proxies_say_where_somebody_comes_from(variables: pytest.MonkeyPatch) -> None:
    forwarded = {"X-Forwarded-For": "6.6.6.6, 9.9.9.9", "X-Forwarded-Host": "evil.example", "Forwarded": "for=7.7.7.7"}
    for hops, address in (("0", "127.0.0.1"), ("1", "9.9.9.9"), ("2", "6.6.6.6"), ("3", "127.0.0.1")):
        let(variables, trusted_hops=hops)
        app = create_app()
        person = People(app)(f"ann{hops}")
        person.headers = forwarded
        again = person.post("/api/auth/login", {"email": person.email, "password": PASSWORD, "tokens": True}).get_json()

        listed = Person(app, "", again["access_token"]).get("/api/auth/sessions").get_json()["items"]

        assert listed[0]["address"] == address, hops


def test_limits_that_cannot_be_read_are_named(variables: pytest.MonkeyPatch) -> None:
    let(variables, limit_requests="many")

    with pytest.raises(BadSetting, match="OLAMCHAT_LIMIT_REQUESTS='many'"):
        create_app()


def test_no_answer_can_be_shown_framed_or_read_by_another_site(ann: Person) -> None:
    for answer in (ann.get("/api/auth/me"), ann.get("/api/nothing"), Person(ann.app, "").get("/api/auth/me"), ann.get("/api/openapi.json")):
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; frame-ancestors 'none'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
        assert answer.headers["Cache-Control"] == "no-store"
        assert not any(name.startswith("Access-Control-") for name, _ in answer.headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-HTTP-Method-Override": "DELETE"},
        {"X-Original-URL": "/api/health", "X-Rewrite-URL": "/api/health"},
        {"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-User": "ann@example.org", "X-Remote-User": "ann@example.org", "X-Auth-Request-Email": "ann@example.org"},
        {"Origin": "https://evil.example"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_headers_of_other_systems_mean_nothing(ann: Person, headers: dict[str, str]) -> None:
    conversation = ann.conversation()

    mine = ann.get(conversation, headers=headers)
    nobodys = Person(ann.app, "").get(conversation, headers=headers)

    assert (mine.status_code, nobodys.status_code) == (200, 401)
    assert "evil" not in mine.text + nobodys.text + str(mine.headers) + str(nobodys.headers)
