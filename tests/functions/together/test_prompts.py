"""The prompt library: in versions, by a name that is one's own, given to groups, brought from elsewhere."""

from tests.functions.conftest import Person
from tests.functions.together.test_groups import group, join

SAID = {"handle": "sum-up", "name": "Sum up", "text": 'Sum up {{text}} in {{lines | number:default="3"}} lines.'}


def test_a_prompt_has_versions_and_a_way_back(ann: Person) -> None:
    made = ann.post("/api/prompts", {**SAID, "note": "first"}).get_json()
    path = f"/api/prompts/{made['id']}"
    assert (made["handle"], made["version"], made["mine"]) == ("sum-up", 1, True)

    changed = ann.put(path, {"name": "Sum up", "text": "Shorter.", "note": "why"}).get_json()
    back = ann.post(f"{path}/versions/1/restore", {}).get_json()

    assert (changed["version"], back["version"], back["text"]) == (2, 3, SAID["text"])
    assert [each["note"] for each in ann.get(f"{path}/versions").get_json()["items"]] == ["← 1", "why", "first"]
    assert ann.delete(path).status_code == 204
    assert ann.get("/api/prompts").get_json()["items"] == []


def test_a_name_is_ones_own_and_a_group_sees_what_it_was_given(ann: Person, bob: Person) -> None:
    legal = group(ann)
    join(ann, legal, ann)
    join(ann, legal, bob)
    ann.post("/api/prompts", {**SAID, "audience": "chosen", "groups": [legal]})
    assert ann.post("/api/prompts", SAID).get_json()["code"] == "handle_taken"

    assert bob.post("/api/prompts", SAID).status_code == 201

    found = bob.get("/api/prompts").get_json()["items"]
    assert [(each["handle"], each["mine"], each["groups"]) for each in found] == [("sum-up", True, []), ("sum-up", False, [])]


def test_one_from_elsewhere_gets_a_number_where_its_name_is_taken(ann: Person) -> None:
    handles = [ann.post("/api/prompts/import", SAID).get_json()["handle"] for _ in range(3)]
    assert handles == ["sum-up", "sum-up-2", "sum-up-3"]
    assert ann.post("/api/prompts/import", {**SAID, "text": " "}).status_code == 422
