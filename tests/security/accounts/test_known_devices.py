"""Who guesses a password keeps out strangers; the owner comes in from a browser that was signed in before."""

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient

from functions.auth import known_device
from functions.http import token_keys
from tests.functions.conftest import PASSWORD, Person
from tests.security.accounts.test_sign_up import let

STRANGER, OWNER = {"REMOTE_ADDR": "10.0.0.66"}, {"REMOTE_ADDR": "10.0.0.1"}


def sign_in(client: FlaskClient, email: str, password: str, place: dict[str, str], **headers: str) -> int:
    said = {"email": email, "password": password}
    return client.post("/api/auth/login", json=said, environ_base=place, headers=headers).status_code


@pytest.fixture
def browser(ann: Person, variables: pytest.MonkeyPatch) -> FlaskClient:
    """Ann's browser, in which she was signed in before."""
    let(variables, limit_sign_in="5/hour", limit_account="8/hour", secure_cookies="false")
    browser = ann.app.test_client()
    browser.application.config["JWT_COOKIE_SECURE"] = False
    assert sign_in(browser, ann.email, PASSWORD, OWNER) == 200
    return browser


def test_a_stranger_who_guesses_locks_out_neither_the_owner_nor_another_address(ann: Person, browser: FlaskClient) -> None:
    stranger = ann.app.test_client()
    assert [sign_in(stranger, ann.email, "a wrong one", STRANGER) for _ in range(7)] == [401] * 5 + [429] * 2

    assert sign_in(browser, ann.email, PASSWORD, STRANGER) == 200, "the owner, even behind the same address"
    assert sign_in(ann.app.test_client(), ann.email, PASSWORD, {"REMOTE_ADDR": "10.0.0.2"}) == 200, "the owner on a new device"


def test_many_addresses_together_are_bounded_and_the_owner_still_comes_in(ann: Person, browser: FlaskClient) -> None:
    tries = [sign_in(ann.app.test_client(), ann.email, "a wrong one", {"REMOTE_ADDR": f"10.1.0.{n}"}) for n in range(12)]

    assert tries.count(429) >= 4
    assert sign_in(browser, ann.email, PASSWORD, OWNER) == 200


def test_a_known_device_may_not_guess_for_ever(ann: Person, browser: FlaskClient) -> None:
    tries = [sign_in(browser, ann.email, "a wrong one", OWNER) for _ in range(6)]
    assert tries[-1] == 429


def test_a_known_device_is_a_stranger_to_other_accounts(ann: Person, bob: Person, browser: FlaskClient) -> None:
    assert [sign_in(browser, bob.email, "a wrong one", OWNER) for _ in range(6)] == [401] * 5 + [429]


@pytest.mark.parametrize("kind", ["nonsense", "of another key", "an access token", "without a signature"])
def test_a_forged_device_is_a_stranger(ann: Person, browser: FlaskClient, kind: str) -> None:
    key = token_keys.signing_key()
    claims = {"aud": known_device.AUDIENCE, "sub": known_device._digest(ann.email), "jti": "x"}
    forged = {
        "nonsense": "x.y.z",
        "of another key": jwt.encode(claims, "k" * 32, "HS256", {"kid": key.kid}),
        "an access token": ann.token,
        "without a signature": jwt.encode(claims, "", "none", {"kid": key.kid}),
    }
    thief = ann.app.test_client()
    thief.set_cookie("olamchat_device", forged[kind], path="/api/auth")
    assert [sign_in(thief, ann.email, "a wrong one", STRANGER) for _ in range(7)] == [401] * 5 + [429] * 2
    assert sign_in(browser, ann.email, PASSWORD, OWNER) == 200


def test_the_cookie_lets_nobody_in(ann: Person, browser: FlaskClient) -> None:
    cookie = browser.get_cookie("olamchat_device", path="/api/auth")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Strict"
    assert Person(ann.app, ann.email, cookie.value).get("/api/auth/me").status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://proxied.example"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[evil"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["login", "signup"])
def test_only_our_own_page_signs_a_browser_in(ann: Person, headers: dict[str, str], status: int, path: str) -> None:
    said = {"email": ann.email if path == "login" else "new@example.org", "password": PASSWORD}
    answer = ann.app.test_client().post(f"/api/auth/{path}", json=said, headers=headers)
    assert answer.status_code == (201 if (path, status) == ("signup", 200) else status)
    assert ("Set-Cookie" in answer.headers) == (status == 200)


@pytest.mark.parametrize("password", ["password", "Password", "12345678", "qwertyuiop", "ann2@example.org", "short"])
def test_what_others_would_try_first_is_no_password(app: Flask, password: str) -> None:
    answer = app.test_client().post("/api/auth/signup", json={"email": "ann2@example.org", "password": password, "tokens": True})
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "password")


def test_a_change_to_a_common_password_is_refused(ann: Person) -> None:
    answer = ann.patch("/api/auth/me", {"current_password": PASSWORD, "new_password": "iloveyou"})
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "new_password")
