"""Passkeys: a device proves itself once for each challenge, to this place alone, and for the person it belongs to."""

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from flask import Flask

from olamchat.clock import unix
from olamchat.db.pool import database
from olamchat.environment import BadSetting
from olamchat.redis import client
from olamchat.services.people.passkeys import own
from olamchat.services.people.passkeys.site import Site, site
from tests.functions.conftest import PASSWORD, Person
from tests.security.accounts.authenticator import Authenticator, handle_of
from tests.security.accounts.test_second_factor import events, first_step, second_step
from tests.security.accounts.test_sign_up import let


@pytest.fixture(autouse=True)
def _here(variables: pytest.MonkeyPatch) -> None:
    let(variables, public_url="https://chat.example.org", limit_sign_in="-", limit_address="-", limit_account="-")


def options_to_add(person: Person) -> dict[str, Any]:
    answer = person.post("/api/auth/passkeys/options", {"password": PASSWORD})
    assert answer.status_code == 200, answer.text
    options: dict[str, Any] = answer.get_json()["options"]
    return options


def add(person: Person, device: Authenticator, name: str = "Phone") -> dict[str, Any]:
    answer = person.post("/api/auth/passkeys", {"credential": device.make(options_to_add(person)), "name": name})
    assert answer.status_code == 201, answer.text
    added: dict[str, Any] = answer.get_json()
    return added


def options_to_sign_in(person: Person, challenge: str | None = None) -> dict[str, Any]:
    answer = person.post("/api/auth/login/passkey/options", {"challenge": challenge} if challenge else {})
    assert answer.status_code == 200, answer.text
    options: dict[str, Any] = answer.get_json()["options"]
    return options


def come(person: Person, credential: dict[str, Any], challenge: str | None = None) -> tuple[int, str]:
    more = {"challenge": challenge} if challenge else {}
    answer = person.post("/api/auth/login/passkey", {"credential": credential, "tokens": True, **more})
    said = answer.get_json()
    return answer.status_code, said.get("code") or said["user"]["email"]


REFUSED = (422, "passkey_refused")


def test_a_passkey_signs_in_by_itself_and_is_seen_to_be_used(ann: Person, bob: Person) -> None:
    device = Authenticator()
    added = add(bob, device, "Bob's phone")
    assert len(added["codes"]) == 10, "with the first factor come recovery codes"
    assert added["passkey"]["used_at"] is None

    assert come(ann, device.show(options_to_sign_in(ann))) == (200, bob.email), "whoever asks, the passkey says who comes"

    [kept] = bob.get("/api/auth/passkeys").get_json()["items"]
    assert (kept["name"], kept["used_at"] is not None) == ("Bob's phone", True)
    assert events(ann, "login.done")[0] == (bob.email, None, {"by": "passkey", "passkey": "Bob's phone"})
    assert events(ann, "passkey.added") == [(bob.email, bob.email, {"name": "Bob's phone"})]


def test_with_a_passkey_the_password_alone_opens_nothing_and_the_passkey_is_the_second_step(ann: Person) -> None:
    device = Authenticator(verifies=False)
    codes = add(ann, device)["codes"]
    refused = ann.post("/api/auth/login", {"email": ann.email, "password": PASSWORD, "tokens": True}).get_json()
    assert (refused["code"], refused["ways"]) == ("second_factor_needed", ["passkey"])

    challenge = refused["challenge"]
    options = options_to_sign_in(ann, challenge)
    assert [each["id"] for each in options["allowCredentials"]] == [device.make(options_to_add(ann))["id"]]
    assert come(ann, device.show(options), challenge) == (200, ann.email), "after a password it need not know its owner"
    assert second_step(ann, challenge, codes[0]) == (200, ""), "a recovery code stands in for it"
    assert come(ann, device.show(options_to_sign_in(ann))) == REFUSED, "alone it must"
    assert events(ann, "login.done")[1][2] == {"second": "passkey", "passkey": "Phone"}


