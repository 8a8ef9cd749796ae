"""Start the scripted tool server as a process of its own, over HTTP or (--stdio) its standard streams."""

import argparse
import json
import socket
from pathlib import Path
from typing import Any

import uvicorn
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions, RevocationOptions
from pydantic import AnyHttpUrl

from tests.tool_server import offers
from tests.tool_server.book import Book
from tests.tool_server.guard import Guard
from tests.tool_server.server import make
from tests.tool_server.verifier import Asking

SCOPES = ["tools"]


def guarded(place: str, book: Book, lasts_s: int) -> dict[str, Any]:
    """Return what makes the server ask for tokens of its own authorization server."""
    registration = ClientRegistrationOptions(enabled=True, valid_scopes=SCOPES, default_scopes=SCOPES)
    settings = AuthSettings(
        issuer_url=AnyHttpUrl(place), resource_server_url=AnyHttpUrl(f"{place}/mcp"), required_scopes=SCOPES, validate_token_resource=False,
        client_registration_options=registration, revocation_options=RevocationOptions(enabled=True),
    )  # fmt: skip
    return {"auth": settings, "auth_server_provider": Guard(book, lasts_s)}


def guarded_by(issuer: str, place: str) -> dict[str, Any]:
    """Return what makes the server ask for tokens of another authorization server."""
    resource = AnyHttpUrl(f"{place}/mcp")
    settings = AuthSettings(
        issuer_url=AnyHttpUrl(issuer), resource_server_url=resource, required_scopes=SCOPES, validate_token_resource=True
    )
    return {"auth": settings, "token_verifier": Asking(issuer)}


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--book", type=Path, required=True, help="file that calls are written to")
    parser.add_argument("--stdio", action="store_true")
    parser.add_argument("--oauth", type=int, metavar="SECONDS", help="let nobody in without a token, which lasts so long")
    parser.add_argument("--issuer", help="let nobody in without a token of this authorization server")
    given = parser.parse_args()
    if given.stdio:
        make(Book(given.book)).run("stdio")
        return
    with socket.create_server(("127.0.0.1", given.port), reuse_port=False) as door:
        place = f"http://127.0.0.1:{door.getsockname()[1]}"
        guard = guarded(place, Book(given.book), given.oauth) if given.oauth else guarded_by(given.issuer, place) if given.issuer else {}
        server = make(Book(given.book), **guard)
        offers.add(server)
        print(json.dumps({"url": f"{place}/mcp"}), flush=True)
        uvicorn.Server(uvicorn.Config(server.streamable_http_app(), log_level="error")).run(sockets=[door])


if __name__ == "__main__":
    main()
