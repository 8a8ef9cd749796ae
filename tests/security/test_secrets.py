"""Nothing secret is logged: neither what people show at the door nor what they are given, whatever becomes of the request."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from olamchat import logs
from olamchat.db.pool import DatabaseLost
from olamchat.services import conversations
from olamchat.services.people import accounts, audit
from tests.functions.conftest import PASSWORD, Person, finish

NEW = "another battery"


@pytest.fixture
def debugging(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What a process logs that was told to tell all it can."""
    before = {name: logging.getLogger(name).level for name in (None, *logs.OURS)}
    logs.listen("debug")
    yield caplog
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def told(records: list[logging.LogRecord]) -> str:
    """Return the lines as they are written, with their tracebacks and the fields of JSON."""
    formatter = logging.Formatter("%(name)s %(message)s")
    return "\n".join(f"{formatter.format(record)} {getattr(record, 'fields', '')}" for record in records)


def secrets_of(ann: Person) -> dict[str, str]:
    """Do everything that has a secret in it, rightly and wrongly; return the secrets."""
    key = ann.post("/api/auth/keys", {"name": "a program"}).get_json()["key"]
    invitation = ann.post("/api/admin/invitations", {}).get_json()["token"]
    conversation = ann.conversation(title="the-private-title")
    finish(ann.ask(conversation, "the-private-question")["answer"]["id"], "the-private-answer")
    link = ann.post(f"{conversation}/share", {}).get_json()["token"]
    Person(ann.app, "").get(f"/api/shares/{link}")
    Person(ann.app, "", key).get("/v1/models")
    Person(ann.app, "", key + "x").get("/v1/models")
    Person(ann.app, "", ann.token + "x").get("/api/auth/me")
    ann.post("/api/auth/login", {"email": ann.email, "password": "a-wrong-guess"})
    ann.post("/api/auth/signup", {"email": "x@b.org", "password": "a-wrong-guess", "invitation": invitation, "more": 1})
    ann.patch("/api/auth/me", {"current_password": PASSWORD, "new_password": NEW})
    renewed = Person(ann.app, "", ann.refresh_token).post("/api/auth/refresh").get_json()
    ann.get("/api/conversations?q=the-private-search")
    return {
        "key": key, "invitation": invitation, "link": link, "token": ann.token, "refresh": ann.refresh_token, "renewed": renewed["refresh_token"],
        "password": PASSWORD, "new password": NEW, "guess": "a-wrong-guess", "texts": "the-private-",
    }  # fmt: skip


def test_no_line_has_a_secret_or_a_text(ann: Person, offers: None, debugging: pytest.LogCaptureFixture) -> None:
    secrets = secrets_of(ann)

    said = told(debugging.records)
    assert "/api/auth/login" in said, "the test hears what is logged"
    assert [name for name, secret in secrets.items() if secret in said] == []


def test_neither_a_bug_nor_an_outage_tells_one(
    app: Flask, ann: Person, monkeypatch: pytest.MonkeyPatch, debugging: pytest.LogCaptureFixture
) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("it broke")

    def lost(*_: Any, **__: Any) -> None:
        raise DatabaseLost("connection to server failed")

    monkeypatch.setattr(accounts, "log_in", broken)
    monkeypatch.setattr(accounts, "sign_up", lost)
    monkeypatch.setattr(conversations, "create", broken)
    monkeypatch.setattr("olamchat.db.people.audit.add", lost)
    credentials = {"email": "x@b.org", "password": PASSWORD}

    client, bearer = app.test_client(use_cookies=False), {"Authorization": f"Bearer {ann.token}"}
    answers = [
        client.post("/api/auth/login", json=credentials),
        client.post("/api/auth/signup", json=credentials),
        client.post("/api/conversations", json={"title": "the-private-title"}, headers=bearer),
    ]
    audit.note("key.made", subject="a key")

    assert [answer.status_code for answer in answers] == [500, 503, 500]
    said = told(debugging.records)
    assert "it broke" in said
    assert "not in the audit log" in said
    assert [
        secret for secret in (PASSWORD, ann.token, "the-private-title") if secret in said + "".join(answer.text for answer in answers)
    ] == []
