"""Groups: made by administrators, filled by managers, and what being in one gives."""

from typing import Any

import pytest

from olamchat.db.pool import database
from tests.functions.conftest import People, Person


def group(ann: Person, name: str = "Legal", **said: Any) -> str:
    made = ann.post("/api/admin/groups", {"name": name, **said})
    assert made.status_code == 201, made.text
    return str(made.get_json()["id"])


def join(who: Person, group_id: str, member: Person) -> None:
    added = who.post(f"/api/groups/{group_id}/members", {"email": member.email})
    assert added.status_code == 200, added.text


def let_manage(who: Person, group_id: str, member: Person, manager: bool = True) -> int:
    return who.patch(f"/api/groups/{group_id}/members/{member.id}", {"manager": manager}).status_code


def names(person: Person) -> list[str]:
    return [each["name"] for each in person.get("/api/groups").get_json()["items"]]


def test_a_group_is_made_changed_and_removed(ann: Person) -> None:
    legal = group(ann, quota={"day": 10, "month": None}, weight=2)

    assert ann.post("/api/admin/groups", {"name": "LEGAL"}).get_json()["code"] == "group_name_taken"
    other = group(ann, "Sales")
    taken = ann.put(f"/api/admin/groups/{other}", {"name": "legal"})
    changed = ann.put(f"/api/admin/groups/{legal}", {"name": "Law"})

    assert taken.get_json()["code"] == "group_name_taken"
    assert changed.get_json() == {"id": legal, "name": "Law", "quota": None, "weight": None, "second_factor": False, "members": 0}
    assert ann.delete(f"/api/admin/groups/{legal}").status_code == 204
    assert [each["name"] for each in ann.get("/api/admin/groups").get_json()["items"]] == ["Sales"]
    assert ann.delete(f"/api/admin/groups/{legal}").status_code == 404
    events = [event["event"] for event in ann.get("/api/admin/audit?event=group").get_json()["items"]]
    assert events == ["group.removed", "group.changed", "group.made", "group.made"]


@pytest.mark.parametrize("said", [{"name": " "}, {"name": "x" * 101}, {"name": "a", "weight": 0}, {"name": "a", "quota": {"day": -1}}])
def test_a_group_that_makes_no_sense_is_refused(ann: Person, said: dict[str, Any]) -> None:
    assert ann.post("/api/admin/groups", said).status_code == 422


def test_a_manager_fills_their_group_and_no_other(ann: Person, bob: Person, people: People) -> None:
    cleo = people("cleo")
    legal, sales = group(ann), group(ann, "Sales")
    join(ann, legal, bob)
    assert let_manage(ann, legal, bob) == 200

    join(bob, legal, cleo)

    assert names(cleo) == ["Legal"]
    assert [each["email"] for each in cleo.get(f"/api/groups/{legal}/members").get_json()["items"]] == [bob.email, cleo.email]
    assert bob.post(f"/api/groups/{legal}/members", {"email": "nobody@example.org"}).status_code == 422
    assert bob.post(f"/api/groups/{sales}/members", {"email": bob.email}).status_code == 404
    assert cleo.post(f"/api/groups/{legal}/members", {"email": ann.email}).status_code == 403
    assert let_manage(cleo, legal, cleo) == 403
    assert bob.delete(f"/api/groups/{legal}/members/{cleo.id}").status_code == 204
    assert cleo.get(f"/api/groups/{legal}/members").status_code == 404


def test_everybody_may_leave_and_what_they_gave_is_theirs_again(ann: Person, bob: Person, people: People) -> None:
    cleo = people("cleo")
    legal = group(ann)
    join(ann, legal, bob)
    join(ann, legal, cleo)
    made = bob.post("/api/knowledge/collections", {"name": "Contracts", "audience": "chosen", "groups": [legal]}).get_json()
    path = f"/api/knowledge/collections/{made['id']}"
    assert (cleo.get(path).get_json()["mine"], cleo.get(path).get_json()["groups"]) == (False, [])

    assert bob.delete(f"/api/groups/{legal}/members/{bob.id}").status_code == 204

    assert (names(bob), cleo.get(path).status_code, bob.get(path).get_json()["groups"]) == ([], 404, [])


