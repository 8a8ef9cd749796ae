"""The server: pages by path, and a book of what was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Reply:
    """What a path answers; `writes` sends a body of its own making."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    writes: Callable[[BaseHTTPRequestHandler], object] | None = None


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    body: bytes
    method: str


@dataclass
class Site:
    """A website. `found` is what a search brings, as SearXNG tells it."""

    url: str = ""
    pages: dict[str, Reply] = field(default_factory=dict)
    found: list[dict[str, str]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        """What was asked for, without the rules for robots."""
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    def page(self, path: str, title: str, text: str) -> str:
        """Put a page there and return its address."""
        html = f"<html><head><title>{title}</title></head><body><nav>Home About</nav><main><h1>{title}</h1>{text}</main></body></html>"
        self.pages[path] = Reply(html.encode())
        return self.url + path

    def text(self, path: str, text: str = "The tide comes in.") -> str:
        """Put a plain text there, which no parser has to be started for, and return its address."""
        self.pages[path] = Reply(text.encode(), headers={"Content-Type": "text/plain"})
        return self.url + path

    def redirect(self, path: str, to: str) -> str:
        self.pages[path] = Reply(status=302, headers={"Location": to})
        return self.url + path

    def reply(self, path: str, query: str) -> Reply:
        if path == "/search" and path not in self.pages:
            return Reply(json.dumps({"query": query, "results": self.found}).encode(), headers={"Content-Type": "application/json"})
        return self.pages.get(path, Reply(b"There is no such page.", 404, {"Content-Type": "text/plain"}))


@contextmanager
def serving(host: str = "127.0.0.1", port: int = 0) -> Iterator[Site]:
    """Serve a website until the end of the block."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            site.asked.append(Asked(self.path, dict(self.headers), self.rfile.read(length), self.command))
            reply = site.reply(parts.path, parse_qs(parts.query).get("q", [""])[0])
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.writes is not None:
                self.send_header("Connection", "close")
                self.end_headers()
                reply.writes(self)
                return
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_POST = do_GET  # noqa: N815, http.server calls it so

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that goes away is what some tests want."""

    with Server((host, port), Handler) as server:
        server.daemon_threads = True
        site.url = f"http://{host}:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield site
        server.shutdown()
        thread.join()
