"""Files: taken in by their bytes, handed out to their owner alone, attached to messages, and swept."""

import io
import re
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from PIL import Image

from functions.http import uploads as room
from olamchat import roster
from olamchat.db.pool import database
from olamchat.environment import environment
from olamchat.roster import Offer
from olamchat.services import files
from tests import samples
from tests.functions.conftest import Person, finish

PNG = samples.png()


@pytest.fixture
def seeing(offers: None) -> None:
    """One of the models can look at images."""
    roster.announce(
        "w2", [Offer(model="llava", pool="ollama", engine="ollama", capabilities=("completion", "vision"))], capacity=1, running=0
    )


def put(person: Person, content: bytes = PNG, name: str = "picture.png", **headers: str) -> dict[str, Any]:
    kept = person.post("/api/files", data=content, query_string={"name": name}, headers=headers)
    assert kept.status_code == 201, kept.text
    body: dict[str, Any] = kept.get_json()
    return body


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.get_json()["code"]


def sql(text: str, *values: Any) -> list[Any]:
    cursor = database.execute_sql(text, values)
    rows = cursor.fetchall() if cursor.description else []
    database.close()
    return rows


def test_an_image_comes_back_as_it_went_in(ann: Person) -> None:
    kept = put(ann, samples.png(40, 30), "Ferien/Ä b.png")

    got = ann.get(f"/api/files/{kept['id']}")

    assert {**kept, "id": ""} == {
        "id": "", "name": "Ä b.png", "media_type": "image/png", "bytes": len(samples.png(40, 30)), "kind": "image",
        "width": 40, "height": 30, "characters": None, "cut": False, "document_id": None,
    }  # fmt: skip
    assert got.data == samples.png(40, 30)
    assert got.headers["Content-Type"] == "image/png"
    assert got.headers["Content-Disposition"] == "inline; filename=\"_ b.png\"; filename*=UTF-8''%C3%84%20b.png"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"] == "private, no-cache"
    assert {"default-src 'none'", "sandbox"} <= {part.strip() for part in got.headers["Content-Security-Policy"].split(";")}


def test_the_browser_keeps_it_and_asks_each_time(ann: Person, bob: Person) -> None:
    path = f"/api/files/{put(ann)['id']}"
    tag = {"If-None-Match": ann.get(path).headers["ETag"]}

    again, anothers = ann.get(path, headers=tag), bob.get(path, headers=tag)

    assert (again.status_code, again.data, anothers.status_code) == (304, b"", 404)


def test_text_is_handed_out_as_plain_text_for_download(ann: Person) -> None:
    page = b"<script>alert(1)</script>"
    kept = put(ann, page, "page.html", **{"Content-Type": "text/html"})

    got = ann.get(f"/api/files/{kept['id']}")

    assert (kept["kind"], kept["characters"], got.data) == ("text", len(page), page)
    assert got.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert got.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "drawing.png", (415, "file_type_refused")),
        (b"<html><script>alert(1)</script>", "photo.JPG", (415, "file_type_refused")),
        (b"<html>", "report.pdf", (415, "file_type_refused")),
        (b"PK\x03\x04", "notes.txt", (415, "file_type_refused")),
        (b"", "empty.txt", (422, "file_unreadable")),
        (samples.png_claiming(60_000, 60_000), "bomb.png", (422, "file_unreadable")),
        (b"%PDF-1.7 garbage", "broken.pdf", (422, "file_unreadable")),
        (samples.pdf(""), "scanned.pdf", (422, "file_unreadable")),
    ],
)
def test_what_can_not_be_taken_is_refused_with_a_reason(ann: Person, content: bytes, name: str, refusal: tuple[int, str]) -> None:
    refused = ann.post("/api/files", data=content, query_string={"name": name}, headers={"Content-Type": "image/png"})

    assert code(refused) == refusal
    assert sql("SELECT count(*) FROM files") == [(0,)]


