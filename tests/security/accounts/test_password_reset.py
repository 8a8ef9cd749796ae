"""A new password by mail, with a real SMTP server: nobody learns who has an account, a link is good once, and an outage costs time alone."""

import html
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from flask import Flask

from functions.auth import postman
from olamchat.db.pool import database
from olamchat.environment import BadSetting
from olamchat.network import mail
from olamchat.services.people import mailing
from tests.conftest import free_port
from tests.functions.conftest import PASSWORD, People, Person
from tests.mailbox import Mailbox, serving
from tests.security.accounts.conftest import told
from tests.security.accounts.test_second_factor import first_step, set_up
from tests.security.accounts.test_sign_up import let
from tests.tls import make_certificate

NEW = "a new password altogether"


def ask(app: Flask, email: str, **said: str) -> tuple[int, bytes]:
    answer = Person(app, "").post("/api/auth/password/ask", {"email": email, **said})
    return answer.status_code, answer.get_data()


def choose(app: Flask, token: str, password: str = NEW) -> tuple[int, str]:
    answer = Person(app, "").post("/api/auth/password/choose", {"token": token, "password": password})
    return answer.status_code, (answer.get_json(silent=True) or {}).get("code", "")


def sign_in(person: Person, password: str) -> int:
    return person.post("/api/auth/login", {"email": person.email, "password": password, "tokens": True}).status_code


def test_a_link_gives_a_new_password_once_and_ends_all_sessions(smtp: int, box: Mailbox, ann: Person, bob: Person) -> None:
    assert ask(ann.app, bob.email.upper()) == (204, b"")
    assert box.mails == [], "the request does not wait for the server"
    postman.deliver()
    assert [each["To"] for each in box.mails] == [bob.email]
    token = box.token()
    assert html.unescape(box.text("html")).count(token) == 1
    [(kept,)] = database.execute_sql("SELECT digest FROM mail_links").fetchall()
    database.close()
    assert token.encode() not in bytes(kept)

    assert choose(ann.app, token, "short")[0] == 422, "a password that is refused costs no link"
    assert choose(ann.app, token) == (204, "")
    assert choose(ann.app, token) == (403, "wrong_link")

    assert bob.get("/api/auth/me").status_code == 401
    assert ann.get("/api/auth/me").status_code == 200
    assert (sign_in(bob, PASSWORD), sign_in(bob, NEW)) == (401, 200)
    events = [each["event"] for each in ann.get("/api/admin/audit?event=password").get_json()["items"]]
    assert events == ["password.reset", "password.reset_asked"]


def test_asking_says_nothing_of_who_has_an_account(smtp: int, box: Mailbox, ann: Person, bob: Person, people: People) -> None:
    by_provider = people("carl")
    database.execute_sql("UPDATE users SET disabled_at = now() WHERE id = %s", [bob.id])
    database.execute_sql("UPDATE users SET password_hash = NULL WHERE id = %s", [by_provider.id])
    database.close()

    told = {ask(ann.app, email) for email in (ann.email, "nobody@example.org", bob.email, by_provider.email, "no address")}

    assert told == {(204, b"")}
    postman.deliver()
    assert [each["To"] for each in box.mails] == [ann.email]


def test_an_outage_of_the_mail_server_costs_time_alone(box: Mailbox, ann: Person, variables: pytest.MonkeyPatch) -> None:
    port = free_port()
    told(variables, port, smtp_tls="none")
    assert ask(ann.app, ann.email) == (204, b"")
    postman.deliver()
    postman.deliver()
    [(attempts, later)] = database.execute_sql("SELECT attempts, due_at > now() FROM mails").fetchall()
    assert (attempts, later) == (1, True), "the next try is not yet due"

    with serving(box, port):
        box.refusal = "451 not now"
        due()
        postman.deliver()
        assert box.mails == []
        box.refusal = ""
        due()
        postman.deliver()

    assert choose(ann.app, box.token()) == (204, "")
    assert database.execute_sql("SELECT count(*) FROM mails").fetchone() == (0,)
    database.close()


def due() -> None:
    database.execute_sql("UPDATE mails SET due_at = now()")


def test_a_mail_that_is_refused_or_too_old_is_given_up(smtp: int, box: Mailbox, ann: Person) -> None:
    box.refusal = "550 no such mailbox"
    ask(ann.app, ann.email)
    postman.deliver()
    assert database.execute_sql("SELECT count(*) FROM mails").fetchone() == (0,)

    box.refusal = "451 not now"
    ask(ann.app, ann.email)
    database.execute_sql("UPDATE mails SET created_at = now() - interval '2 hours'")
    postman.deliver()
    assert database.execute_sql("SELECT count(*) FROM mails").fetchone() == (0,)
    database.close()


