"""Who may do what with what: one table, held against the rules, the conditions of the statements, and the doors of the API.

A row says of one kind of thing and one audience who may use it; the rest of the table is made of it: every way of asking, by everybody.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from olamchat.db.knowledge import collections as rows
from olamchat.db.people import groups
from olamchat.db.pool import connected, database
from olamchat.db.together.shelf import assistants, prompts
from olamchat.permissions.rules import Asker, Audience, Thing, may_change, may_give, may_manage, may_see_members, may_use
from olamchat.services.knowledge import collections
from tests.functions.conftest import People, Person
from tests.functions.together.test_groups import TOOLS, group, join, let_manage
from tests.security.report import Matrix

WHO = ("stranger", "member", "manager", "member of another group", "chosen", "owner", "administrator")
EVERYBODY = set(WHO)
IN_GROUP = {"member", "manager"}
# Kind and audience → who may use it. What administrators keep has no owner: the "owner" there is a person like any other.
USED: dict[tuple[str, Audience], set[str]] = {
    ("model", "everyone"): EVERYBODY,
    ("model", "administrators"): {"administrator"},
    ("model", "chosen"): {*IN_GROUP, "chosen"},
    ("model", "nobody"): set(),
    ("tool server", "everyone"): EVERYBODY,
    ("tool server", "administrators"): {"administrator"},
    ("tool server", "chosen"): {*IN_GROUP, "chosen"},
    ("tool server", "nobody"): set(),
    ("collection", "owner"): {"owner"},
    ("collection", "chosen"): {*IN_GROUP, "owner"},
    ("collection", "everyone"): EVERYBODY,
    ("prompt", "owner"): {"owner"},
    ("prompt", "chosen"): {*IN_GROUP, "owner"},
    ("prompt", "everyone"): EVERYBODY,
    ("assistant", "owner"): {"owner"},
    ("assistant", "chosen"): {*IN_GROUP, "owner"},
    ("assistant", "everyone"): EVERYBODY,
}
# Who may change a thing of a kind, whatever its audience.
CHANGED = {
    "model": {"administrator"},
    "tool server": {"administrator"},
    "collection": {"owner"},
    "assistant": {"owner"},
    "prompt": {"owner"},
}
# Who may give a thing of their own to an audience; the groups are that of the members.
GIVEN: dict[Audience, set[str]] = {"owner": EVERYBODY, "chosen": {*IN_GROUP, "administrator"}, "everyone": {"administrator"}}
OWNED = {"collection", "assistant", "prompt"}
MEMBERS = {"see": {*IN_GROUP, "administrator"}, "manage": {"manager", "administrator"}}


@dataclass(frozen=True)
class Cast:
    """Everybody, and the group that things are given to."""

    people: dict[str, Person]
    group: str
    other: str

    def asker(self, who: str) -> Asker:
        groups = {"member": {self.group}, "manager": {self.group}, "member of another group": {self.other}}.get(who, set())
        return Asker(
            user_id=UUID(self.people[who].id),
            role="admin" if who == "administrator" else "user",
            groups=frozenset(map(UUID, groups)),
            manages=frozenset([UUID(self.group)] if who == "manager" else []),
        )

    def __iter__(self) -> Iterator[tuple[str, Person]]:
        return iter(self.people.items())


@pytest.fixture
def cast(ann: Person, people: People) -> Cast:
    everybody = {"administrator": ann, **{who: people(who.replace(" ", "-")) for who in WHO if who != "administrator"}}
    found = Cast(everybody, group(ann, "ours"), group(ann, "theirs"))
    for who, group_id in (("member", found.group), ("manager", found.group), ("member of another group", found.other)):
        join(ann, group_id, everybody[who])
    assert let_manage(ann, found.group, everybody["manager"]) == 200
    return found


def thing_of(cast: Cast, kind: str, audience: Audience) -> Thing:
    owner = UUID(cast.people["owner"].id) if kind in OWNED else None
    people = frozenset() if kind in OWNED else frozenset([UUID(cast.people["chosen"].id)])
    return Thing(audience=audience, owner=owner, people=people, groups=frozenset([UUID(cast.group)]))


def test_the_rules_say_what_the_table_says(cast: Cast) -> None:
    for (kind, audience), used in USED.items():
        thing = thing_of(cast, kind, audience)
        assert {who for who in WHO if may_use(cast.asker(who), thing)} == used, (kind, audience)
        assert {who for who in WHO if may_change(cast.asker(who), thing)} == CHANGED[kind], (kind, audience)
    ours = UUID(cast.group)
    for audience, givers in GIVEN.items():
        assert {who for who in WHO if may_give(cast.asker(who), audience, [ours])} == givers, audience
    assert {who for who in WHO if may_see_members(cast.asker(who), ours)} == MEMBERS["see"]
    assert {who for who in WHO if may_manage(cast.asker(who), ours)} == MEMBERS["manage"]


def model(cast: Cast, audience: Audience) -> Callable[[Person], bool]:
    said = {"name": "llama", "audience": audience, "people": [cast.people["chosen"].id], "groups": [cast.group]}
    assert cast.people["administrator"].put("/api/admin/models", said).status_code == 204
    return lambda person: "llama" in {each["name"] for each in person.get("/api/models").get_json()["items"]}


OFFERED = {
    "prompts": [{"name": "brief", "title": "", "description": "", "arguments": []}],
    "resources": [{"uri": "x:y", "name": "y", "title": "", "description": "", "media_type": ""}],
}


def tool_server(cast: Cast, audience: Audience) -> Callable[[Person], bool]:
    said = {"audience": audience, "people": [cast.people["chosen"].id], "groups": [cast.group], "url": "http://127.0.0.1:9/mcp"}
    assert cast.people["administrator"].put("/api/admin/tools/notes", said).status_code == 200
    with connected():
        database.execute_sql("UPDATE tool_servers SET offers = %s", [json.dumps(OFFERED)])

    def opens(person: Person) -> bool:
        by_tools, by_resources, by_prompts = (
            "notes" in str(person.get(f"/api/tools{path}").get_json()["items"]) for path in ("", "/resources", "/prompts")
        )
        asked = person.post("/api/tools/prompts", {"server": "notes", "name": "brief"}).status_code == 503  # no worker runs here
        attached = person.post("/api/files/resources", {"server": "notes", "uri": "x:y"}).status_code == 503
        assert by_tools is by_resources is by_prompts is asked is attached, "every door opens for the same people"
        return by_tools

    return opens


def collection(cast: Cast, audience: Audience) -> Callable[[Person], bool]:
    owner = UUID(cast.people["owner"].id)
    made = collections.create(user_id=owner, name=audience, audience="owner")
    with connected():  # the owner may not give it themselves: an earlier time's member, or administrator
        rows.change(UUID(made["id"]), owner, name=None, audience=audience)
        groups.choose(rows.GROUPS, UUID(made["id"]), [UUID(cast.group)] if audience == "chosen" else [])
    return lambda person: person.get(f"/api/knowledge/collections/{made['id']}").status_code == 200


def assistant(cast: Cast, audience: Audience) -> Callable[[Person], bool]:
    owner, handle = cast.people["owner"], f"of-{audience}"
    made = owner.post("/api/assistants", {"handle": handle, "name": "Legal"}).get_json()
    with connected():
        assistants.change(UUID(made["id"]), audience)
        assistants.give(UUID(made["id"]), [UUID(cast.group)] if audience == "chosen" else [])

    def opens(person: Person) -> bool:
        by_id = person.get(f"/api/assistants/{made['id']}").status_code == 200
        listed = f"@{handle}" in {each["name"] for each in person.get("/api/models").get_json()["items"]}
        asked = person.post(f"{person.conversation()}/messages", {"content": "hi", "model": f"@{handle}"}).status_code == 202
        assert by_id is listed is asked, "every door opens for the same people"
        return by_id

    return opens


def prompt(cast: Cast, audience: Audience) -> Callable[[Person], bool]:
    made = cast.people["owner"].post("/api/prompts", {"handle": f"of-{audience}", "name": "x", "text": "x"}).get_json()
    with connected():
        prompts.change(UUID(made["id"]), audience)
        prompts.give(UUID(made["id"]), [UUID(cast.group)] if audience == "chosen" else [])
    return lambda person: made["id"] in {each["id"] for each in person.get("/api/prompts").get_json()["items"]}


KINDS = {"prompt": prompt, "assistant": assistant, "model": model, "tool server": tool_server, "collection": collection}


def test_every_door_opens_for_those_of_the_table_alone(cast: Cast, offers: None, matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("olamchat.services.steps.offers.WITHIN_S", 0.0)
    with connected():
        database.execute_sql(TOOLS, [cast.group])
    wrong = []

    for (kind, audience), used in USED.items():
        opens = KINDS[kind](cast, audience)
        for who, person in cast:
            found = opens(person)
            matrix.add(f"use a {kind} of {audience}", who, 200 if found else 404)
            if found is not (who in used):
                wrong.append((kind, audience, who, found))

    assert wrong == []


def test_only_those_of_the_table_change_and_give(cast: Cast, offers: None, matrix: Matrix) -> None:
    made = cast.people["owner"].post("/api/knowledge/collections", {"name": "theirs"}).get_json()["id"]
    helper = cast.people["owner"].post("/api/assistants", {"handle": "helper", "name": "Helper"}).get_json()["id"]
    text = cast.people["owner"].post("/api/prompts", {"handle": "text", "name": "x", "text": "x"}).get_json()["id"]
    wrong: list[Any] = []

    def tried(how: str, who: str, status: int, allowed: set[str], good: int = 200) -> None:
        matrix.add(how, who, status)
        if (status == good) is not (who in allowed):
            wrong.append((how, who, status))

    for who, person in cast:
        tried("change a model", who, person.put("/api/admin/models", {"name": "llama"}).status_code, CHANGED["model"], 204)
        tried(
            "change a collection", who, person.patch(f"/api/knowledge/collections/{made}", {"name": "x"}).status_code, CHANGED["collection"]
        )
        tried("change an assistant", who, person.put(f"/api/assistants/{helper}", {"name": "x"}).status_code, CHANGED["assistant"])
        tried("change a prompt", who, person.put(f"/api/prompts/{text}", {"name": "x", "text": "y"}).status_code, CHANGED["prompt"])
        tried("make a group", who, person.post("/api/admin/groups", {"name": f"of {who}"}).status_code, {"administrator"}, 201)
        for audience, givers in GIVEN.items():
            said = {"name": "mine", "audience": audience, "groups": [cast.group]}
            tried(f"give a collection to {audience}", who, person.post("/api/knowledge/collections", said).status_code, givers, 201)
            said = {**said, "handle": f"{WHO.index(who)}-{audience}"}
            tried(f"give an assistant to {audience}", who, person.post("/api/assistants", said).status_code, givers, 201)
        tried("see a group's members", who, person.get(f"/api/groups/{cast.group}/members").status_code, MEMBERS["see"])
        member = {"email": cast.people["chosen"].email}
        tried("add a member", who, person.post(f"/api/groups/{cast.group}/members", member).status_code, MEMBERS["manage"])
        nobody = f"/api/groups/{cast.group}/members/{cast.people['chosen'].id}"
        cast.people["administrator"].delete(nobody)

    assert wrong == []