def test_a_file_of_the_largest_size_is_taken_and_one_byte_more_is_not(ann: Person, variables: pytest.MonkeyPatch) -> None:
    whole = b"a" * environment().file_bytes

    assert put(ann, whole, "a.txt")["cut"]
    assert code(ann.post("/api/files", data=whole + b"a")) == (413, "file_too_large")
    endless = {"wsgi.input": _Endless(), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    assert code(ann.post("/api/files", environ_overrides=endless)) == (413, "file_too_large")


class _Endless:
    """A body that says no length."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        assert self.given < 1 << 28, "it is read without end"
        size = min(size if size >= 0 else 1 << 20, 1 << 20)
        self.given += size
        return b"a" * size

    def readline(self, size: int = -1) -> bytes:
        return self.read(size)

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\Windows\\win.ini", "win.ini"), ("a\r\nSet-Cookie: x=1.txt", "a Set-Cookie: x=1.txt"),
        ("..", "file"), ("", "file"), ("photo\u202egnp.exe", "photognp.exe"), ('"><img src=x onerror=alert(1)>.txt', "x onerror=alert(1)>.txt"),
        ("x" * 300 + ".markdown", "x" * 110 + "….markdown"), ("\u200b\u0000", "file"),
    ],
)  # fmt: skip
def test_a_hostile_name_is_made_harmless(ann: Person, name: str, safe: str) -> None:
    if "\u0000" in name:
        assert files.safe_name(name) == safe
        return
    kept = put(ann, b"text", name)

    disposition = ann.get(f"/api/files/{kept['id']}").headers["Content-Disposition"]

    assert kept["name"] == files.safe_name(name)
    assert not set(kept["name"]) & set("/\\\r\n\u202e")
    assert re.fullmatch(r"attachment; filename=\"[\w ._-]*\"; filename\*=UTF-8''[\w.%~-]+", disposition, re.ASCII)
    if "img" not in name:
        assert kept["name"] == safe


def test_an_image_that_calls_itself_a_page_gets_an_images_ending(ann: Person) -> None:
    assert put(ann, PNG, "x.html")["name"] == "x.html.png"
    assert put(ann, samples.jpeg(), "x.png")["name"] == "x.png.jpg"


def test_a_person_has_so_much_room_and_no_more(ann: Person, bob: Person, variables: pytest.MonkeyPatch) -> None:
    variables.setenv("OLAMCHAT_FILES_TOTAL_BYTES", "1000")
    environment.cache_clear()
    first = put(ann, b"a" * 600, "a.txt")

    assert code(ann.post("/api/files", data=b"a" * 600)) == (409, "storage_full")
    put(bob, b"a" * 600, "a.txt")
    assert ann.get("/api/files").get_json()["used_bytes"] == 600
    assert ann.delete(f"/api/files/{first['id']}").status_code == 204
    put(ann, b"a" * 600, "a.txt")


def test_too_many_at_once_wait(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from uuid import UUID

    monkeypatch.setitem(room._coming, UUID(ann.id), [1] * room.AT_ONCE)
    assert code(ann.post("/api/files", data=b"x")) == (429, "too_many")
    monkeypatch.setitem(room._coming, UUID(ann.id), [room.ROOM_BYTES])

    assert code(ann.post("/api/files", data=b"x")) == (503, "unavailable")


def test_a_message_has_its_files_everywhere_it_is_shown(ann: Person, seeing: None) -> None:
    picture, notes = put(ann), put(ann, b"# Notes", "notes.md")
    told = [{name: file[name] for name in ("id", "name", "media_type", "bytes", "kind", "document_id")} for file in (picture, notes)]
    conversation = ann.conversation(model="llava")

    sent = ann.ask(conversation, "", attachments=[picture["id"], notes["id"]])

    asked = sent["user_message"]
    assert (asked["content"], asked["attachments"], sent["answer"]["attachments"]) == ("", told, [])
    listed = ann.get(f"{conversation}/messages").get_json()["items"]
    assert [message["attachments"] for message in listed] == [told, []]
    assert ann.get(f"{conversation}/messages/{asked['id']}").get_json()["attachments"] == told
    exported = ann.get(f"{conversation}/export?format=json").get_json()["messages"]
    assert exported[0]["attachments"] == told
    assert "notes.md" in ann.get(f"{conversation}/export").text


def test_an_edited_message_may_have_the_same_files(ann: Person, seeing: None) -> None:
    picture, conversation = put(ann), ann.conversation(model="llava")
    first = ann.ask(conversation, "What is it?", attachments=[picture["id"]])
    finish(first["answer"]["id"])

    edited = ann.ask(conversation, "What is that?", attachments=[picture["id"]], parent_id=None)

    assert edited["user_message"]["attachments"] == first["user_message"]["attachments"]


def test_the_same_key_with_other_files_is_another_message(ann: Person, seeing: None) -> None:
    picture, conversation, key = put(ann), ann.conversation(model="llava"), {"Idempotency-Key": "k"}
    body = {"content": "What is it?", "attachments": [picture["id"]]}

    first = ann.post(f"{conversation}/messages", body, headers=key)
    again = ann.post(f"{conversation}/messages", body, headers=key)
    other = ann.post(f"{conversation}/messages", {**body, "attachments": []}, headers=key)

    assert first.get_json()["user_message"] == again.get_json()["user_message"]
    assert code(other) == (409, "idempotency_mismatch")


def test_anothers_file_is_not_there_whatever_is_tried(ann: Person, bob: Person, seeing: None) -> None:
    secret = put(ann, b"the secret", "secret.txt")["id"]
    path, conversation = f"/api/files/{secret}", bob.conversation()

    assert [bob.get(path).status_code, bob.delete(path).status_code] == [404, 404]
    for ids in ([secret], [put(bob)["id"], secret], [str(uuid4())]):
        refused = bob.post(f"{conversation}/messages", {"content": "hi", "attachments": ids})
        assert code(refused) == (422, "invalid")
        assert "secret" not in refused.text
    assert ann.get(path).data == b"the secret"
    assert sql("SELECT count(*) FROM attachments") == [(0,)]


def test_a_file_is_named_once_and_not_too_many_are(ann: Person, seeing: None) -> None:
    ids, conversation = [put(ann, b"text", "a.txt")["id"] for _ in range(11)], ann.conversation()

    assert code(ann.post(f"{conversation}/messages", {"content": "hi", "attachments": ids})) == (422, "too_many_files")
    assert code(ann.post(f"{conversation}/messages", {"content": "hi", "attachments": ids[:1] * 2})) == (422, "invalid")
    assert code(ann.post(f"{conversation}/messages", {"content": " ", "attachments": []})) == (422, "invalid")


def test_an_image_for_a_model_that_can_not_see_is_refused_before_it_is_sent(ann: Person, seeing: None) -> None:
    picture, conversation = put(ann)["id"], ann.conversation()
    body = {"content": "What is it?", "attachments": [picture]}

    assert code(ann.post(f"{conversation}/messages", {**body, "model": "llama"})) == (422, "model_cannot_see")
    assert ann.get(f"{conversation}/messages").get_json()["items"] == []
    sent = ann.ask(conversation, "What is it?", attachments=[picture], model="llava")
    finish(sent["answer"]["id"])
    again = ann.post(f"{conversation}/messages/{sent['answer']['id']}/regenerate", {"model": "llama"})
    assert code(again) == (422, "model_cannot_see")


def test_a_file_that_a_message_has_stays(ann: Person, seeing: None) -> None:
    notes, conversation = put(ann, b"text", "a.txt")["id"], ann.conversation()
    ann.ask(conversation, attachments=[notes])

    assert code(ann.delete(f"/api/files/{notes}")) == (409, "file_in_use")
    assert ann.get(f"/api/files/{notes}").status_code == 200


def test_what_nobody_needs_is_swept(ann: Person, seeing: None) -> None:
    fresh, old, used = (put(ann, b"text", "a.txt")["id"] for _ in range(3))
    conversation = ann.conversation()
    sent = ann.ask(conversation, attachments=[used])
    sql("UPDATE files SET created_at = now() - interval '2 days' WHERE id = ANY(%s::uuid[])", [old, used])

    assert files.sweep() == 1
    assert [ann.get(f"/api/files/{each}").status_code for each in (fresh, old, used)] == [200, 404, 200]

    finish(sent["answer"]["id"])
    ann.delete(f"{conversation}/messages/{sent['user_message']['id']}")
    assert files.sweep() == 1
    assert ann.get(f"/api/files/{used}").status_code == 404


def test_a_deleted_conversation_keeps_its_files_for_a_week(ann: Person, seeing: None) -> None:
    notes, conversation = put(ann, b"text", "a.txt")["id"], ann.conversation()
    finish(ann.ask(conversation, attachments=[notes])["answer"]["id"])
    sql("UPDATE files SET created_at = now() - interval '30 days'")
    ann.delete(conversation)

    assert files.sweep() == 0
    sql("UPDATE conversations SET deleted_at = now() - interval '8 days'")
    assert files.sweep() == 1

    assert ann.post(f"{conversation}/restore", {}).status_code == 200
    [question, _] = ann.get(f"{conversation}/messages").get_json()["items"]
    assert (question["attachments"][0]["name"], ann.get(f"/api/files/{notes}").status_code) == ("a.txt", 404)
    assert sql("SELECT count(*) FROM file_contents") == [(0,)]
    assert ann.get("/api/files").get_json()["used_bytes"] == 0


def test_a_person_who_goes_takes_the_files_along(app: Flask, ann: Person, seeing: None) -> None:
    ann.ask(ann.conversation(), attachments=[put(ann, b"text", "a.txt")["id"]])

    sql("DELETE FROM users WHERE id = %s", ann.id)

    assert sql("SELECT (SELECT count(*) FROM files) + (SELECT count(*) FROM file_contents) + (SELECT count(*) FROM attachments)") == [(0,)]


def test_text_in_another_encoding_is_kept_as_utf_8(ann: Person) -> None:
    kept = put(ann, "Grüße aus Köln".encode("cp1252"), "letter.txt")

    got = ann.get(f"/api/files/{kept['id']}")

    assert (kept["characters"], got.data.decode()) == (14, "Grüße aus Köln")


def test_a_photo_is_kept_upright(ann: Person) -> None:
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 20), (200, 30, 30)).save(written, "JPEG", exif=exif)

    kept = put(ann, written.getvalue(), "photo.jpg")

    got = ann.get(f"/api/files/{kept['id']}")
    assert (kept["width"], kept["height"], kept["bytes"]) == (20, 60, len(got.data))
    assert Image.open(io.BytesIO(got.data)).size == (20, 60)
