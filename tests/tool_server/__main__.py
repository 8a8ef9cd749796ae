"""Start the scripted tool server as a process of its own, over HTTP or (--stdio) its standard streams."""

import argparse
import json
import socket
from pathlib import Path

import uvicorn

from tests.tool_server.book import Book
from tests.tool_server.server import make


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--book", type=Path, required=True, help="file that calls are written to")
    parser.add_argument("--stdio", action="store_true")
    given = parser.parse_args()
    server = make(Book(given.book))
    if given.stdio:
        server.run("stdio")
        return
    with socket.create_server(("127.0.0.1", given.port), reuse_port=False) as door:
        print(json.dumps({"url": f"http://127.0.0.1:{door.getsockname()[1]}/mcp"}), flush=True)
        uvicorn.Server(uvicorn.Config(server.streamable_http_app(), log_level="error")).run(sockets=[door])


if __name__ == "__main__":
    main()
