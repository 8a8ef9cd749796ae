"""Files that index workers read as documents: which are, who may see them, and what can't be done to them as to a collection's documents."""

from typing import Any

import pytest

from olamchat.db.pool import database
from olamchat.environment import environment
from tests.functions.conftest import Person, finish
from tests.functions.conversations.test_sharing import shared, stranger
from tests.functions.files.test_files import code, put, sql
from tests.worker.index import samples

__all__ = ("stranger",)
BASE = "/api/knowledge"
LONG = b"Oolong wants hot water. " * 200


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.docx", samples.docx(), "office"), ("a.xlsx", samples.xlsx(), "office"), ("a.pptx", samples.pptx(), "office"),
        ("a.odt", samples.odt(), "office"), ("renamed.zip", samples.docx(), "office"), ("a.csv", LONG, "text"), ("a.html", b"<html>" + LONG, "text"),
    ],
)  # fmt: skip
def test_every_kind_that_collections_read_is_attached_as_a_document(ann: Person, name: str, content: bytes, kind: str) -> None:
    kept = put(ann, content, name)

    document = ann.get(f"{BASE}/documents/{kept['document_id']}").get_json()

    assert (kept["kind"], document["path"], document["state"]) == (kind, kept["name"], "waiting")
    assert ann.get(f"/api/files/{kept['id']}").data == content
    assert ann.get(f"{BASE}/documents/{kept['document_id']}/file").data == content


def test_a_short_text_and_a_picture_go_in_as_they_are(ann: Person) -> None:
    assert [put(ann)["document_id"], put(ann, b"Oolong.", "a.txt")["document_id"]] == [None, None]
    assert sql("SELECT count(*) FROM documents") == [(0,)]


@pytest.mark.parametrize(
    ("content", "name", "refusal", "why"),
    [
        (b"PK\x03\x04", "a.docx", (422, "file_unreadable"), "broken"),
        (samples.zipped({"a.txt": "x"}), "a.zip", (415, "file_type_refused"), "DOCX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.doc", (415, "file_type_refused"), "Save it as DOCX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.docx", (422, "file_unreadable"), "password"),
    ],
)
def test_what_no_reader_can_read_is_refused_as_it_comes(ann: Person, content: bytes, name: str, refusal: tuple[int, str], why: str) -> None:
    refused = ann.post("/api/files", data=content, query_string={"name": name})

    assert code(refused) == refusal
    assert why in refused.get_json()["detail"]


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.doc", "office"), (samples.scanned(2), "scan.pdf", "pdf"),
     (samples.scanned(1, before="Page one says tea."), "mixed.pdf", "pdf")],
)  # fmt: skip
def test_what_another_reader_reads_is_attached_where_there_is_one(
    ann: Person, variables: pytest.MonkeyPatch, content: bytes, name: str, kind: str
) -> None:
    variables.setenv("OLAMCHAT_READER_URL", "http://tika:9998")
    environment.cache_clear()

    kept = put(ann, content, name)

    document = ann.get(f"{BASE}/documents/{kept['document_id']}").get_json()
    assert (kept["kind"], kept["name"], document["state"]) == (kind, name, "waiting")
    assert ann.get(f"/api/files/{kept['id']}").data == content


def test_an_attached_document_is_no_collections_and_nobody_elses(ann: Person, bob: Person) -> None:
    kept = put(ann, LONG, "a.txt")
    document = f"{BASE}/documents/{kept['document_id']}"
    collection = f"{BASE}/collections/{ann.get(document).get_json()['collection_id']}"

    of_bob = [
        bob.get(document),
        bob.get(f"{document}/file"),
        bob.get(f"{document}/passages/0"),
        bob.post(f"{document}/retry", {}),
        bob.get(collection),
    ]
    of_ann: list[Any] = [
        ann.get(collection), ann.get(f"{collection}/documents"), ann.patch(collection, {"audience": "chosen"}), ann.delete(collection),
        ann.post(f"{collection}/restore", {}), ann.post(f"{collection}/documents", data=b"x", query_string={"path": "b.txt"}), ann.delete(document),
    ]  # fmt: skip

    assert {response.status_code for response in (*of_bob, *of_ann)} == {404}
    assert ann.get(f"{BASE}/collections").get_json() == {"items": []}
    assert ann.get("/api/files").get_json()["used_bytes"] == len(LONG)


def test_what_is_attached_goes_with_its_file(ann: Person, offers: None) -> None:
    kept, other = put(ann, LONG, "a.txt"), put(ann, LONG + b"x", "b.txt")
    sent = ann.ask(ann.conversation(), "?", attachments=[kept["id"]])

    assert sent["user_message"]["attachments"][0]["document_id"] == kept["document_id"]
    assert code(ann.delete(f"/api/files/{kept['id']}")) == (409, "file_in_use")
    assert ann.delete(f"/api/files/{other['id']}").status_code == 204
    assert sql("SELECT name FROM collections") == [("a.txt",)]
    database.close()


def test_who_has_the_link_hears_nothing_of_documents(ann: Person, stranger: Person, offers: None) -> None:
    conversation, kept = ann.conversation(), put(ann, LONG, "a.txt")
    finish(ann.ask(conversation, "?", attachments=[kept["id"]])["answer"]["id"])
    link = shared(ann, conversation)

    [asked, _] = stranger.get(f"/api/shares/{link['token']}").get_json()["messages"]

    assert [each["document_id"] for each in asked["attachments"]] == [None]
    assert stranger.get(f"/api/shares/{link['token']}/files/{kept['id']}").data == LONG
    assert stranger.get(f"{BASE}/documents/{kept['document_id']}").status_code == 401
