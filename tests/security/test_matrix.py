"""Every route, and everything an attacker may show at its door: no door opens, and every refusal says what it should."""

import json
import re
from collections.abc import Iterator
from typing import Any, get_args
from uuid import UUID

from flask import Flask
from pydantic import BaseModel

from functions.http.messages import Body
from functions.openai.request import Complete
from olamchat.db.pool import database
from tests.functions.conftest import PASSWORD, People, Person
from tests.security.attacks import OPEN, SAFE, Hand, Way, by_cookie, forged, ways
from tests.security.report import Matrix

Refusal = tuple[int, str | None]


def knock(way: Way, person: Person, hand: Hand, **ids: str) -> Refusal:
    """Send the request with what the hand holds; return status and code."""
    body: dict[str, Any] = {} if way.method in SAFE else {"data": b"{", "content_type": "application/json"}
    client = person.app.test_client(use_cookies=False)
    response = client.open(way.path(**ids), method=way.method, headers=hand.headers, **body)
    said = json.loads(response.get_data() or b"{}") if response.mimetype in {"application/json", "application/problem+json"} else {}
    error = said.get("error")
    return response.status_code, said.get("code") or (error.get("code") if isinstance(error, dict) else None)


def test_no_forged_token_opens_any_door(app: Flask, people: People, ann: Person, matrix: Matrix) -> None:
    conversation = ann.conversation().rpartition("/")[2]
    wrong = []

    for hand in forged(people):
        for way in ways(app):
            if way.endpoint in OPEN:
                continue
            found = knock(way, ann, hand, conversation_id=conversation)
            matrix.add(way.name, hand.name, found[0])
            if found != (401, "not_signed_in"):
                wrong.append((way.name, hand.name, found))

    assert wrong == []


def test_open_doors_lead_nowhere_else(app: Flask, people: People, ann: Person, matrix: Matrix) -> None:
    """What needs no session does not mind a forged one, and renewing or leaving needs a good token."""
    wrong = []

    for hand in forged(people):
        if hand.name == "a refresh token":
            continue
        for way in ways(app):
            if way.endpoint in OPEN:
                status = ann.app.test_client(use_cookies=False).open(way.path(), method=way.method, headers=hand.headers).status_code
                matrix.add(way.name, hand.name, status)
                # A token that our key signed may leave once more: of a session that is over, or not its own, nothing is ended.
                if status != OPEN[way.endpoint] and (way.endpoint, status) != ("auth.logout", 204):
                    wrong.append((way.name, hand.name, status))

    assert wrong == []
    assert ann.get("/api/auth/me").status_code == 200


def test_a_cookie_changes_nothing_without_its_csrf_token(app: Flask, ann: Person, matrix: Matrix) -> None:
    wrong = []

    for hand in by_cookie(ann):
        for way in ways(app):
            if way.endpoint in OPEN and way.endpoint != "auth.logout":
                continue
            found = knock(way, ann, hand)
            matrix.add(way.name, hand.name, found[0])
            if (found == (403, "csrf_failed")) is (way.method in SAFE):
                wrong.append((way.name, hand.name, found))

    assert wrong == []
    assert ann.get("/api/auth/me").status_code == 200


def test_no_door_is_forgotten(app: Flask) -> None:
    """A route either asks for a session or is on the list of those that don't."""
    guarded = {way.endpoint for way in ways(app) if getattr(app.view_functions[way.endpoint], "signed_in", False)}

    assert {way.endpoint for way in ways(app)} - guarded == set(OPEN)


def test_a_person_gets_at_nothing_of_anothers_by_any_path(app: Flask, ann: Person, bob: Person, offers: None, matrix: Matrix) -> None:
    """Ann, who is the administrator, has one of everything that has an id; Bob tries each on every route that takes such an id."""
    conversation = ann.conversation(title="the secret")
    asked = ann.ask(conversation, "the secret question")
    session = ann.get("/api/auth/sessions").get_json()["items"][0]["id"]
    assert ann.post(f"{conversation}/share", {}).status_code == 200
    database.execute_sql(STEP, [asked["answer"]["id"], ann.id])
    waits = ann.post(f"{conversation}/messages/follow-ups", {"content": "the secret question"}).get_json()["id"]
    known = {
        "conversation_id": conversation.rpartition("/")[2], "message_id": asked["answer"]["id"], "session_id": session, **more_ids(ann),
        **knowledge_of(ann), "group_id": group_of(ann), "assistant_id": assistant_of(ann), "prompt_id": prompt_of(ann), "follow_up_id": waits, "passkey_id": passkey_of(ann),
        "number": "1", "name": "notes", "stream": "tab",
    }  # fmt: skip
    followed = {"follow": [{"strand": "a", "conversation_id": known["conversation_id"]}]}
    told = {**BODIES, "stream.steer": followed}
    wrong = []

    for way in ways(app):
        if not way.rule.arguments or way.endpoint in OPEN:
            continue
        assert way.rule.arguments <= known.keys(), f"the test has nothing of {way.rule.rule}"
        bodies: dict[str, Any] = {} if way.method in SAFE else {"json": told.get(way.endpoint, {})}
        response = bob.call(way.method, way.path(**known), **bodies)
        matrix.add(way.name, "another's id", response.status_code)
        if response.status_code != (403 if way.rule.rule.startswith("/api/admin") else 404) or "secret" in response.text:
            wrong.append((way.name, response.status_code, response.text))

    assert wrong == []


