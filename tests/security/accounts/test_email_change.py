"""Another e-mail: it counts once the new address has shown that it is read, the old one is told, and nobody takes somebody else's."""

import pytest
from flask import Flask

from functions.auth import postman
from olamchat.db.pool import database
from olamchat.services.people import mailing
from tests.conftest import free_port
from tests.functions.conftest import PASSWORD, People, Person
from tests.mailbox import Mailbox
from tests.security.accounts.conftest import told
from tests.security.accounts.test_sign_up import let

NEW = "bob@new.example.org"


def ask(person: Person, email: str = NEW, password: str = PASSWORD) -> tuple[int, str]:
    answer = person.post("/api/auth/email", {"email": email, "password": password, "language": "de"})
    return answer.status_code, (answer.get_json(silent=True) or {}).get("code", "")


def confirm(person: Person, token: str) -> tuple[int, str]:
    answer = Person(person.app, "").post("/api/auth/email/confirm", {"token": token})
    return answer.status_code, (answer.get_json(silent=True) or {}).get("code", "")


def email_of(person: Person) -> str:
    return str(person.get("/api/auth/me").get_json()["user"]["email"])


def test_the_new_address_counts_when_its_link_is_opened_and_the_old_one_is_told(smtp: int, box: Mailbox, ann: Person, bob: Person) -> None:
    assert ask(bob, NEW.upper()) == (204, "")
    postman.deliver()
    assert [each["To"] for each in box.mails] == [NEW]
    assert email_of(bob) == bob.email
    token = box.token("email")

    assert confirm(bob, token) == (204, "")
    assert confirm(bob, token) == (403, "wrong_link")

    assert email_of(bob) == NEW, "the session goes on"
    postman.deliver()
    assert [each["To"] for each in box.mails] == [NEW, bob.email]
    assert NEW in box.text()
    signed_in = [
        bob.post("/api/auth/login", {"email": email, "password": PASSWORD, "tokens": True}).status_code for email in (bob.email, NEW)
    ]
    assert signed_in == [401, 200]
    [event] = ann.get("/api/admin/audit?event=email.changed").get_json()["items"]
    assert event["details"] == {"before": bob.email, "now": NEW}


def test_where_domains_may_sign_up_an_account_moves_to_no_other(
    smtp: int, box: Mailbox, bob: Person, variables: pytest.MonkeyPatch
) -> None:
    assert ask(bob, "bob@outside.example") == (204, "")
    postman.deliver()
    token = box.token("email")
    let(variables, sign_up="domains", sign_up_domains="new.example.org")

    assert ask(bob, "bob@elsewhere.example") == (403, "domain_refused")
    assert confirm(bob, token) == (403, "domain_refused"), "asked for before the rule was there"
    assert email_of(bob) == bob.email
    assert ask(bob, NEW) == (204, "")


def test_it_takes_the_password_and_an_address_that_nobody_has(smtp: int, box: Mailbox, ann: Person, bob: Person, people: People) -> None:
    assert ask(bob, password="a wrong one") == (422, "wrong_password")
    assert ask(bob, "no address") == (422, "invalid")
    assert ask(bob, ann.email) == (409, "email_taken")
    assert ask(bob, "dora@example.org") == (204, "")
    postman.deliver()
    people("dora")

    assert confirm(bob, box.token("email")) == (409, "email_taken"), "somebody was faster"
    assert email_of(bob) == bob.email


def test_a_link_to_a_new_password_changes_no_email_nor_the_other_way_round(smtp: int, box: Mailbox, bob: Person) -> None:
    bob.post("/api/auth/password/ask", {"email": bob.email})
    postman.deliver()
    assert confirm(bob, box.token()) == (403, "wrong_link")
    ask(bob)
    postman.deliver()
    chosen = bob.post("/api/auth/password/choose", {"token": box.token("email"), "password": "another one entirely"})
    assert chosen.status_code == 403


def test_the_address_said_last_is_the_one_that_is_asked(smtp: int, box: Mailbox, bob: Person) -> None:
    ask(bob, "first@example.org")
    ask(bob)
    postman.deliver()

    assert [each["To"] for each in box.mails] == [NEW]
    database.close()


@pytest.mark.parametrize("sent", [False, True])
def test_a_new_password_voids_the_link_of_whoever_had_the_old_one(smtp: int, box: Mailbox, ann: Person, bob: Person, sent: bool) -> None:
    ask(bob)
    if sent:
        postman.deliver()
    assert ann.post(f"/api/admin/users/{bob.id}/reset", {}).status_code == 200

    postman.deliver()

    assert len(box.mails) == sent
    assert not sent or confirm(bob, box.token("email")) == (403, "wrong_link")


def test_a_link_to_a_new_password_ends_with_the_old_address(smtp: int, box: Mailbox, bob: Person) -> None:
    bob.post("/api/auth/password/ask", {"email": bob.email})
    postman.deliver()
    reset = box.token()
    ask(bob)
    postman.deliver()
    assert confirm(bob, box.token("email")) == (204, "")

    chosen = bob.post("/api/auth/password/choose", {"token": reset, "password": "another one entirely"})
    assert chosen.status_code == 403


def test_no_notice_is_lost_when_the_address_changes_twice_or_the_account_is_deleted(
    smtp: int, box: Mailbox, ann: Person, bob: Person
) -> None:
    for email in ("first@example.org", NEW):
        ask(bob, email)
        mailing.send_one()
        link = box.token("email")
        box.refusal = "451 not now"
        assert confirm(bob, link) == (204, "")
        postman.deliver()
        box.refusal = ""
    assert bob.post("/api/auth/me/delete", {"password": PASSWORD}).status_code == 204
    database.execute_sql("UPDATE mails SET due_at = now()")
    database.close()
    postman.deliver()

    assert {bob.email, "first@example.org"} <= {each["To"] for each in box.mails}


def test_asking_ends_soon_for_whoever_asks(smtp: int, bob: Person, variables: pytest.MonkeyPatch) -> None:
    let(variables, limit_mail="2/hour")

    assert [ask(bob, f"n{number}@example.org")[0] for number in range(3)] == [204, 204, 429]


def test_a_link_is_good_for_half_an_hour(smtp: int, box: Mailbox, bob: Person) -> None:
    ask(bob)
    postman.deliver()
    [(left,)] = database.execute_sql("SELECT extract(epoch FROM expires_at - now()) FROM mail_links").fetchall()
    assert 1_700 < left <= 1_801
    database.execute_sql("UPDATE mail_links SET expires_at = now()")
    database.close()

    assert confirm(bob, box.token("email")) == (403, "wrong_link")


def test_without_a_password_or_a_mail_server_it_stays(app: Flask, bob: Person, variables: pytest.MonkeyPatch) -> None:
    assert ask(bob) == (409, "mail_off")
    told(variables, free_port(), smtp_tls="none")
    database.execute_sql("UPDATE users SET password_hash = NULL WHERE id = %s", [bob.id])
    database.close()

    assert ask(bob) == (409, "conflict")


@pytest.mark.parametrize("language", ["en", "de", "zh", "ar"])
def test_both_mails_speak_the_persons_language(smtp: int, box: Mailbox, bob: Person, language: str) -> None:
    bob.post("/api/auth/email", {"email": NEW, "password": PASSWORD, "language": language})
    postman.deliver()
    Person(bob.app, "").post("/api/auth/email/confirm", {"token": box.token("email"), "language": language})
    postman.deliver()

    assert [each["Content-Language"] for each in box.mails] == [language] * 2
    assert all("chat.example.org" in each["Subject"] for each in box.mails)
