"""Collections and documents by the API: who may do what, and what is refused how."""

from typing import Any

import pytest

from olamchat.db.pool import database
from olamchat.environment import environment
from olamchat.services import files
from olamchat.services.knowledge import collections, documents, telling
from tests.functions.conftest import Person

BASE = "/api/knowledge"


def made(person: Person, name: str = "Tea") -> str:
    return f"{BASE}/collections/{person.post(f'{BASE}/collections', {'name': name}).get_json()['id']}"


def brought(person: Person, collection: str, path: str = "a.txt", data: bytes = b"Oolong.") -> dict[str, Any]:
    response = person.post(f"{collection}/documents", data=data, query_string={"path": path})
    assert response.status_code == 201, response.text
    document: dict[str, Any] = response.get_json()
    return document


def settle(variables: pytest.MonkeyPatch, name: str, value: int) -> None:
    """Have this process read a setting anew."""
    variables.setenv(name, str(value))
    environment.cache_clear()


def test_collections_are_made_renamed_deleted_and_restored(ann: Person, bob: Person) -> None:
    tea = made(ann)
    brought(ann, tea)

    assert ann.patch(tea, {"name": " Green tea "}).get_json()["name"] == "Green tea"
    [listed] = ann.get(f"{BASE}/collections").get_json()["items"]
    assert (listed["name"], listed["documents"], listed["bytes"], listed["mine"]) == ("Green tea", 1, 7, True)
    assert bob.get(f"{BASE}/collections").get_json() == {"items": []}
    assert ann.delete(tea).status_code == 204
    assert [ann.get(tea).status_code, ann.get(f"{tea}/documents").status_code, ann.delete(tea).status_code] == [404, 404, 404]
    assert ann.post(f"{tea}/restore", {}).get_json()["documents"] == 1
    assert ann.get(f"{BASE}/collections").get_json()["items"][0]["name"] == "Green tea"


def test_only_an_administrator_gives_a_collection_to_everyone(ann: Person, bob: Person) -> None:
    tea, mine = made(ann), made(bob)
    document = brought(ann, tea)

    assert bob.patch(mine, {"audience": "everyone"}).get_json()["code"] == "forbidden"
    assert bob.post(f"{BASE}/collections", {"name": "x", "audience": "everyone"}).status_code == 403
    assert ann.patch(tea, {"audience": "everyone"}).status_code == 200
    assert [item["mine"] for item in bob.get(f"{BASE}/collections").get_json()["items"]] == [True, False]
    assert bob.get(f"{tea}/documents").get_json()["items"][0]["path"] == "a.txt"
    assert bob.get(f"{BASE}/documents/{document['id']}/file").data == b"Oolong."
    refused = [
        bob.patch(tea, {"name": "stolen"}), bob.delete(tea), bob.post(f"{tea}/documents", data=b"x"),
        bob.delete(f"{BASE}/documents/{document['id']}"), bob.post(f"{BASE}/documents/{document['id']}/retry", {}),
    ]  # fmt: skip
    assert [response.status_code for response in refused] == [404] * 5


def test_documents_come_in_by_their_paths_and_go(ann: Person) -> None:
    tea = made(ann)
    for path in ("b/../../etc/passwd", "a/deep/\u202efile.txt", "", "c.txt"):
        brought(ann, tea, path, path.encode() or b"-")

    first = ann.get(f"{tea}/documents", query_string={"limit": 3}).get_json()
    rest = ann.get(f"{tea}/documents", query_string={"limit": 3, "cursor": first["next_cursor"]}).get_json()

    assert [item["path"] for item in first["items"]] == ["a/deep/file.txt", "b/etc/passwd", "c.txt"]
    assert [item["path"] for item in rest["items"]] == ["file"]
    assert {item["state"] for item in first["items"]} == {"waiting"}
    gone = f"{BASE}/documents/{first['items'][2]['id']}"
    assert ann.delete(gone).status_code == 204
    assert [ann.get(gone).status_code, ann.get(f"{gone}/file").status_code] == [404, 404]
    assert ann.post(f"{gone}/restore", {}).get_json()["path"] == "c.txt"
    assert ann.get(f"{tea}/documents", query_string={"state": "failed"}).get_json()["items"] == []


def test_what_is_too_much_is_refused_with_its_code(ann: Person, variables: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch) -> None:
    tea = made(ann)

    def code(data: bytes, path: str = "x.txt") -> str:
        return str(ann.post(f"{tea}/documents", data=data, query_string={"path": path}).get_json().get("code"))

    assert code(b"") == "file_unreadable"
    settle(variables, "OLAMCHAT_FILE_BYTES", 10)
    assert code(b"x" * 11) == "file_too_large"
    settle(variables, "OLAMCHAT_FILES_TOTAL_BYTES", 15)
    assert [code(b"x" * 10, "1"), code(b"y" * 10, "2")] == ["None", "storage_full"]
    settle(variables, "OLAMCHAT_FILES_TOTAL_BYTES", 1000)
    monkeypatch.setattr(documents, "MOST", 1)
    assert code(b"z", "3") == "collection_full"
    monkeypatch.setattr(collections, "MOST", 1)
    assert ann.post(f"{BASE}/collections", {"name": "x"}).get_json()["code"] == "too_many_collections"
    assert ann.get(f"{tea}/documents", query_string={"cursor": "nonsense"}).get_json()["code"] == "invalid"
    [document] = ann.get(f"{tea}/documents").get_json()["items"]
    assert ann.post(f"{BASE}/documents/{document['id']}/retry", {}).get_json()["code"] == "document_in_progress"