BODIES: dict[str, dict[str, Any]] = {
    "messages.ask": {"content": "hi"},
    "messages.follow_ups.add": {"content": "hi"},
    "messages.rate": {"thumb": "up"},
    "conversations.change": {"title": "stolen"},
    "messages.steps.decide": {"decision": "grant"},
    "knowledge.change": {"name": "stolen"},
    "auth.passkeys.rename": {"name": "stolen"},
    "auth.passkeys.remove": {"password": PASSWORD},
    "together.prompts.change": {"name": "stolen", "text": "stolen"},
    "together.assistants.change": {"name": "stolen"},
    "together.groups.add": {"email": "bob@example.org"},
    "together.groups.change": {"manager": True},
}


def passkey_of(ann: Person) -> str:
    """Give Ann a passkey without its ceremony, which takes an address that has them."""
    sql = """INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, synced, name)
             VALUES (gen_random_uuid(), %s, 'x', 'x', 0, false, 'the secret') RETURNING id"""
    ((passkey_id,),) = database.execute_sql(sql, [ann.id]).fetchall()
    database.close()
    return str(passkey_id)


def prompt_of(ann: Person) -> str:
    said = {"handle": "secret", "name": "the secret", "text": "the secret"}
    return str(ann.post("/api/prompts", said).get_json()["id"])


def assistant_of(ann: Person) -> str:
    said = {"handle": "secret", "name": "the secret", "instructions": "the secret"}
    return str(ann.post("/api/assistants", said).get_json()["id"])


def group_of(ann: Person) -> str:
    """Return the id of a group that Ann has made and is in."""
    group = ann.post("/api/admin/groups", {"name": "the secret"}).get_json()["id"]
    ann.post(f"/api/groups/{group}/members", {"email": ann.email})
    return str(group)


# A step of Ann's that waits for her word.
STEP = """INSERT INTO steps (message_id, number, user_id, round, call_id, name, arguments, effect, state, at, reasoning_at, idempotency_key, created_at)
          VALUES (%s, 1, %s, 1, 'call', 'note', '{"text": "the secret"}', 'write', 'proposed', 0, 0, gen_random_uuid(), now())"""


def more_ids(ann: Person) -> dict[str, str]:
    """Return what else of Ann's has an id."""
    key = ann.post("/api/auth/keys", {"name": "a program"}).get_json()
    invitation = ann.post("/api/admin/invitations", {}).get_json()
    file = ann.post("/api/files", data=b"the secret", query_string={"name": "secret.txt"}).get_json()
    return {"key_id": key["id"], "invitation_id": invitation["id"], "person_id": ann.id, "file_id": file["id"]}


def knowledge_of(ann: Person) -> dict[str, str]:
    """Return the ids of a collection of Ann's and of a document in it, which has been read and has failed before."""
    collection = ann.post("/api/knowledge/collections", {"name": "the secret"}).get_json()["id"]
    path = f"/api/knowledge/collections/{collection}/documents"
    document = ann.post(path, data=b"the secret", query_string={"path": "the secret.txt"}).get_json()["id"]
    database.execute_sql(CHUNK, [document, collection])
    database.execute_sql("UPDATE documents SET state = 'failed', searchable = true WHERE id = %s", [document])
    return {"collection_id": collection, "document_id": document}


CHUNK = """INSERT INTO chunks (document_id, collection_id, number, page, start, "end", heading, text, words)
           VALUES (%s, %s, 1, 1, 0, 10, '', 'the secret', to_tsvector('simple', 'the secret'))"""


