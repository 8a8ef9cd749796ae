"""Accounts and sessions over HTTP: cookies for browsers, bearer tokens for everybody else."""

import time
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from functions.app import create_app
from functions.http import token_keys
from olamchat import environment
from olamchat.db.pool import database
from tests.functions.conftest import PASSWORD, People, Person


@pytest.fixture
def plain_http(variables: pytest.MonkeyPatch) -> None:
    """Cookies without TLS, as on localhost."""
    variables.setenv("OLAMCHAT_SECURE_COOKIES", "false")
    environment.environment.cache_clear()


@pytest.fixture
def browser(plain_http: None, app: Flask) -> FlaskClient:
    """A browser that has signed up."""
    client = app.test_client()
    assert client.post("/api/auth/signup", json={"email": "ann@example.org", "password": PASSWORD}).status_code == 201
    return client


def cookies_of(response: TestResponse) -> SimpleCookie:
    jar = SimpleCookie()
    for line in response.headers.getlist("Set-Cookie"):
        jar.load(line)
    return jar


def csrf(client: FlaskClient, name: str = "olamchat_csrf") -> dict[str, str]:
    cookie = client.get_cookie(name)
    assert cookie is not None
    return {"X-CSRF-Token": cookie.value}


def error(response: TestResponse) -> tuple[int, str]:
    assert response.mimetype == "application/problem+json"
    return response.status_code, response.get_json()["code"]


