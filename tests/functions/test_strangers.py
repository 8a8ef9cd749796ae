"""Two people never see each other's rows, on any route: the list of routes is made from the app, so that none is forgotten."""

import re
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from olamchat.db.pool import database
from tests.functions.conftest import PASSWORD, Person, finish
from tests.security.attacks import OPEN

BODIES: dict[str, dict[str, Any]] = {
    "stream.steer": {"follow": [{"strand": "a", "conversation_id": "00000000-0000-4000-8000-000000000000"}]},
    "messages.ask": {"content": "hi"},
    "conversations.change": {"title": "stolen"},
    "conversations.create": {},
    "messages.rate": {"thumb": "up"},
    "messages.steps.decide": {"decision": "grant"},
    "auth.change_me": {"name": "x"},
    "messages.follow_ups.add": {"content": "hi"},
    "auth.passkeys.rename": {"name": "stolen"},
    "auth.passkeys.remove": {"password": PASSWORD},
    "together.groups.add": {"email": "bob@example.org"},
    "together.groups.change": {"manager": True},
    "together.assistants.change": {"name": "stolen"},
    "together.prompts.change": {"name": "stolen", "text": "x"},
}


def requests(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.endpoint not in OPEN
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def path(rule: Rule, conversation_id: str, message_id: str) -> str:
    named = rule.rule.replace("<uuid:conversation_id>", conversation_id).replace("<uuid:message_id>", message_id)
    return re.sub(r"<[^>]+>", message_id, named.replace("<int:number>", "1"))  # what else has an id is tried in tests/security


def everything() -> list[Any]:
    tables = ("conversations", "messages", "turns")
    kept = [database.execute_sql(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in tables]
    database.close()
    return kept


def secrets(conversation: str, asked: dict[str, Any]) -> tuple[str, ...]:
    return (conversation, asked["answer"]["id"], asked["user_message"]["id"], "the secret")


def test_what_belongs_to_somebody_else_is_not_there(app: Flask, ann: Person, bob: Person, offers: None) -> None:
    conversation = ann.conversation(title="the secret title")
    asked = ann.ask(conversation, "the secret question")
    finish(asked["answer"]["id"], "the secret answer", "stopped")
    conversation_id = conversation.rpartition("/")[2]
    before = everything()

    for rule, method in requests(app):
        if not rule.arguments:
            continue
        for message_id in (asked["answer"]["id"], asked["user_message"]["id"]):
            response = bob.call(
                method, path(rule, conversation_id, message_id), json=BODIES.get(rule.endpoint, {}) if method != "GET" else None
            )
            refused = 403 if rule.rule.startswith("/api/admin") else 404
            assert response.status_code == refused, f"{method} {rule.rule}: {response.text}"
            assert not any(secret in response.text for secret in secrets(conversation, asked))

    assert everything() == before


def test_a_message_is_reached_by_its_own_conversation_only(app: Flask, ann: Person, bob: Person, offers: None) -> None:
    """Somebody's own conversation in the path opens no door to another's message."""
    asked = ann.ask(ann.conversation(), "the secret question")
    finish(asked["answer"]["id"], "the secret answer", "stopped")
    own = bob.conversation().rpartition("/")[2]
    before = everything()

    for rule, method in requests(app):
        if "message_id" in rule.arguments:
            response = bob.call(
                method, path(rule, own, asked["answer"]["id"]), json=BODIES.get(rule.endpoint, {}) if method != "GET" else None
            )
            assert response.status_code == 404, f"{method} {rule.rule}: {response.text}"

    assert everything() == before


def test_lists_hold_ones_own_only(ann: Person, bob: Person, offers: None) -> None:
    ann.ask(ann.conversation(title="the secret title"), "the secret question")
    mine = bob.conversation(title="mine")

    for query in ("", "?q=secret", "?archived=true"):
        assert "secret" not in bob.get(f"/api/conversations{query}").text
    assert [item["id"] for item in bob.get("/api/conversations").get_json()["items"]] == [mine.rpartition("/")[2]]


def test_another_persons_cursor_shows_ones_own_only(ann: Person, bob: Person) -> None:
    for person in (ann, bob):
        for number in range(3):
            person.conversation(title=f"{person.email} {number}")
    cursor = ann.get("/api/conversations?limit=1").get_json()["next_cursor"]

    assert "ann@" not in bob.get(f"/api/conversations?cursor={cursor}").text


def test_another_persons_key_repeats_nothing(ann: Person, bob: Person, offers: None) -> None:
    key = {"Idempotency-Key": "k"}
    conversation = ann.conversation()
    ann.post(f"{conversation}/messages", {"content": "the secret question"}, headers=key)

    assert bob.post(f"{conversation}/messages", {"content": "the secret question"}, headers=key).status_code == 404


def test_without_a_session_nothing_but_the_open_routes_answers(app: Flask, ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    answer = ann.ask(conversation)["answer"]["id"]
    nobody = Person(app, "")

    for rule, method in requests(app):
        response = nobody.call(method, path(rule, conversation.rpartition("/")[2], answer), data=b"{", content_type="application/json")
        assert (response.status_code, response.get_json()["code"]) == (401, "not_signed_in"), f"{method} {rule.rule}"