def test_ids_in_bodies_open_nothing(app: Flask, ann: Person, bob: Person, offers: None) -> None:
    """Every field of a body that takes an id, with an id of somebody else's."""
    foreign = ann.ask(ann.conversation(), "the secret question")["answer"]["id"]
    own = bob.conversation()

    anns = ann.conversation(title="the secret title").rpartition("/")[2]
    other = {"source": "olamchat", "source_id": anns, "messages": [{"id": "q", "role": "user", "content": "mine"}]}
    copied = bob.post("/api/conversations/import", other)
    gone = [bob.post(f"/api/conversations/{what}", {"ids": [anns]}).get_json()["ids"] for what in ("delete", "restore")]

    file = more_ids(ann)["file_id"]
    enclosing = {**other, "source_id": "x", "messages": [{**other["messages"][0], "attachments": [file]}]}  # type: ignore[dict-item]
    asked = bob.post(f"{own}/messages", {"content": "hi", "parent_id": foreign})
    led = bob.patch(own, {"active_leaf_id": foreign})
    taken = bob.post(f"{own}/messages", {"content": "hi", "attachments": [file]})
    kept = bob.post(f"{own}/messages/follow-ups", {"content": "hi", "attachments": [file]})
    brought = bob.post("/api/conversations/import", enclosing)
    begun = bob.post("/api/conversations", {"question": {"content": "hi", "attachments": [file]}})
    followed = bob.post("/api/events/tab", {"follow": [{"strand": "a", "conversation_id": anns}]})
    chosen = [
        bob.put("/api/admin/models", {"name": "llama", "audience": "chosen", "people": [bob.id]}),
        bob.post("/api/admin/tools", {"name": "notes", "url": "http://127.0.0.1/mcp", "audience": "chosen", "people": [bob.id]}),
        bob.put("/api/admin/tools/notes", {"audience": "chosen", "people": [bob.id]}),
    ]

    assert [answer.status_code for answer in (asked, led, taken, kept, brought, begun, *chosen)] == [
        422,
        422,
        422,
        422,
        422,
        422,
        403,
        403,
        403,
    ]
    group = group_of(ann)
    given = [
        bob.post("/api/knowledge/collections", {"name": "mine", "audience": "chosen", "groups": [group]}),
        bob.put("/api/admin/models", {"name": "llama", "audience": "chosen", "groups": [group]}),
        bob.post("/api/assistants", {"handle": "mine", "name": "mine", "audience": "chosen", "groups": [group]}),
        bob.post("/api/prompts", {"handle": "mine", "name": "mine", "text": "x", "audience": "chosen", "groups": [group]}),
    ]
    assert [answer.status_code for answer in given] == [403, 403, 403, 403]
    assert followed.status_code == 404
    assert "secret" not in followed.text + asked.text + led.text + taken.text + brought.text + copied.text
    assert (copied.get_json()["outcome"], gone) == ("made", [[], []]), "a name of one's own, and nobody's conversation"
    assert ann.get(f"/api/conversations/{anns}").get_json()["title"] == "the secret title"
    fields = {
        "AddServer.people", "ServerSettings.people", "AddServer.groups", "ServerSettings.groups", "ChangeModel.groups", "NewCollection.groups", "NewAssistant.groups", "NewPrompt.groups", "PromptSettings.groups", "AssistantSettings.groups", "ChangeCollection.groups", "FirstQuestion.attachments", "Ask.parent_id", "Ask.attachments", "FollowUp.attachments", "ChangeConversation.active_leaf_id", "ChangeModel.people", "ImportConversation.source_id",
        "ImportedMessage.attachments", "Many.ids", "Strand.conversation_id",
        # What an answer may cite is looked at as it begins: tests/worker/index/test_indexing.py.
        "NewAssistant.collections", "AssistantSettings.collections", "Options.collections", "Settings.collections", "UserSettings.collections",
    }  # fmt: skip
    assert _id_fields(app) == fields, "a new field wants its attack here"


def test_no_field_takes_an_address_that_we_would_ask(app: Flask) -> None:
    """Engines, provider and store are named by the environment alone: who could name one could have us ask within our own network.

    Servers of tools are named by administrators, and asked by step workers alone, whose network policy says where they may go.
    """
    named = re.compile(r"(^|_)(ur[il]s?|hosts?|addresse?s?|endpoint|base|server|webhook|callback|proxy|iss|issuer|redirect|next)($|_)")

    found = {f"{model.__name__}.{name}" for model, fields in _models(app) for name in fields if named.search(name)}

    # `next` is a path of this site, `iss` is held against the provider that the environment names: test_sign_on.py. Images are data: test_tools.py.
    assert found == {
        "SignOn.next",
        "SignOnBack.iss",
        "Returned.issuer",
        "Picture.image_url",
        "ImageUrl.url",
        "AddServer.url",
        "ServerSettings.url",
        # A server is named that an administrator has added, and an address is that server's own: nobody else is asked for it.
        "AttachResource.server",
        "AttachResource.uri",
        "UsePrompt.server",
    }


def _id_fields(app: Flask) -> set[str]:
    """Return every field of a body, however deep, that takes the id of something kept here: by its type, or by its name."""
    return {
        f"{model.__name__}.{name}"
        for model, fields in _models(app)
        if issubclass(model, Body)
        for name, kinds in fields.items()
        if UUID in kinds or name.endswith(("_id", "_ids"))
    }


def _models(app: Flask) -> list[tuple[type[BaseModel], dict[str, list[Any]]]]:
    """Return what requests are made of, however deep: each model with the types within each of its fields."""
    described = [getattr(view, "operation", None) for view in app.view_functions.values()]
    waiting = [Complete, *(model for each in described if each for model in (each.body, each.query) if model)]
    found: dict[type[BaseModel], dict[str, list[Any]]] = {}
    while waiting:
        model = waiting.pop()
        if model not in found:
            found[model] = {name: list(_within(field.annotation)) for name, field in model.model_fields.items()}
            waiting += [kind for kinds in found[model].values() for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return list(found.items())


def _within(kind: Any) -> Iterator[Any]:
    """Yield a type and all that it is made of: of `list[Id] | None` also UUID."""
    yield kind
    for part in get_args(kind):
        yield from _within(part)