def test_signing_up_sets_cookies_that_no_script_can_read(app: Flask) -> None:
    response = app.test_client().post("/api/auth/signup", json={"email": "Ann@Example.org ", "password": PASSWORD, "name": "Ann"})

    cookies = cookies_of(response)
    assert response.get_json().keys() == {"user"}
    assert response.get_json()["user"]["email"] == "ann@example.org"
    assert set(cookies) == {f"__Host-olamchat_{name}" for name in ("access", "csrf", "device", "refresh", "refresh_csrf")}
    for name, cookie in cookies.items():
        assert (cookie["secure"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Strict", "/", "")
        assert bool(cookie["httponly"]) is not name.endswith("csrf")


def test_without_tls_the_refresh_cookie_goes_to_auth_alone(browser: FlaskClient) -> None:
    assert browser.get_cookie("olamchat_access") is not None
    assert browser.get_cookie("olamchat_refresh") is None
    assert browser.get_cookie("olamchat_refresh", path="/api/auth") is not None


def test_a_browser_is_known_by_its_cookies(browser: FlaskClient) -> None:
    assert browser.get("/api/auth/me").get_json()["user"]["email"] == "ann@example.org"


def test_a_change_without_the_csrf_token_is_refused(browser: FlaskClient) -> None:
    assert error(browser.post("/api/conversations", json={})) == (403, "csrf_failed")
    assert error(browser.post("/api/conversations", json={}, headers={"X-CSRF-Token": "guess"})) == (403, "csrf_failed")
    assert browser.post("/api/conversations", json={}, headers=csrf(browser)).status_code == 201


def test_tokens_are_handed_out_instead_of_cookies_when_asked_for(app: Flask) -> None:
    response = app.test_client().post("/api/auth/signup", json={"email": "ann@example.org", "password": PASSWORD, "tokens": True})

    assert response.get_json().keys() == {"user", "access_token", "refresh_token", "expires_in"}
    assert "Set-Cookie" not in response.headers


def test_an_unknown_email_and_a_wrong_password_look_the_same(ann: Person) -> None:
    wrong = ann.post("/api/auth/login", {"email": ann.email, "password": "not the password"})
    unknown = ann.post("/api/auth/login", {"email": "nobody@example.org", "password": "not the password"})

    assert error(wrong) == (401, "wrong_login")
    assert wrong.get_json() == unknown.get_json()


def test_a_disabled_account_lets_nobody_in(ann: Person) -> None:
    database.execute_sql("UPDATE users SET disabled_at = now()")
    database.close()

    assert error(ann.post("/api/auth/login", {"email": ann.email, "password": PASSWORD})) == (401, "wrong_login")
    assert error(ann.get("/api/auth/me")) == (401, "not_signed_in")


def test_the_case_of_an_email_does_not_matter(ann: Person) -> None:
    assert ann.post("/api/auth/login", {"email": " ANN@example.ORG", "password": PASSWORD}).status_code == 200
    assert error(ann.post("/api/auth/signup", {"email": "Ann@Example.Org", "password": PASSWORD})) == (409, "email_taken")


def test_every_character_of_a_long_password_counts(app: Flask) -> None:
    somebody, password = Person(app, "long@example.org"), "ä" * 999
    assert somebody.post("/api/auth/signup", {"email": somebody.email, "password": password + "1"}).status_code == 201

    assert error(somebody.post("/api/auth/login", {"email": somebody.email, "password": password + "2"})) == (401, "wrong_login")
    assert somebody.post("/api/auth/login", {"email": somebody.email, "password": password + "1"}).status_code == 200


def test_a_refresh_replaces_both_cookies(browser: FlaskClient) -> None:
    before = browser.get_cookie("olamchat_refresh", path="/api/auth")
    response = browser.post("/api/auth/refresh", headers=csrf(browser, "olamchat_refresh_csrf"))

    after = browser.get_cookie("olamchat_refresh", path="/api/auth")
    assert response.status_code == 200
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert browser.get("/api/auth/me").status_code == 200


def test_a_refresh_by_cookie_needs_its_own_csrf_token(browser: FlaskClient) -> None:
    assert error(browser.post("/api/auth/refresh", headers=csrf(browser))) == (403, "csrf_failed")


def _refresh(person: Person, token: str) -> TestResponse:
    return Person(person.app, person.email, token).post("/api/auth/refresh")


def _age_rotation() -> None:
    database.execute_sql("UPDATE sessions SET rotated_at = rotated_at - interval '1 minute'")
    database.close()


def test_two_tabs_that_refresh_at_once_both_go_on(ann: Person) -> None:
    first, second = _refresh(ann, ann.refresh_token), _refresh(ann, ann.refresh_token)

    assert (first.status_code, second.status_code) == (200, 200)
    for response in (first, second):
        assert _refresh(ann, response.get_json()["refresh_token"]).status_code == 200


def test_within_the_leeway_a_thief_with_the_token_alone_ends_the_session(ann: Person) -> None:
    stolen = ann.refresh_token
    newest = _refresh(ann, stolen).get_json()["refresh_token"]
    thief = Person(ann.app, ann.email, stolen, headers={"User-Agent": "another"})

    assert error(thief.post("/api/auth/refresh")) == (401, "not_signed_in")
    assert error(_refresh(ann, newest)) == (401, "not_signed_in")


def test_a_browser_that_changes_its_network_within_the_leeway_goes_on(browser: FlaskClient) -> None:
    old = browser.get_cookie("olamchat_refresh", path="/api/auth")
    assert old is not None
    headers = csrf(browser, "olamchat_refresh_csrf")
    assert browser.post("/api/auth/refresh", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.1"}).status_code == 200

    browser.set_cookie("olamchat_refresh", old.value, path="/api/auth")

    assert browser.post("/api/auth/refresh", headers=headers, environ_base={"REMOTE_ADDR": "10.9.9.9"}).status_code == 200


def test_an_old_refresh_token_that_comes_back_ends_the_session(ann: Person) -> None:
    stolen = ann.refresh_token
    newest = _refresh(ann, stolen).get_json()
    _age_rotation()

    assert error(_refresh(ann, stolen)) == (401, "not_signed_in")

    assert error(_refresh(ann, newest["refresh_token"])) == (401, "not_signed_in")
    assert error(Person(ann.app, ann.email, newest["access_token"]).get("/api/auth/me")) == (401, "not_signed_in")


def test_an_access_token_does_not_refresh_and_a_refresh_token_does_not_let_in(ann: Person) -> None:
    assert error(_refresh(ann, ann.token)) == (401, "not_signed_in")
    assert error(Person(ann.app, ann.email, ann.refresh_token).get("/api/auth/me")) == (401, "not_signed_in")


def test_logging_out_ends_the_session_at_once(ann: Person) -> None:
    assert ann.post("/api/auth/logout").status_code == 204

    assert error(ann.get("/api/auth/me")) == (401, "not_signed_in")
    assert error(_refresh(ann, ann.refresh_token)) == (401, "not_signed_in")


def test_logging_out_clears_the_cookies(browser: FlaskClient) -> None:
    response = browser.post("/api/auth/logout", headers=csrf(browser))

    assert {cookie["max-age"] or cookie["expires"] for cookie in cookies_of(response).values()} == {"Thu, 01 Jan 1970 00:00:00 GMT"}
    assert browser.get_cookie("olamchat_access") is None


def test_who_lost_the_access_token_can_still_log_out(ann: Person) -> None:
    assert Person(ann.app, ann.email, ann.refresh_token).post("/api/auth/logout").status_code == 204
    assert error(ann.get("/api/auth/me")) == (401, "not_signed_in")


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(ann: Person) -> None:
    other = ann.post("/api/auth/login", {"email": ann.email, "password": PASSWORD, "tokens": True}).get_json()["access_token"]
    wrong = ann.patch("/api/auth/me", {"current_password": "something else", "new_password": "a better password"})
    none = ann.patch("/api/auth/me", {"new_password": "a better password"})
    right = ann.patch("/api/auth/me", {"current_password": PASSWORD, "new_password": "a better password"})

    assert error(wrong) == error(none) == (422, "invalid")
    assert wrong.get_json()["errors"][0]["field"] == "current_password"
    assert right.status_code == 200
    assert ann.get("/api/auth/me").status_code == 200
    assert error(Person(ann.app, ann.email, other).get("/api/auth/me")) == (401, "not_signed_in")
    assert ann.post("/api/auth/login", {"email": ann.email, "password": "a better password"}).status_code == 200


def test_name_and_settings_can_be_changed(ann: Person) -> None:
    wishes = {"model": "llama", "temperature": 0.5, "theme": {"dark": True}}

    user = ann.patch("/api/auth/me", {"name": " Ann B. ", "settings": wishes}).get_json()["user"]

    assert (user["name"], user["settings"]) == ("Ann B.", wishes)
    assert ann.get("/api/auth/me").get_json()["user"] == user


def _claims(person: Person, **other: Any) -> dict[str, Any]:
    return {**jwt.decode(person.token, options={"verify_signature": False}), **other}


def _mine(key_files: dict[str, str]) -> Any:
    return load_pem_private_key(Path(key_files["OLAMCHAT_SIGNING_KEY_FILE"]).read_bytes(), None)


def test_forged_tokens_let_nobody_in(ann: Person, bob: Person, key_files: dict[str, str]) -> None:
    kid = {"kid": jwt.get_unverified_header(ann.token)["kid"]}
    public = _mine(key_files).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head, _, signature = ann.token.split(".")
    forged = {
        "another key": jwt.encode(_claims(ann), Ed25519PrivateKey.generate(), "EdDSA", kid),
        "another key of its own name": jwt.encode(_claims(ann), Ed25519PrivateKey.generate(), "EdDSA", {"kid": "mine"}),
        "no kid": jwt.encode(_claims(ann), _mine(key_files), "EdDSA"),
        "alg none": jwt.encode(_claims(ann), "", "none", kid),
        "the public key as a secret": jwt.api_jws.PyJWS().encode(b"{}", public.hex().encode(), "HS256", kid),
        "another's payload": f"{head}.{bob.token.split('.')[1]}.{signature}",
        "run out": jwt.encode(_claims(ann, exp=int(time.time()) - 31), _mine(key_files), "EdDSA", kid),
        "not begun": jwt.encode(_claims(ann, nbf=int(time.time()) + 600), _mine(key_files), "EdDSA", kid),
        "another issuer": jwt.encode(_claims(ann, iss="somebody"), _mine(key_files), "EdDSA", kid),
        "another's session": jwt.encode(_claims(ann, sub=bob.id), _mine(key_files), "EdDSA", kid),
        "no session": jwt.encode({key: value for key, value in _claims(ann).items() if key != "sid"}, _mine(key_files), "EdDSA", kid),
        "no token": "nonsense",
    }

    for what, token in forged.items():
        assert error(Person(ann.app, ann.email, token).get("/api/auth/me")) == (401, "not_signed_in"), what


@pytest.mark.parametrize(("apart_s", "status"), [(20, 200), (-20, 200), (60, 401), (-60, 401)])
def test_the_clocks_of_who_signs_and_who_reads_may_be_half_a_minute_apart(
    ann: Person, key_files: dict[str, str], apart_s: int, status: int
) -> None:
    signed = int(time.time()) + apart_s
    ends = signed + 900 if apart_s > 0 else signed  # signed in the reader's future, or run out in its past
    claims = _claims(ann, iat=signed, nbf=signed, exp=ends)
    token = jwt.encode(claims, _mine(key_files), "EdDSA", {"kid": jwt.get_unverified_header(ann.token)["kid"]})
    assert Person(ann.app, ann.email, token).get("/api/auth/me").status_code == status


def test_two_keys_are_good_while_one_replaces_the_other(ann: Person, variables: pytest.MonkeyPatch, tmp_path: Path) -> None:
    new = Ed25519PrivateKey.generate()
    (tmp_path / "new.pem").write_bytes(new.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    both = tmp_path / "both.pem"
    both.write_bytes(
        Path(environment.environment().verify_keys_file).read_bytes()
        + new.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    variables.setenv("OLAMCHAT_SIGNING_KEY_FILE", str(tmp_path / "new.pem"))
    variables.setenv("OLAMCHAT_VERIFY_KEYS_FILE", str(both))
    for cache in (environment.environment, token_keys.signing_key, token_keys.verify_keys):
        cache.cache_clear()

    signed_by_new = ann.post("/api/auth/login", {"email": ann.email, "password": PASSWORD, "tokens": True}).get_json()["access_token"]

    assert jwt.get_unverified_header(signed_by_new)["kid"] != jwt.get_unverified_header(ann.token)["kid"]
    assert ann.get("/api/auth/me").status_code == 200
    assert Person(ann.app, ann.email, signed_by_new).get("/api/auth/me").status_code == 200


def test_a_function_without_the_signing_key_still_verifies(ann: Person, variables: pytest.MonkeyPatch) -> None:
    variables.setenv("OLAMCHAT_SIGNING_KEY_FILE", "")
    for cache in (environment.environment, token_keys.signing_key, token_keys.verify_keys):
        cache.cache_clear()

    reader = Person(create_app(["conversations"]), ann.email, ann.token)

    assert reader.get("/api/conversations").status_code == 200
    with pytest.raises(environment.BadSetting, match="OLAMCHAT_SIGNING_KEY_FILE"):
        token_keys.signing_key()


def test_a_session_that_was_not_used_for_long_runs_out(ann: Person, people: People) -> None:
    database.execute_sql("UPDATE sessions SET expires_at = %s", [datetime.now(UTC) - timedelta(seconds=1)])
    database.close()

    assert error(ann.get("/api/auth/me")) == (401, "not_signed_in")
    assert error(_refresh(ann, ann.refresh_token)) == (401, "not_signed_in")
