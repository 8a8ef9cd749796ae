"""Moving conversations in and out, and doing something to many at once."""

import io
import json
import zipfile
from typing import Any

import pytest

from tests.functions.conftest import Person, finish
from tests.functions.test_conversations import heard, titles
from tests.functions.test_races import at_once


def message(name: str, parent: str | None, role: str, content: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "parent": parent, "role": role, "content": content, **more}


def talk(**given: Any) -> dict[str, Any]:
    return {
        "source": "chatgpt",
        "source_id": "6743-abc",
        "title": "An old talk",
        "created_at": "2024-03-01T10:00:00Z",
        "updated_at": "2024-03-02T10:00:00+01:00",
        "messages": [
            message("q", None, "user", "Why?", created_at="2024-03-01T10:00:01Z"),
            message("a1", "q", "assistant", "Because.", model="gpt-4o", created_at="2024-03-01T10:00:05Z"),
            message("a2", "q", "assistant", "Who knows.", reasoning="Hm.", created_at="2024-03-01T09:00:00Z"),
        ],
        **given,
    }


def take(person: Person, **given: Any) -> dict[str, Any]:
    answer = person.post("/api/conversations/import", talk(**given))
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def test_a_conversation_comes_in_with_its_branches_and_its_times(ann: Person, offers: None) -> None:
    imported = take(ann, shown="a1", settings={"system_prompt": "Be kind."}, pinned=True)

    conversation = imported["conversation"]
    path = f"/api/conversations/{conversation['id']}"
    items = ann.get(f"{path}/messages").get_json()["items"]
    assert imported["outcome"] == "made"
    assert (conversation["title"], conversation["pinned"], conversation["settings"]) == ("An old talk", True, {"system_prompt": "Be kind."})
    assert (conversation["created_at"], conversation["updated_at"]) == (
        "2024-03-01T10:00:00.000000+00:00",
        "2024-03-02T09:00:00.000000+00:00",
    )
    assert [(item["content"], item["role"], item["model"], item["status"]) for item in items] == [
        ("Why?", "user", None, "done"), ("Who knows.", "assistant", None, "done"), ("Because.", "assistant", "gpt-4o", "done"),
    ]  # fmt: skip
    assert {item["parent_id"] for item in items} == {None, items[0]["id"]}
    assert items[1]["created_at"] == items[0]["created_at"], "an answer is never older than its question"
    assert conversation["active_leaf_id"] == items[2]["id"]
    assert titles(ann, "q=knows") == ["An old talk"]
    assert ann.ask(path, "And now?")["user_message"]["parent_id"] == items[2]["id"]


def test_the_same_conversation_again_changes_nothing_and_a_deleted_one_comes_back(ann: Person, bob: Person) -> None:
    first = take(ann)
    again = take(ann, title="Another title")

    assert again == {"outcome": "there", "conversation": first["conversation"]}
    ann.delete(f"/api/conversations/{first['conversation']['id']}")
    assert take(ann) == {"outcome": "restored", "conversation": first["conversation"]}
    assert len(titles(ann)) == 1
    assert take(bob)["outcome"] == "made"
    assert [event.name for event in heard(ann)] == ["conversation", "conversation_deleted", "conversation"]


def test_of_many_at_once_one_is_made(ann: Person) -> None:
    answers = at_once(8, lambda _: ann.post("/api/conversations/import", talk()))

    assert sorted(answer.get_json()["outcome"] for answer in answers) == ["made"] + ["there"] * 7
    assert len(titles(ann)) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"messages": [message("a", None, "assistant", "hi")]}, "messages.0.role"),
        ({"messages": [message("q", None, "user", "a"), message("p", "q", "user", "b")]}, "messages.1.role"),
        ({"messages": [message("q", "q", "user", "its own parent")]}, "messages.0.parent"),
        ({"messages": [message("q", None, "user", "a"), message("q", None, "user", "b")]}, "messages.1.id"),
        ({"messages": [message("a", "q", "assistant", "before its parent"), message("q", None, "user", "a")]}, "messages.0.parent"),
        ({"messages": [message("q", None, "system", "a")]}, "messages.0.role"),
        ({"messages": []}, "messages"),
        ({"source": "elsewhere"}, "source"),
        ({"shown": "nothing"}, "shown"),
        ({"created_at": "2024-03-01T10:00:00"}, "created_at"),
    ],
)
def test_what_is_no_conversation_is_refused_whole(ann: Person, wrong: dict[str, Any], field: str) -> None:
    refused = ann.post("/api/conversations/import", talk(**wrong))

    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, field)
    assert titles(ann) == []


