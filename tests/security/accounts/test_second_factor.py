"""The second factor: a password alone opens nothing, a code counts once, guesses end soon, and who loses the app comes in all the same."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import jwt
import pyotp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from functions.auth import challenges
from functions.http import token_keys
from olamchat.clock import unix
from olamchat.db.pool import database
from olamchat.errors import WrongCode
from olamchat.services.people import accounts, identities, second_factor
from olamchat.services.people.accounts import SignedIn
from olamchat.services.people.identities import Vouched
from tests.functions.conftest import PASSWORD, Person
from tests.security.accounts.test_sign_up import let


def set_up(person: Person) -> tuple[str, list[str]]:
    """Turn the second factor on; return the app's secret and the recovery codes. The code of the present step is used up by that."""
    secret = person.post("/api/auth/second-factor", {"password": PASSWORD}).get_json()["secret"]
    confirmed = person.post("/api/auth/second-factor/confirm", {"code": code(secret)})
    assert confirmed.status_code == 200, confirmed.text
    return secret, confirmed.get_json()["codes"]


def code(secret: str, steps: int = 0) -> str:
    """Return what the app shows, so many steps from now."""
    return pyotp.TOTP(secret).generate_otp(int(unix()) // 30 + steps)


def wrong(secret: str) -> str:
    """Return six digits that the app doesn't show around now."""
    shown = {code(secret, steps) for steps in range(-3, 4)}
    return next(f"{number:06}" for number in range(10) if f"{number:06}" not in shown)


def first_step(person: Person) -> str:
    answer = person.post("/api/auth/login", {"email": person.email, "password": PASSWORD, "tokens": True})
    assert (answer.status_code, answer.get_json()["code"]) == (401, "second_factor_needed")
    assert "Set-Cookie" not in answer.headers
    return str(answer.get_json()["challenge"])


def second_step(person: Person, challenge: str, said: str) -> tuple[int, str]:
    answer = person.post("/api/auth/login/code", {"challenge": challenge, "code": said, "tokens": True})
    return answer.status_code, answer.get_json().get("code", "")


def events(ann: Person, event: str) -> list[Any]:
    found = ann.get(f"/api/admin/audit?event={event}").get_json()["items"]
    return [(each["actor"], each["whom"], each["details"]) for each in found]


def test_signing_in_takes_the_password_and_a_code_that_counts_once(ann: Person, bob: Person) -> None:
    secret = bob.post("/api/auth/second-factor", {"password": PASSWORD}).get_json()["secret"]
    confirmed_with = code(secret)
    assert bob.post("/api/auth/second-factor/confirm", {"code": confirmed_with}).status_code == 200

    challenge, next_one = first_step(bob), code(secret, 1)
    assert second_step(bob, challenge, confirmed_with) == (422, "wrong_code"), "it was used to confirm"
    assert second_step(bob, challenge, next_one) == (200, "")
    assert second_step(bob, challenge, next_one) == (422, "wrong_code"), "a code that was used is used up"
    assert second_step(bob, first_step(bob), confirmed_with) == (422, "wrong_code"), "so is one of before"
    assert second_step(bob, challenge, code(secret, 3)) == (422, "wrong_code"), "no clock is that wrong"

    assert bob.get("/api/auth/me").status_code == 200, "the session of before goes on"
    assert bob.get("/api/auth/second-factor").get_json()["on"] is True
    assert [details for _, _, details in events(ann, "second_factor.failed")] == [{}] * 4
    assert events(ann, "login.done")[0] == (bob.email, None, {"second": "app"})


def test_until_a_code_has_confirmed_it_nothing_is_asked_for(ann: Person) -> None:
    first = ann.post("/api/auth/second-factor", {"password": PASSWORD}).get_json()
    assert ann.post("/api/auth/second-factor/confirm", {"code": wrong(first["secret"])}).status_code == 422
    assert ann.post("/api/auth/login", {"email": ann.email, "password": PASSWORD, "tokens": True}).status_code == 200
    assert ann.get("/api/auth/second-factor").get_json() == {"on": False, "app": False, "since": None, "passkeys": 0, "recovery_codes": 0}

    second = ann.post("/api/auth/second-factor", {"password": PASSWORD}).get_json()
    assert pyotp.parse_uri(second["uri"]).secret == second["secret"] != first["secret"]
    assert len({len(row) for row in second["qr"]} | {len(second["qr"])}) == 1, "a QR code is square"
    assert ann.post("/api/auth/second-factor/confirm", {"code": code(first["secret"])}).status_code == 422
    assert ann.post("/api/auth/second-factor/confirm", {"code": code(second["secret"])}).status_code == 200
    assert ann.post("/api/auth/second-factor", {"password": PASSWORD}).status_code == 409
    assert ann.post("/api/auth/second-factor/confirm", {"code": code(second["secret"], 1)}).status_code == 409


def test_of_many_who_come_with_the_same_code_one_is_let_in(ann: Person) -> None:
    secret, _ = set_up(ann)
    halfway = challenges.halfway(first_step(ann))
    together, said = threading.Barrier(8), code(secret, 1)

    def come(_: int) -> SignedIn | None:
        together.wait()
        try:
            return accounts.log_in_with_code(halfway, code=said)
        except WrongCode:
            return None
        finally:
            database.close()

    with ThreadPoolExecutor(8) as pool:
        assert len([session for session in pool.map(come, range(8)) if session]) == 1


def test_a_recovery_code_is_good_once_and_kept_as_a_digest(ann: Person) -> None:
    _, codes = set_up(ann)
    assert len(set(codes)) == 10
    rows = database.execute_sql("SELECT digest FROM recovery_codes").fetchall()
    database.close()
    assert {bytes(digest) for (digest,) in rows} == {hashlib.sha256(each.replace("-", "").encode()).digest() for each in codes}

    assert second_step(ann, first_step(ann), codes[0].upper().replace("-", " ")) == (200, "")
    assert second_step(ann, first_step(ann), codes[0]) == (422, "wrong_code")
    assert ann.get("/api/auth/second-factor").get_json()["recovery_codes"] == 9

    renewed = ann.post("/api/auth/second-factor/codes", {"password": PASSWORD}).get_json()["codes"]
    assert second_step(ann, first_step(ann), codes[1]) == (422, "wrong_code")
    assert second_step(ann, first_step(ann), renewed[1]) == (200, "")


def test_guesses_end_soon_wherever_they_come_from(ann: Person, variables: pytest.MonkeyPatch) -> None:
    secret, _ = set_up(ann)
    let(variables, limit_sign_in="3/minute", limit_address="-", limit_account="-")
    challenge = first_step(ann)

    said = []
    for number in range(5):
        somewhere = {"environ_overrides": {"REMOTE_ADDR": f"203.0.113.{number}"}}
        body = {"challenge": challenge, "code": wrong(secret), "tokens": True}
        said.append(ann.post("/api/auth/login/code", body, **somewhere).status_code)

    assert said == [422, 422, 422, 429, 429]
    assert ann.get("/api/auth/me").status_code == 200


def test_a_challenge_is_no_session_and_ends_with_the_password_it_stands_for(ann: Person, bob: Person) -> None:
    secret, codes = set_up(bob)
    challenge = first_step(bob)
    assert Person(bob.app, "", challenge).get("/api/auth/me").status_code == 401
    assert Person(bob.app, "", challenge).post("/api/auth/refresh").status_code == 401

    bob.patch("/api/auth/me", {"current_password": PASSWORD, "new_password": "another one entirely"})
    assert second_step(bob, challenge, codes[0]) == (401, "sign_in_expired")

    again = bob.post("/api/auth/login", {"email": bob.email, "password": "another one entirely", "tokens": True}).get_json()["challenge"]
    ann.patch(f"/api/admin/users/{bob.id}", {"disabled": True})
    assert second_step(bob, again, codes[0]) == (401, "sign_in_expired")
    assert bob.post("/api/auth/login", {"email": bob.email, "password": "another one entirely"}).get_json()["code"] == "wrong_login"
    assert secret


@pytest.mark.parametrize("how", ["run out", "another's key", "an access token", "nonsense", "alg none"])
def test_a_forged_challenge_leads_nowhere(app: Flask, ann: Person, how: str) -> None:
    _, codes = set_up(ann)
    good = first_step(ann)
    claims, header = jwt.decode(good, options={"verify_signature": False}), jwt.get_unverified_header(good)
    forged = {
        "run out": jwt.encode({**claims, "exp": int(unix()) - 1}, token_keys.signing_key().private, "EdDSA", header),
        "another's key": jwt.encode(claims, Ed25519PrivateKey.generate(), "EdDSA", header),
        "an access token": ann.token,
        "nonsense": "nonsense",
        "alg none": jwt.encode(claims, "", "none", {"kid": header["kid"]}),
    }[how]

    assert second_step(ann, forged, codes[0]) == (401, "sign_in_expired")
    assert second_step(ann, good, codes[0]) == (200, "")


def test_a_hash_that_is_renewed_on_the_way_ends_no_way(ann: Person, variables: pytest.MonkeyPatch) -> None:
    _, codes = set_up(ann)
    let(variables, bcrypt_cost="5")

    assert second_step(ann, first_step(ann), codes[0]) == (200, "")


def test_it_takes_the_password_to_turn_it_on_and_off(ann: Person, bob: Person, variables: pytest.MonkeyPatch) -> None:
    refused = bob.post("/api/auth/second-factor", {"password": "not the one"})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "wrong_password")
    set_up(bob)
    assert bob.post("/api/auth/second-factor/off", {"password": "not the one"}).status_code == 422
    assert bob.post("/api/auth/second-factor/codes", {"password": "not the one"}).status_code == 422
    assert bob.post("/api/auth/second-factor/off", {"password": PASSWORD}).status_code == 204

    assert bob.post("/api/auth/login", {"email": bob.email, "password": PASSWORD, "tokens": True}).status_code == 200
    assert [event[:2] for event in events(ann, "second_factor.o")] == [(bob.email, bob.email)] * 2
    let(variables, limit_sign_in="2/minute")
    assert [bob.post("/api/auth/second-factor", {"password": "a guess"}).status_code for _ in range(3)][-1] == 429


