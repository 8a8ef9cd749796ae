"""Files of a shared conversation: seen by whoever has the link, as long as it leads there, and no others."""

from typing import Any

import pytest

from olamchat.db.pool import database
from tests import samples
from tests.functions.conftest import Person, finish
from tests.functions.conversations.test_sharing import shared, stranger
from tests.functions.files.test_files import put, seeing

__all__ = ("seeing", "stranger")
PNG = samples.png()


def ask(person: Person, conversation: str, *files: dict[str, Any], **given: Any) -> dict[str, Any]:
    sent = person.ask(conversation, "What is it?", attachments=[file["id"] for file in files], **given)
    finish(sent["answer"]["id"])
    return sent


def place(link: dict[str, Any], file: dict[str, Any]) -> str:
    return f"/api/shares/{link['token']}/files/{file['id']}"


def test_whoever_has_the_link_sees_its_files(ann: Person, stranger: Person, seeing: None) -> None:
    conversation, picture, notes = ann.conversation(model="llava"), put(ann), put(ann, b"<b>milk</b>", "notes.md")
    ask(ann, conversation, picture, notes)
    link = shared(ann, conversation)

    shown = stranger.get(f"/api/shares/{link['token']}").get_json()["messages"]
    seen, read = stranger.get(place(link, picture)), stranger.get(place(link, notes))

    assert [[file["name"] for file in message["attachments"]] for message in shown] == [["picture.png", "notes.md"], []]
    assert (seen.data, seen.content_type, seen.headers["Content-Disposition"][:6]) == (PNG, "image/png", "inline")
    assert (read.data, read.mimetype, read.headers["Content-Disposition"][:10]) == (b"<b>milk</b>", "text/plain", "attachment")
    assert {answer.headers["X-Robots-Tag"] for answer in (seen, read)} == {"noindex, nofollow"}
    assert {answer.headers["Cache-Control"] for answer in (seen, read)} == {"private, no-cache"}
    assert stranger.get(place(link, picture), headers={"If-None-Match": seen.headers["ETag"]}).status_code == 304
    assert ann.email not in str(seen.headers) + str(shown)


def test_a_link_shows_no_file_but_those_of_what_it_shows(ann: Person, bob: Person, stranger: Person, seeing: None) -> None:
    conversation, first, second, branch, later, loose = ann.conversation(model="llava"), *(put(ann) for _ in range(5))
    ask(ann, conversation, branch)
    ask(ann, conversation, first, parent_id=None)
    ask(ann, conversation, second)
    link = shared(ann, conversation)
    ask(ann, conversation, later)
    bobs = put(bob)

    for file, status in ((first, 200), (second, 200), (branch, 404), (later, 404), (loose, 404), (bobs, 404)):
        assert stranger.get(place(link, file)).status_code == bob.get(place(link, file)).status_code == status
    shared(ann, conversation)
    assert stranger.get(place(link, later)).status_code == 200


def test_another_link_opens_nothing_of_this_one(ann: Person, bob: Person, stranger: Person, seeing: None) -> None:
    secret, mine = put(ann), put(bob)
    for person, file in ((ann, secret), (bob, mine)):
        ask(person, person.conversation(model="llava"), file)
    of_bob = shared(bob, f"/api/conversations/{bob.get('/api/conversations').get_json()['items'][0]['id']}")

    assert stranger.get(place(of_bob, mine)).status_code == 200
    assert stranger.get(place(of_bob, secret)).status_code == 404
    assert stranger.get(place({"token": "a" * 32}, mine)).status_code == 404
    assert stranger.get(place({"token": "x"}, mine)).status_code == 404
    assert stranger.get(f"/api/files/{mine['id']}").status_code == 401


@pytest.mark.parametrize("how", ["revoked", "deleted", "disabled", "erased"])
def test_files_go_with_their_link(ann: Person, bob: Person, stranger: Person, seeing: None, how: str) -> None:
    conversation, picture = bob.conversation(model="llava"), put(bob)
    ask(bob, conversation, picture)
    link = shared(bob, conversation)
    kept = {"If-None-Match": stranger.get(place(link, picture)).headers["ETag"]}

    if how == "revoked":
        bob.delete(f"{conversation}/share")
    elif how == "deleted":
        bob.delete(conversation)
    elif how == "disabled":
        ann.patch(f"/api/admin/users/{bob.id}", {"disabled": True})
    else:
        database.execute_sql("UPDATE files SET state = 'erased'")
        database.close()

    assert stranger.get(place(link, picture), headers=kept).status_code == 404, "not even who has it is told that it is as it was"


def test_an_answer_that_was_gone_on_with_hides_the_files_after_it(ann: Person, stranger: Person, seeing: None) -> None:
    conversation, picture = ann.conversation(model="llava"), put(ann)
    answer = ann.ask(conversation, "Why?")["answer"]["id"]
    finish(answer, "Because", "stopped")
    ask(ann, conversation, picture)
    link = shared(ann, conversation)
    assert stranger.get(place(link, picture)).status_code == 200

    assert ann.post(f"{conversation}/messages/{answer}/continue").status_code == 202

    assert stranger.get(place(link, picture)).status_code == 404
