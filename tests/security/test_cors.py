"""Pages of other sites: none may read an answer, but those of the sites that are named, and those never with cookies."""

import pytest
from flask import Flask

from functions.app import create_app
from olamchat.environment import BadSetting
from tests.functions.conftest import Person
from tests.functions.server.serving import Served, serving
from tests.security.accounts.test_sign_up import let
from tests.security.attacks import ways

FRIEND, EVIL = "https://friend.example", "https://evil.example"
ASKED = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}


def cors(headers: object) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower().startswith("access-control-")}  # type: ignore[attr-defined]


def test_no_route_sends_a_cors_header_unless_a_site_is_named(app: Flask) -> None:
    found = [
        (way.name, method, cors(answer.headers))
        for way in ways(app)
        for method in (way.method, "OPTIONS")
        for answer in [app.test_client().open(way.path(), method=method, headers={"Origin": EVIL, **ASKED})]
    ]

    assert found
    assert [each for each in found if each[2]] == []


def test_the_site_that_is_named_may_read_and_no_other(ann: Person, variables: pytest.MonkeyPatch) -> None:
    let(variables, cors_origins=f"{FRIEND}, http://localhost:3000")
    app = create_app()

    def told(origin: str) -> tuple[str | None, str]:
        answer = app.test_client().get("/api/auth/me", headers={"Origin": origin, "Authorization": f"Bearer {ann.token}"})
        assert answer.status_code == 200
        return answer.headers.get("Access-Control-Allow-Origin"), answer.headers["Vary"]

    assert told(FRIEND) == (FRIEND, "Origin")
    assert told("http://localhost:3000") == ("http://localhost:3000", "Origin")
    others = (
        EVIL,
        "null",
        "https://friend.example.evil.example",
        "http://friend.example",
        "https://friend.example:8443",
        "https://FRIEND.example",
    )
    assert {told(origin) for origin in others} == {(None, "Origin")}


def test_it_is_never_let_use_cookies(ann: Person, variables: pytest.MonkeyPatch) -> None:
    let(variables, cors_origins=FRIEND)
    app = create_app()

    for method in ("GET", "OPTIONS"):
        answer = app.test_client().open("/api/auth/me", method=method, headers={"Origin": FRIEND, **ASKED})
        assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
        assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("said", ["*", "friend.example", "https://friend.example/", "null", "https://*.example", "ftp://x.example"])
def test_what_is_no_origin_is_named_before_anything_is_served(variables: pytest.MonkeyPatch, said: str) -> None:
    let(variables, cors_origins=said)

    with pytest.raises(BadSetting, match="OLAMCHAT_CORS_ORIGINS"):
        create_app()


def test_streams_are_read_by_the_site_that_is_named_too(
    database_url: str, redis_url: str, key_files: dict[str, str], tmp_path: object
) -> None:
    given = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "OLAMCHAT_CORS_ORIGINS": FRIEND, **key_files}
    with serving(tmp_path, **given) as served:  # type: ignore[arg-type]
        token = served.sign_up("ann")["access_token"]

        assert b"access-control-allow-origin: https://friend.example" in head(served, token, FRIEND)
        assert b"access-control-" not in head(served, token, EVIL)


def head(served: Served, token: str, origin: str) -> bytes:
    import socket

    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as wire:
        wire.sendall(f"GET /api/events HTTP/1.1\r\nHost: x\r\nOrigin: {origin}\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        said = b""
        while b"\r\n\r\n" not in said:
            said += wire.recv(65_536)
        return said.lower()