def test_who_has_no_password_needs_one_first(ann: Person, bob: Person) -> None:
    database.execute_sql("UPDATE users SET password_hash = NULL WHERE id = %s", [bob.id])
    database.close()

    assert bob.post("/api/auth/second-factor", {"password": ""}).status_code == 409


def test_an_administrator_resets_it_and_no_key_of_theirs_does(ann: Person, bob: Person) -> None:
    set_up(bob)
    path = f"/api/admin/users/{bob.id}/second-factor"
    [seen] = [each for each in ann.get("/api/admin/users").get_json()["items"] if each["id"] == bob.id]
    assert seen["second_factor"] is True
    key = ann.post("/api/auth/keys", {"name": "a program", "scopes": ["admin"]}).get_json()["key"]
    assert Person(ann.app, "", key).delete(path).status_code == 403
    assert bob.delete(path).status_code == 403
    first_step(bob)

    assert ann.delete(path).status_code == 204

    assert bob.post("/api/auth/login", {"email": bob.email, "password": PASSWORD, "tokens": True}).status_code == 200
    assert events(ann, "second_factor.off") == [(ann.email, bob.email, {})]
    assert ann.delete(f"/api/admin/users/{ann.id}/second-factor").status_code == 204, "there was none"
    assert len(events(ann, "second_factor.off")) == 1


def test_the_account_that_becomes_somebodys_by_the_provider_has_none_of_its_old_owner(ann: Person, bob: Person) -> None:
    set_up(bob)
    vouched = Vouched(issuer="https://sso.example.org", subject="b", email=bob.email, name="Bob", groups=frozenset())

    with bob.app.test_request_context():
        identities.sign_in(vouched)

    assert second_factor.state(user_id=UUID(bob.id))["on"] is False