def test_the_newest_link_alone_is_good_and_no_longer_than_half_an_hour(smtp: int, box: Mailbox, ann: Person) -> None:
    ask(ann.app, ann.email)
    postman.deliver()
    first = box.token()
    ask(ann.app, ann.email)
    postman.deliver()
    assert choose(ann.app, first) == (403, "wrong_link")

    [(left,)] = database.execute_sql("SELECT extract(epoch FROM expires_at - now()) FROM mail_links").fetchall()
    assert 1_700 < left <= 1_801
    database.execute_sql("UPDATE mail_links SET expires_at = now()")
    database.close()
    assert choose(ann.app, box.token()) == (403, "wrong_link")
    assert sign_in(ann, PASSWORD) == 200


def test_many_who_send_at_once_send_each_mail_once(smtp: int, box: Mailbox, people: People) -> None:
    for number in range(6):
        person = people(f"p{number}")
        ask(person.app, person.email)
    together = threading.Barrier(4)

    def work() -> None:
        together.wait()
        postman.deliver()
        database.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(each["To"] for each in box.mails) == [f"p{number}@example.org" for number in range(6)]


def test_a_new_password_opens_no_second_factor(smtp: int, box: Mailbox, ann: Person) -> None:
    set_up(ann)
    ask(ann.app, ann.email)
    postman.deliver()
    assert choose(ann.app, box.token(), PASSWORD) == (204, "")

    assert first_step(ann)


def test_asking_ends_soon(smtp: int, ann: Person, variables: pytest.MonkeyPatch) -> None:
    let(variables, limit_mail="2/hour")

    assert [ask(ann.app, email)[0] for email in (ann.email, "nobody@example.org") for _ in range(3)] == [204, 204, 429] * 2


@pytest.mark.parametrize("language", ["en", "de", "zh", "ar"])
def test_the_mail_speaks_the_persons_language(smtp: int, box: Mailbox, ann: Person, language: str) -> None:
    ask(ann.app, ann.email, language=language)
    postman.deliver()

    assert box.mails[-1]["Content-Language"] == language
    assert box.mails[-1]["Auto-Submitted"] == "auto-generated"
    assert "chat.example.org" in box.mails[-1]["Subject"]
    assert "30" in box.text()
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in box.text("html")


def test_without_a_mail_server_that_is_said(app: Flask, ann: Person) -> None:
    assert ann.get("/api/auth/joining").get_json()["mail"] is False
    assert ask(app, ann.email)[0] == 409


def test_the_server_is_spoken_to_by_tls_with_user_and_password(
    box: Mailbox, ann: Person, variables: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = make_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.certificate, files.key)

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"chat", b"secret"), handled=False)

    port = free_port()
    with serving(box, port, tls_context=context, require_starttls=True, authenticator=authenticate, auth_required=True):
        told(variables, port, smtp_user="chat", smtp_password="secret")
        with pytest.raises(mail.MailLost, match="CERTIFICATE_VERIFY_FAILED"):
            mail.look()
        let(variables, ca_file=str(files.certificate))
        assert mail.look() == f"127.0.0.1:{port}"
        ask(ann.app, ann.email)
        postman.deliver()
        assert len(box.mails) == 1
        let(variables, smtp_password="wrong")
        with pytest.raises(mail.MailLost, match="user and password"):
            mail.look()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"smtp_tls": "ssl"}, "OLAMCHAT_SMTP_TLS"),
        ({"mail_from": ""}, "OLAMCHAT_MAIL_FROM"),
        ({"mail_from": "somebody"}, "OLAMCHAT_MAIL_FROM"),
        ({"public_url": ""}, "OLAMCHAT_PUBLIC_URL"),
        ({"smtp_tls": "none", "smtp_password": "x"}, "over TLS alone"),
    ],
)
def test_a_setting_that_can_not_be_meant_is_named_at_the_start(variables: pytest.MonkeyPatch, given: dict[str, str], said: str) -> None:
    let(variables, **{"smtp_host": "mail", "mail_from": "a@example.org", "public_url": "https://chat.example.org", **given})

    with pytest.raises(BadSetting, match=said):
        mail.check()


def test_nothing_is_sent_where_nothing_was_asked_for(app: Flask, smtp: int) -> None:
    assert mailing.send_one() is False
