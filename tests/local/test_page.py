"""The page as the local server gives it out."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from local.page import Page

BROTLI = b"what Brotli makes of it"
POLICY = "default-src 'self'; script-src 'sha256-x'"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    files = {
        "index.html": "<p>the page</p>",
        "404.html": "<p>nothing</p>",
        "favicon.ico": "icon",
        "_next/static/chunk.js": "say()" * 1000,
        "csp.json": json.dumps({"header": POLICY}),
        ".built": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "_next/static/chunk.js.gz").write_bytes(gzip.compress(b"say()" * 1000))
    (tmp_path / "_next/static/chunk.js.br").write_bytes(BROTLI)
    return tmp_path


@pytest.fixture
def client(out: Path) -> Client:
    def functions(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b'"a function"']

    return Client(Page(functions, out))


def get(client: Client, path: str, **headers: str) -> TestResponse:
    near = {"REMOTE_ADDR": "127.0.0.1"}
    return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()}, buffered=True, environ_base=near)


@pytest.mark.parametrize("path", ["/metrics", "/health/ready"])
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("::ffff:127.0.0.1", {}, 200),
        ("192.168.1.9", {}, 404),
        ("", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "192.168.1.9"}, 404),
    ],
)
def test_what_tells_of_the_house_is_for_this_machine_alone(
    client: Client, path: str, address: str, headers: dict[str, str], status: int
) -> None:
    assert client.get(path, headers=headers, environ_base={"REMOTE_ADDR": address}).status_code == status


@pytest.mark.parametrize("path", ["/api/models", "/api/conversations/1/messages", "/health/ready", "/metrics", "/api"])
def test_the_functions_have_their_paths(client: Client, path: str) -> None:
    assert get(client, path).text == '"a function"'


@pytest.mark.parametrize("path", ["/", "/c/0192", "/settings", "/login", "/apiary"])
def test_every_place_within_the_page_is_the_page(client: Client, path: str) -> None:
    answer = get(client, path)

    assert (answer.status_code, answer.text) == (200, "<p>the page</p>")
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/_next/static/gone.js", "/robots.gif", "/.built", "/csp.json", "/_next/static/chunk.js.gz", "/_next/static/chunk.js.br"]
)
def test_what_is_no_file_and_no_place_is_not_there(client: Client, path: str) -> None:
    assert get(client, path).status_code == 404


@pytest.mark.parametrize("path", ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd"])
def test_no_path_leads_out_of_the_export(client: Client, path: str) -> None:
    assert "root" not in get(client, path).text


def test_files_named_by_their_content_are_kept_for_ever(client: Client) -> None:
    assert "immutable" in get(client, "/_next/static/chunk.js").headers["Cache-Control"]
    assert get(client, "/favicon.ico").headers["Cache-Control"] == "no-cache"


def test_a_compressed_file_goes_to_those_who_take_it(client: Client) -> None:
    squeezed = get(client, "/_next/static/chunk.js", Accept_Encoding="gzip, br;q=0")
    plain = get(client, "/_next/static/chunk.js")

    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(squeezed.data) == plain.data
    assert squeezed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert squeezed.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize(("accepted", "coding"), [("gzip, deflate, br, zstd", "br"), ("GZIP;q=0.5", "gzip"), ("", None), ("brown", None)])
def test_the_smallest_form_that_somebody_takes_is_sent(client: Client, accepted: str, coding: str | None) -> None:
    answer = get(client, "/_next/static/chunk.js", Accept_Encoding=accepted)

    assert answer.headers.get("Content-Encoding") == coding
    assert (answer.data == BROTLI) == (coding == "br")


def test_an_unchanged_file_is_not_sent_again(client: Client) -> None:
    first = get(client, "/")

    again = get(client, "/", If_None_Match=first.headers["ETag"])

    assert (again.status_code, again.data) == (304, b"")


def test_the_page_goes_with_the_policy_of_its_build(client: Client) -> None:
    headers = get(client, "/c/1").headers

    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/").status_code == 405
    head = client.head("/")
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", "15")