def test_no_key_lets_anybody_into_a_group(ann: Person, bob: Person) -> None:
    legal = group(ann)
    key = ann.post("/api/auth/keys", {"name": "bot", "scopes": ["chat", "admin"]}).get_json()
    bot = Person(ann.app, ann.email, token=key["key"])

    refused = bot.post(f"/api/groups/{legal}/members", {"email": bob.email})

    assert (refused.status_code, refused.get_json()["code"]) == (403, "out_of_scope")
    assert names(bob) == []


def test_the_most_that_a_group_gives_counts_before_the_role_and_after_ones_own(ann: Person, bob: Person, offers: None) -> None:
    few, many = group(ann, "Few", quota={"day": 0, "month": 100}, weight=2), group(ann, "Many", quota={"day": None, "month": 50}, weight=8)
    join(ann, few, bob)
    assert [bob.get("/api/auth/quota").get_json()[window]["allowed"] for window in ("day", "month")] == [0, 100]
    refused = bob.post(f"{bob.conversation()}/messages", {"content": "hi"})
    assert refused.get_json()["code"] == "quota_exceeded"

    join(ann, many, bob)
    bob.ask(bob.conversation())

    assert [bob.get("/api/auth/quota").get_json()[window]["allowed"] for window in ("day", "month")] == [None, 100]
    assert database.execute_sql("SELECT weight FROM turns WHERE user_id = %s AND kind = 'answer'", [bob.id]).fetchall() == [(8.0,)]
    database.close()
    ann.patch(f"/api/admin/users/{bob.id}", {"quota": {"day": 7, "month": 7}})
    assert bob.get("/api/auth/quota").get_json()["day"]["allowed"] == 7


def test_a_model_and_a_tool_server_of_a_group_are_its_members_alone(ann: Person, bob: Person, people: People, offers: None) -> None:
    cleo, legal = people("cleo"), group(ann)
    join(ann, legal, bob)
    assert ann.put("/api/admin/models", {"name": "llama", "audience": "chosen", "groups": [legal]}).status_code == 204
    database.execute_sql(TOOLS, [legal])
    database.close()

    def seen(person: Person) -> tuple[bool, list[str]]:
        models = [model["name"] for model in person.get("/api/models").get_json()["items"]]
        return "llama" in models, [server["name"] for server in person.get("/api/tools").get_json()["items"]]

    assert (seen(bob), seen(cleo)) == ((True, ["notes"]), (False, []))
    assert cleo.post(f"{cleo.conversation()}/messages", {"content": "hi", "model": "llama"}).get_json()["code"] == "unknown_model"
    bob.ask(bob.conversation(), model="llama")
    [llama] = [model for model in ann.get("/api/admin/models").get_json()["items"] if model["name"] == "llama"]
    assert llama["groups"] == [{"id": legal, "name": "Legal"}]
    unknown = ann.put("/api/admin/models", {"name": "llama", "audience": "chosen", "groups": [bob.id]})
    assert (unknown.status_code, unknown.get_json()["errors"][0]["field"]) == (422, "groups")


TOOLS = """WITH server AS (
    INSERT INTO tool_servers (id, created_at, name, title, kind, url, auth, token_variable, audience, approval, usual)
    VALUES (gen_random_uuid(), now(), 'notes', '', 'http', 'http://127.0.0.1:9/mcp', 'none', '', 'chosen', 'writes', true) RETURNING id
), tool AS (
    INSERT INTO tools (server_id, name, alias, title, description, parameters, effect, outside)
    SELECT id, 'note', 'notes__note', '', '', '{}', 'read', false FROM server
) INSERT INTO tool_groups SELECT id, %s FROM server"""
