"""What is kept from one request to the next is nobody else's, and an app with less around each request answers as Flask alone would."""

from typing import Any

import pytest
from flask import Flask

from functions.http.flask_app import App
from tests.functions.conftest import Person


def test_a_query_that_is_asked_again_by_another_person_lists_their_own(ann: Person, bob: Person) -> None:
    ann.conversation(title="hers")

    lists = [person.get("/api/conversations?limit=7").get_json()["items"] for person in (ann, bob, ann)]

    assert [len(items) for items in lists] == [1, 0, 1]
    assert ann.get("/api/conversations?limit=0").status_code == ann.get("/api/conversations?limit=0").status_code == 422


@pytest.mark.parametrize("path", ["/api/health", "/api/nothing", "/api/conversations/"])
def test_the_app_answers_as_flask_alone_would(app: Flask, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lean = [app.test_client().get(path, headers={"Host": host}) for host in ("localhost", "a.example:8443", "bad host")]
    monkeypatch.setattr(App, "ensure_sync", Flask.ensure_sync)
    monkeypatch.setattr(App, "session_interface", Flask.session_interface)
    plain = [app.test_client().get(path, headers={"Host": host}) for host in ("localhost", "a.example:8443", "bad host")]

    def looks(answers: list[Any]) -> list[Any]:
        return [(one.status_code, one.headers.get("Location"), one.data, sorted(name for name, _ in one.headers)) for one in answers]

    assert looks(lean) == looks(plain)


def test_what_is_written_as_a_whole_has_its_length_and_no_body_where_there_is_none(ann: Person) -> None:
    first = ann.get("/api/conversations")
    same = ann.get("/api/conversations", headers={"If-None-Match": first.headers["ETag"]})
    head = ann.app.test_client().head("/api/conversations", headers={"Authorization": f"Bearer {ann.token}"})

    assert int(first.headers["Content-Length"]) == len(first.data)
    assert (same.status_code, same.data, "Content-Type" in same.headers, same.headers["ETag"]) == (304, b"", False, first.headers["ETag"])
    assert (head.data, head.headers["Content-Length"]) == (b"", first.headers["Content-Length"])