def test_an_app_and_passkeys_stand_side_by_side(ann: Person) -> None:
    device = Authenticator()
    add(ann, device)
    secret = ann.post("/api/auth/second-factor", {"password": PASSWORD}).get_json()["secret"]
    ann.post("/api/auth/second-factor/confirm", {"code": pyotp.TOTP(secret).generate_otp(int(unix()) // 30)})
    refused = ann.post("/api/auth/login", {"email": ann.email, "password": PASSWORD, "tokens": True}).get_json()
    assert sorted(refused["ways"]) == ["app", "passkey"]

    assert ann.post("/api/auth/second-factor/off", {"password": PASSWORD}).status_code == 204
    state = ann.get("/api/auth/second-factor").get_json()
    assert {**state, "since": None} == {"on": True, "app": False, "since": None, "passkeys": 1, "recovery_codes": 10}
    assert come(ann, device.show(options_to_sign_in(ann, first_step(ann))), first_step(ann)) == (200, ann.email)


def test_a_passkey_is_named_and_removed_with_the_password(ann: Person, bob: Person) -> None:
    device = Authenticator()
    made = add(ann, device)["passkey"]
    path = f"/api/auth/passkeys/{made['id']}"

    assert bob.patch(path, {"name": "mine"}).status_code == 404
    assert bob.post(f"{path}/remove", {"password": PASSWORD}).status_code == 404
    assert ann.patch(path, {"name": "  Laptop "}).get_json()["name"] == "Laptop"
    assert ann.post(f"{path}/remove", {"password": "not the one"}).status_code == 422
    assert ann.post(f"{path}/remove", {"password": PASSWORD}).status_code == 204

    assert ann.get("/api/auth/passkeys").get_json() == {"items": [], "host": "chat.example.org"}
    assert come(ann, device.show(options_to_sign_in(ann))) == REFUSED
    assert ann.post("/api/auth/login", {"email": ann.email, "password": PASSWORD, "tokens": True}).status_code == 200
    assert ann.get("/api/auth/second-factor").get_json()["recovery_codes"] == 0
    assert events(ann, "passkey.removed") == [(ann.email, ann.email, {"name": "Laptop"})]


def test_a_challenge_is_answered_once(ann: Person) -> None:
    device = Authenticator()
    add(ann, device)
    options = options_to_sign_in(ann)
    shown = device.show(options)

    assert come(ann, shown) == (200, ann.email)

    assert come(ann, shown) == REFUSED, "replayed as it was"
    assert come(ann, device.show(options)) == REFUSED, "signed again for the same challenge"
    made = Authenticator()
    answer = made.make(options_to_add(ann))
    assert ann.post("/api/auth/passkeys", {"credential": answer, "name": "once"}).status_code == 201
    assert ann.post("/api/auth/passkeys", {"credential": answer, "name": "twice"}).status_code == 422


def test_a_challenge_runs_out(ann: Person) -> None:
    device = Authenticator()
    add(ann, device)
    options = options_to_sign_in(ann)
    [key] = client().keys("sign_on:{passkey:*")
    assert 290 < client().ttl(key) <= 300

    client().delete(key)

    assert come(ann, device.show(options)) == REFUSED


def test_a_challenge_is_for_what_it_was_made_for_and_by_whom(ann: Person, bob: Person) -> None:
    device, others = Authenticator(), Authenticator()
    add(ann, device)
    add(bob, others)

    assert come(ann, device.show(options_to_add(ann))) == REFUSED, "one for adding"
    assert come(ann, device.show(options_to_sign_in(ann)), first_step(ann)) == REFUSED, "one for signing in alone, at the second step"
    assert come(ann, device.show(options_to_sign_in(ann, first_step(ann)))) == REFUSED, "one of the second step, alone"
    stolen = Authenticator().make(options_to_add(bob))
    assert ann.post("/api/auth/passkeys", {"credential": stolen, "name": "not mine"}).status_code == 422
    assert come(ann, device.show({"challenge": "bWFkZSB1cA"})) == REFUSED, "one that never was"


LIES: dict[str, Callable[[Authenticator], None]] = {
    "another site's page": lambda device: setattr(device, "origin", "https://chat.example.org.evil.example"),
    "a page below": lambda device: setattr(device, "origin", "https://sub.chat.example.org"),
    "a page without TLS": lambda device: setattr(device, "origin", "http://chat.example.org"),
    "another domain's passkey": lambda device: setattr(device, "host", "evil.example"),
    "a domain above": lambda device: setattr(device, "host", "example.org"),
    "an owner that it didn't recognise": lambda device: setattr(device, "verifies", False),
    "another key": lambda device: setattr(device, "key", Authenticator().key),
    "nobody's handle": lambda device: setattr(device, "handle", b"nobody"),
    "no handle": lambda device: setattr(device, "handle", b""),
    "a name that nobody has": lambda device: setattr(device, "credential_id", b"nobody's"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_lets_nobody_in(ann: Person, lie: str) -> None:
    device = Authenticator()
    add(ann, device)
    good = (device.origin, device.host, device.verifies, device.key, device.handle, device.credential_id)
    LIES[lie](device)

    assert come(ann, device.show(options_to_sign_in(ann))) == REFUSED

    assert [details["reason"] for _, _, details in events(ann, "passkey.failed")] in (["no proof"], ["another's"], ["unknown"])
    device.origin, device.host, device.verifies, device.key, device.handle, device.credential_id = good
    assert come(ann, device.show(options_to_sign_in(ann))) == (200, ann.email)


@pytest.mark.parametrize("lie", ["another site's page", "another domain's passkey"])
def test_a_lie_adds_no_passkey(ann: Person, lie: str) -> None:
    device = Authenticator()
    LIES[lie](device)

    answer = ann.post("/api/auth/passkeys", {"credential": device.make(options_to_add(ann)), "name": "Phone"})

    assert (answer.status_code, answer.get_json()["code"]) == REFUSED
    assert ann.get("/api/auth/passkeys").get_json()["items"] == []


def test_anothers_credential_id_signs_in_nobody_and_is_no_second_step(ann: Person, bob: Person) -> None:
    mine, theirs = Authenticator(), Authenticator()
    add(ann, mine)
    add(bob, theirs)

    mine.credential_id, name = theirs.credential_id, mine.credential_id
    assert come(ann, mine.show(options_to_sign_in(ann))) == REFUSED, "another's name on one's own key"
    mine.handle = handle_of(bob.id)
    assert come(ann, mine.show(options_to_sign_in(ann))) == REFUSED
    mine.credential_id, mine.handle = name, handle_of(ann.id)
    assert come(ann, mine.show(options_to_sign_in(bob, first_step(bob))), first_step(bob)) == REFUSED, "one's own as another's second step"
    again = Authenticator(credential_id=theirs.credential_id)
    taken = ann.post("/api/auth/passkeys", {"credential": again.make(options_to_add(ann)), "name": "taken"})
    assert (taken.status_code, taken.get_json()["code"]) == REFUSED


def test_a_copied_passkey_is_noticed_by_its_count(ann: Person) -> None:
    device = Authenticator(counts=10)
    add(ann, device)
    assert come(ann, device.show(options_to_sign_in(ann)))[0] == 200

    device.counts = 5

    assert come(ann, device.show(options_to_sign_in(ann))) == REFUSED
    assert [details for _, _, details in events(ann, "passkey.failed")] == [{"reason": "copied", "passkey": "Phone"}]
    device.counts = 50
    assert come(ann, device.show(options_to_sign_in(ann)))[0] == 200


def test_a_passkey_that_syncs_counts_nothing(ann: Person) -> None:
    device = Authenticator(counts=None)
    add(ann, device)

    assert [come(ann, device.show(options_to_sign_in(ann)))[0] for _ in range(3)] == [200] * 3


def test_guesses_with_anothers_passkey_count_as_guesses_of_the_password_do(ann: Person, variables: pytest.MonkeyPatch) -> None:
    device = Authenticator()
    add(ann, device)
    let(variables, limit_sign_in="3/minute", public_url="https://chat.example.org")
    device.key = Authenticator().key

    said = [come(ann, device.show(options_to_sign_in(ann)))[0] for _ in range(5)]

    assert said == [422, 422, 422, 429, 429]
    wrong = ann.post("/api/auth/login", {"email": ann.email, "password": "a guess", "tokens": True})
    assert wrong.status_code == 429, "it is one account, whichever way it is tried"


def test_a_disabled_account_has_no_passkeys_and_a_reset_takes_them(ann: Person, bob: Person) -> None:
    device = Authenticator()
    add(bob, device)
    ann.patch(f"/api/admin/users/{bob.id}", {"disabled": True})
    assert come(ann, device.show(options_to_sign_in(ann))) == REFUSED
    ann.patch(f"/api/admin/users/{bob.id}", {"disabled": False})
    assert come(ann, device.show(options_to_sign_in(ann))) == (200, bob.email)
    [seen] = [each for each in ann.get("/api/admin/users").get_json()["items"] if each["id"] == bob.id]
    assert seen["second_factor"] is True

    assert ann.delete(f"/api/admin/users/{bob.id}/second-factor").status_code == 204

    assert come(ann, device.show(options_to_sign_in(ann))) == REFUSED
    assert bob.post("/api/auth/login", {"email": bob.email, "password": PASSWORD, "tokens": True}).status_code == 200


def test_who_has_no_password_needs_one_first_and_twenty_are_enough(ann: Person, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    database.execute_sql("UPDATE users SET password_hash = NULL WHERE id = %s", [bob.id])
    database.close()
    assert bob.post("/api/auth/passkeys/options", {"password": ""}).status_code == 409

    monkeypatch.setattr(own, "MOST", 1)
    late = options_to_add(ann)
    add(ann, Authenticator())
    assert ann.post("/api/auth/passkeys/options", {"password": PASSWORD}).status_code == 409
    assert ann.post("/api/auth/passkeys", {"credential": Authenticator().make(late), "name": "one more"}).status_code == 409


@pytest.mark.parametrize("public_url", ["", "http://chat.example.org", "https://192.0.2.1", "https://[2001:db8::1]:8443"])
def test_an_address_that_browsers_have_no_passkeys_at_has_none(
    app: Flask, ann: Person, variables: pytest.MonkeyPatch, public_url: str
) -> None:
    let(variables, public_url=public_url)

    assert ann.get("/api/auth/joining").get_json()["passkeys"] is None
    for path in ("/api/auth/passkeys/options", "/api/auth/login/passkey/options"):
        refused = ann.post(path, {"password": PASSWORD} if "login" not in path else {})
        assert (refused.status_code, refused.get_json()["code"]) == (409, "passkeys_off")


@pytest.mark.parametrize(
    ("origins", "host", "known"),
    [
        ("https://Chat.example.org:443", "", Site(origins=("https://chat.example.org",), host="chat.example.org")),
        ("https://a.example.org, https://b.example.org:8443", "example.org",
         Site(origins=("https://a.example.org", "https://b.example.org:8443"), host="example.org")),
        ("http://localhost:8080", "", Site(origins=("http://localhost:8080",), host="localhost")),
    ],
)  # fmt: skip
def test_the_place_is_as_it_is_set(variables: pytest.MonkeyPatch, origins: str, host: str, known: Site) -> None:
    let(variables, passkey_origins=origins, passkey_host=host)

    assert site() == known


@pytest.mark.parametrize(
    ("origins", "host"),
    [("http://chat.example.org", ""), ("https://192.0.2.1", ""), ("chat.example.org", ""), ("https://chat.example.org/chat", ""),
     ("https://chat.example.org", "example.com"), ("https://chat.example.org", "hat.example.org"), (" , ", "")],
)  # fmt: skip
def test_a_place_that_no_browser_takes_is_refused_at_the_start(variables: pytest.MonkeyPatch, origins: str, host: str) -> None:
    let(variables, passkey_origins=origins, passkey_host=host)

    with pytest.raises(BadSetting, match="OLAMCHAT_PASSKEY"):
        site()