def test_times_of_a_wrong_clock_do_no_harm(ann: Person) -> None:
    conversation = take(ann, created_at="9998-01-01T00:00:00Z", updated_at="0001-01-01T00:00:00Z")["conversation"]

    assert conversation["created_at"][:4] == conversation["updated_at"][:4] != "9998"


def test_a_long_conversation_comes_in(ann: Person) -> None:
    messages = [message("0", None, "user", "hi")]
    messages += [message(str(n), str(n - 1), "assistant" if n % 2 else "user", f"number {n}") for n in range(1, 1_500)]

    path = f"/api/conversations/{take(ann, messages=messages)['conversation']['id']}"

    assert len(ann.get(f"{path}/export?format=json").get_json()["messages"]) == 1_500


def test_everything_goes_out_as_a_zip_and_comes_back_in(ann: Person, bob: Person, offers: None) -> None:
    kept = ann.conversation(title='Sky: "blue"/../ü')
    finish(ann.ask(kept, "Why?")["answer"]["id"])
    ann.patch(ann.conversation(title="archived"), {"archived": True})
    ann.delete(ann.conversation(title="deleted"))
    bob.conversation(title="somebody else's")

    answer = ann.get("/api/conversations/export")

    assert answer.headers["Content-Disposition"].startswith('attachment; filename="olamchat-')
    archive = zipfile.ZipFile(io.BytesIO(answer.get_data()))
    assert archive.testzip() is None
    names = archive.namelist()
    assert len(names) == len(set(names)) == 5
    assert not any(".." in name or name.startswith("/") for name in names)
    assert json.loads(archive.read("account.json"))["email"] == ann.email
    [text] = [archive.read(name).decode() for name in names if name.endswith(".md") and "Sky" in name]
    assert "Because of Rayleigh." in text
    [whole] = [json.loads(archive.read(name)) for name in names if name.endswith(".json") and "Sky" in name]
    assert whole == ann.get(f"{kept}/export?format=json").get_json()

    own = {"source": "olamchat", "source_id": whole["conversation"]["id"]}
    assert take(ann, **own)["outcome"] == "there"
    assert take(bob, **own)["outcome"] == "made"


def test_many_are_deleted_at_once_and_come_back_at_once(ann: Person, bob: Person, offers: None) -> None:
    paths = [ann.conversation(title=str(number)) for number in range(3)]
    answer = ann.ask(paths[0])["answer"]["id"]
    ids = [path.rpartition("/")[2] for path in paths]
    foreign = bob.conversation(title="bob's").rpartition("/")[2]

    gone = ann.post("/api/conversations/delete", {"ids": [*ids[:2], foreign, "01900000-0000-7000-8000-000000000000"]}).get_json()["ids"]

    assert sorted(gone) == sorted(ids[:2])
    assert (titles(ann), titles(bob)) == (["2"], ["bob's"])
    assert ann.post("/api/conversations/delete", {"ids": ids[:2]}).get_json() == {"ids": []}
    assert bob.post("/api/conversations/restore", {"ids": gone}).get_json() == {"ids": []}
    assert sorted(ann.post("/api/conversations/restore", {"ids": [*gone, foreign]}).get_json()["ids"]) == sorted(gone)
    assert sorted(titles(ann)) == ["0", "1", "2"]
    assert ann.get(f"{paths[0]}/messages/{answer}").get_json()["status"] == "stopped"


def test_nothing_is_done_to_none_or_to_too_many(ann: Person) -> None:
    too_many = [f"01900000-0000-7000-8000-{number:012}" for number in range(501)]

    assert [
        ann.post(f"/api/conversations/{what}", {"ids": ids}).status_code for what in ("delete", "restore") for ids in ([], too_many)
    ] == [422] * 4