def test_the_same_upload_again_is_the_same_document(ann: Person) -> None:
    tea = made(ann)

    assert brought(ann, tea)["id"] == brought(ann, tea)["id"] != brought(ann, tea, data=b"Sencha.")["id"]


def test_an_upload_that_another_of_the_same_bytes_has_replaced_is_that_document(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    tea, other, put = made(ann), dict[str, Any](), files.put

    def slow(*given: Any) -> None:
        """While the bytes of the first upload are on their way a second one comes, and is read: it replaces what is at its path."""
        monkeypatch.setattr(files, "put", put)
        other.update(brought(ann, tea))
        database.execute_sql("DELETE FROM files WHERE id NOT IN (SELECT file_id FROM documents WHERE id = %s)", [other["id"]])
        put(*given)

    monkeypatch.setattr(files, "put", slow)

    assert brought(ann, tea)["id"] == other["id"]
    assert [row["id"] for row in ann.get(f"{tea}/documents").get_json()["items"]] == [other["id"]]


def test_an_upload_that_is_read_and_replaced_before_it_is_answered_is_answered(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def replaced(_: Any) -> None:
        database.execute_sql("DELETE FROM files")

    monkeypatch.setattr(telling, "waits", replaced)

    assert brought(ann, made(ann))["state"] == "waiting"


def test_a_document_that_failed_is_retried(ann: Person) -> None:
    document = brought(ann, made(ann))
    database.execute_sql(
        """UPDATE documents SET state = 'failed', failures = 4, error = '{"code": "broken", "message": "It is broken."}'"""
    )

    assert ann.get(f"{BASE}/documents/{document['id']}").get_json()["error"]["code"] == "broken"
    again = ann.post(f"{BASE}/documents/{document['id']}/retry", {}).get_json()
    assert (again["state"], again["error"]) == ("waiting", None)


def test_reading_is_stopped_and_what_is_read_stays(ann: Person, bob: Person) -> None:
    tea = made(ann)
    read, waits = brought(ann, tea, "read.txt"), brought(ann, tea, "waits.txt", b"Pu-erh.")
    database.execute_sql("UPDATE documents SET state = 'ready', searchable = true WHERE id = %s", [read["id"]])

    assert bob.post(f"{tea}/stop", {}).status_code == 404
    stopped = ann.post(f"{tea}/stop", {}).get_json()

    assert (stopped["documents"], stopped["ready"], stopped["failed"]) == (2, 1, 1)
    document = f"{BASE}/documents/{waits['id']}"
    assert ann.get(document).get_json()["error"]["code"] == "stopped"
    assert ann.post(f"{document}/retry", {}).get_json()["state"] == "waiting"


def test_a_passage_is_shown_between_its_neighbours(ann: Person) -> None:
    tea = made(ann)
    document = brought(ann, tea)["id"]
    for number in range(3):
        database.execute_sql(
            """INSERT INTO chunks (document_id, collection_id, number, page, start, "end", heading, text, words)
               VALUES (%s, %s, %s, 1, 0, 1, 'Water', %s, '')""",
            [document, tea.rpartition("/")[2], number, f"text {number}"],
        )

    shown = ann.get(f"{BASE}/documents/{document}/passages/1").get_json()

    assert (shown["before"], shown["text"], shown["after"], shown["heading"]) == ("text 0", "text 1", "text 2", "Water")
    assert ann.get(f"{BASE}/documents/{document}/passages/9").status_code == 404


def test_a_document_is_no_attachment(ann: Person, offers: None) -> None:
    brought(ann, made(ann))
    [(file_id,)] = database.execute_sql("SELECT id FROM files").fetchall()

    assert ann.get(f"/api/files/{file_id}").status_code == 404
    assert ann.delete(f"/api/files/{file_id}").status_code == 404
    assert ann.post(f"{ann.conversation()}/messages", {"content": "hi", "attachments": [str(file_id)]}).status_code == 422
    database.execute_sql("UPDATE files SET created_at = now() - interval '9 days'")
    assert files.sweep() == 0


def test_an_answers_citations_are_told_with_it_and_exported(ann: Person, offers: None) -> None:
    conversation = ann.conversation()
    answer = ann.ask(conversation, "How hot?")["answer"]["id"]
    database.execute_sql(
        """INSERT INTO citations (message_id, number, document_id, chunk, path, page, heading, text)
           VALUES (%s, 1, gen_random_uuid(), 0, 'tea/guide.md', 3, 'Water', %s)""",
        [answer, "Ninety-six degrees. " * 40],
    )
    database.execute_sql("UPDATE messages SET content = 'It is 96 [1].', status = 'done' WHERE id = %s", [answer])

    [told] = ann.get(f"{conversation}/messages/{answer}").get_json()["citations"]
    whole = ann.get(f"{conversation}/messages/{answer}/citations/1").get_json()

    assert (told["path"], told["page"], told["heading"]) == ("tea/guide.md", 3, "Water")
    assert told["quote"].endswith("Ninety-six…")
    assert len(told["quote"]) <= 301
    assert whole["text"] == "Ninety-six degrees. " * 40
    assert ann.get(f"{conversation}/messages/{answer}/citations/2").status_code == 404
    assert "- [1] tea/guide.md, p. 3: Ninety-six" in ann.get(f"{conversation}/export").text
