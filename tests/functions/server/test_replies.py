"""gunicorn's answers as this house makes them: the same bytes, in fewer writes; and what is kept from one request to the next is nobody else's."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from gunicorn.config import Config
from gunicorn.http import wsgi
from gunicorn.http.errors import InvalidResponseHeader, InvalidResponseHeaderName
from gunicorn.http.wsgi import FileWrapper

from functions.http.flask_app import App
from functions.server.gunicorn_response import TOGETHER_BYTES, Reply
from tests.functions.conftest import Person


class Wire:
    """A socket that remembers what each write brought."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        self.writes.append(data)

    def sendfile(self, file: Any, offset: int, count: int) -> None:
        file.seek(offset)
        self.writes.append(file.read(count))


def reply(kind: type[wsgi.Response], method: str, status: str, headers: list[tuple[str, str]], body: list[bytes]) -> list[bytes]:
    """Return the writes that an answer takes, its date taken out."""
    wire = Wire()
    asked = SimpleNamespace(method=method, version=(1, 1), should_close=lambda: False)
    answer = kind(asked, wire, Config())
    answer.start_response(status, headers)
    for part in body:
        answer.write(part)
    answer.close()
    return [b"\r\n".join(line for line in data.split(b"\r\n") if not line.startswith(b"Date: ")) for data in wire.writes]


PLAIN = [("Content-Type", "application/json"), ("X-Frame-Options", "DENY")]
ANSWERS: list[tuple[str, str, list[tuple[str, str]], list[bytes]]] = [
    ("GET", "200 OK", [*PLAIN, ("Content-Length", "2")], [b"{}"]),
    ("GET", "200 OK", [*PLAIN, ("Content-Length", "2")], [b"{", b"}and more"]),
    ("HEAD", "200 OK", [*PLAIN, ("Content-Length", "2")], []),
    ("GET", "200 OK", PLAIN, [b"piece", b" by piece"]),
    ("GET", "200 OK", PLAIN, []),
    ("GET", "304 NOT MODIFIED", [("ETag", '"a"')], []),
    ("POST", "204 NO CONTENT", [*PLAIN, ("Content-Length", "0")], [b""]),
    ("GET", "200 OK", [("Connection", "close"), ("X-Padded", " a "), *PLAIN, ("Content-Length", "0")], []),
    ("GET", "200 OK", [("Content-Length", str(TOGETHER_BYTES + 1))], [b"x" * (TOGETHER_BYTES + 1)]),
]


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("again", [False, True])
def test_an_answer_has_the_bytes_that_gunicorn_sends(answer: tuple[str, str, list[tuple[str, str]], list[bytes]], again: bool) -> None:
    if again:  # now its fields are known
        reply(Reply, *answer)

    assert b"".join(reply(Reply, *answer)) == b"".join(reply(wsgi.Response, *answer))


def test_head_and_body_leave_by_one_write() -> None:
    assert len(reply(Reply, *ANSWERS[0])) == 1
    assert len(reply(Reply, *ANSWERS[3])) == 3, "head and first piece, second piece, the end"


def test_a_part_without_bytes_sends_the_head_at_once() -> None:
    assert reply(Reply, "GET", "200 OK", PLAIN, [b"", b"later"])[0].endswith(
        b"chunked\r\nContent-Type: application/json\r\nX-Frame-Options: DENY\r\n\r\n"
    )


def test_a_file_follows_its_head(tmp_path: Any) -> None:
    (tmp_path / "file").write_bytes(b"bytes of a file")
    wire = Wire()
    answer = Reply(SimpleNamespace(method="GET", version=(1, 1), should_close=lambda: False), wire, Config())
    answer.start_response("200 OK", [("Content-Length", "15")])
    with (tmp_path / "file").open("rb") as file:
        answer.write_file(FileWrapper(file))
    answer.close()

    assert [part[:8] for part in wire.writes] == [b"HTTP/1.1", b"bytes of"]


@pytest.mark.parametrize("field", [("X-Frame-Options", "DENY\r\nX: y"), ("X\n", "DENY")])
def test_a_field_that_is_none_is_refused_whatever_was_good_before(field: tuple[str, str]) -> None:
    reply(Reply, *ANSWERS[0])

    with pytest.raises((InvalidResponseHeader, InvalidResponseHeaderName)):
        reply(Reply, "GET", "200 OK", [field], [])


def test_a_query_that_is_asked_again_by_another_person_lists_their_own(ann: Person, bob: Person) -> None:
    ann.conversation(title="hers")

    lists = [person.get("/api/conversations?limit=7").get_json()["items"] for person in (ann, bob, ann)]

    assert [len(items) for items in lists] == [1, 0, 1]
    assert ann.get("/api/conversations?limit=0").status_code == ann.get("/api/conversations?limit=0").status_code == 422


@pytest.mark.parametrize("path", ["/api/health", "/api/nothing", "/api/conversations/"])
def test_the_app_answers_as_flask_alone_would(app: Flask, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lean = [app.test_client().get(path, headers={"Host": host}) for host in ("localhost", "a.example:8443", "bad host")]
    for name in ("ensure_sync", "create_url_adapter"):
        monkeypatch.setattr(App, name, getattr(Flask, name))
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
