"""Moving conversations in and out, and doing something to many at once."""

import io
import json
import zipfile
from typing import Any

import pytest

from olamchat.db.pool import database
from tests import samples
from tests.functions.conftest import Person, finish
from tests.functions.conversations.test_conversations import heard, titles
from tests.functions.files.test_files import put
from tests.functions.messages.test_races import at_once


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


def test_everything_is_packed_for_one_person_once_at_a_time(ann: Person, bob: Person) -> None:
    ann.conversation(title="x")
    client, bearer = ann.app.test_client(use_cookies=False), {"Authorization": f"Bearer {ann.token}"}

    first = client.get("/api/conversations/export", headers=bearer)
    second, others = ann.get("/api/conversations/export"), bob.get("/api/conversations/export")
    others.close()
    first.close()

    assert [first.status_code, second.status_code, others.status_code] == [200, 429, 200]
    third = ann.get("/api/conversations/export")
    assert third.status_code == 200
    third.close()


def test_the_zip_has_the_files_and_says_where(ann: Person, offers: None) -> None:
    odd, notes, lost = put(ann, samples.png(), 'a [odd] "name"?.png'), put(ann, b"# Notes", "notes.md"), put(ann, b"lost", "lost.txt")
    for number in range(2):  # each is there once, however often it was sent
        path = ann.conversation(title=f"Sky {number}", model="llama")
        sent = ann.ask(path, "Why?", attachments=[notes["id"], lost["id"]])
        finish(sent["answer"]["id"])
        database.execute_sql(
            "INSERT INTO attachments (message_id, place, file_id) VALUES (%s, 9, %s)", [sent["user_message"]["id"], odd["id"]]
        )
        database.execute_sql(
            "UPDATE messages SET attachments = attachments || %s::jsonb WHERE id = %s",
            [json.dumps([{name: odd[name] for name in ("id", "name", "media_type", "bytes", "kind")}]), sent["user_message"]["id"]],
        )
    database.execute_sql("DELETE FROM file_contents WHERE file_id = %s", [lost["id"]])
    database.close()

    archive = zipfile.ZipFile(io.BytesIO(ann.get("/api/conversations/export").get_data()))

    names = archive.namelist()
    assert len(names) == len(set(names))
    [image] = [name for name in names if name.endswith(".png")]
    [text] = [name for name in names if name.startswith("files/") and name.endswith(".md")]
    assert image == f"files/{odd['id']}/a [odd] _name__.png"
    assert (archive.read(image), archive.read(text)) == (samples.png(), b"# Notes")
    assert archive.getinfo(image).compress_type == zipfile.ZIP_STORED
    assert not any("lost" in name for name in names)
    [whole, _] = [json.loads(archive.read(name)) for name in names if name.endswith(".json") and "Sky" in name]
    assert [each.get("path") for each in whole["messages"][0]["attachments"]] == [text, None, image]
    [markdown, _] = [archive.read(name).decode() for name in names if name.endswith(".md") and "Sky" in name]
    assert f"- [notes.md](../files/{notes['id']}/notes.md)\n- lost.txt\n- ![a \\[odd\\] " in markdown
    assert f"](../files/{odd['id']}/a%20%5Bodd%5D%20_name__.png)" in markdown


def test_a_conversation_comes_in_with_its_files(ann: Person, bob: Person, offers: None) -> None:
    picture, notes = put(ann, samples.png()), put(ann, b"# Notes", "notes.md")
    messages = [message("q", None, "user", "", attachments=[picture["id"], notes["id"]]), message("a", "q", "assistant", "I see.")]

    imported = take(ann, messages=messages)

    [question, _] = ann.get(f"/api/conversations/{imported['conversation']['id']}/messages").get_json()["items"]
    assert [file["id"] for file in question["attachments"]] == [picture["id"], notes["id"]]
    assert ann.delete(f"/api/files/{picture['id']}").status_code == 409, "it is in use"
    assert take(bob)["outcome"] == "made"
    for wrong in (message("q", None, "user", "", attachments=[picture["id"]]), message("q", None, "user", "", attachments=[ann.id])):
        refused = bob.post("/api/conversations/import", talk(source_id="x", messages=[wrong]))
        assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "attachments")
    assert titles(bob) == ["An old talk"]


def test_only_questions_have_files_and_not_too_many(ann: Person) -> None:
    ids = [put(ann, b"text", "a.txt")["id"] for _ in range(11)]
    answer = [message("q", None, "user", "Why?"), message("a", "q", "assistant", "So.", attachments=ids[:1])]

    refused = ann.post("/api/conversations/import", talk(messages=answer))
    too_many = ann.post("/api/conversations/import", talk(messages=[message("q", None, "user", "", attachments=ids)]))

    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "messages.1.attachments")
    assert (too_many.status_code, too_many.get_json()["code"]) == (422, "too_many_files")
    assert titles(ann) == []


def test_what_came_before_is_known_before_its_files_are_sent(ann: Person, bob: Person) -> None:
    imported = take(ann)["conversation"]["id"]

    def known(person: Person, source: str, source_id: str) -> bool:
        found = person.get("/api/conversations/import", query_string={"source": source, "source_id": source_id})
        return bool(found.get_json()["known"])

    assert known(ann, "chatgpt", "6743-abc")
    assert known(ann, "olamchat", imported)
    assert not known(ann, "olamchat", "6743-abc")
    assert not known(bob, "chatgpt", "6743-abc")
    assert not known(bob, "olamchat", imported)
    assert ann.get("/api/conversations/import?source=elsewhere&source_id=x").status_code == 422


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
