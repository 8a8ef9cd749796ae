"""The exported page, served beside the functions as a cluster's nginx does it.

What is a file is that file; what is under /api, /v1, /health or /metrics is the functions'; every other path is a place within
the page and gets its index.
"""

import json
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import formatdate
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.util import FileWrapper

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FUNCTIONS = ("/api/", "/v1/", "/health/", "/metrics")
# What tells of the house itself is for whoever is on this machine.
INNER = ("/health/", "/metrics")
FOR_EVER = "public, max-age=31536000, immutable"
SECURITY = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]
# Who has a link to a shared conversation has it from its owner, not from a search.
UNLISTED = [("X-Robots-Tag", "noindex, nofollow")]
# Where the build left no policy of its own with the hashes of its inline scripts.
STRICT = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
# How texts are compressed beside themselves, the smallest first.
CODINGS = {"br": ".br", "gzip": ".gz"}
TYPES = {
    ".txt": "text/plain",
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".webp": "image/webp",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
}


@dataclass(frozen=True)
class File:
    """One file of the export: the headers it goes with, plain and, where they are, compressed ones, the smallest first."""

    path: Path
    headers: tuple[tuple[str, str], ...]
    etag: str
    compressed: dict[str, Path]


class Page:
    """A WSGI application that answers with the export in `folder` and leaves the functions' paths to `functions`.

    The folder is read once: a page that is built anew is served after the next start.
    """

    def __init__(self, functions: "WSGIApplication", folder: Path) -> None:
        self._functions = functions
        policy = folder / "csp.json"
        self._security = [*SECURITY, ("Content-Security-Policy", json.loads(policy.read_text())["header"] if policy.exists() else STRICT)]
        self._files = {f"/{path.relative_to(folder).as_posix()}": _file(path, folder) for path in _served(folder)}
        if index := self._files.get("/index.html"):
            self._files["/"] = index

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "") or "/"
        if path.startswith(INNER) and not _is_near(environ):
            return self._say(start_response, "404 Not Found", [("Cache-Control", "no-cache")])
        if path.startswith(FUNCTIONS) or path == "/api":
            return self._functions(environ, start_response)
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self._say(start_response, "405 Method Not Allowed", [("Allow", "GET, HEAD")])
        file = self._find(path)
        if file is None:
            return self._say(start_response, "404 Not Found", [("Cache-Control", "no-cache")])
        return self._send(file, environ, start_response, UNLISTED if path.startswith("/share/") else [])

    def _find(self, path: str) -> File | None:
        if file := self._files.get(path) or self._files.get(f"{path.rstrip('/')}.html"):
            return file
        if path.startswith("/_next/") or "." in path.rsplit("/", 1)[-1]:
            return None
        return self._files.get("/index.html")

    def _send(
        self, file: File, environ: "WSGIEnvironment", start_response: "StartResponse", more: list[tuple[str, str]]
    ) -> Iterable[bytes]:
        coding = _coding(file, environ.get("HTTP_ACCEPT_ENCODING", ""))
        etag = f'"{file.etag}{f"-{coding}" if coding else ""}"'
        headers = [*file.headers, *self._security, *more, ("ETag", etag), *([("Vary", "Accept-Encoding")] if file.compressed else [])]
        if etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", headers)
            return []
        body = file.compressed[coding] if coding else file.path
        length = [("Content-Length", str(body.stat().st_size)), *([("Content-Encoding", coding)] if coding else [])]
        start_response("200 OK", headers + length)
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        return FileWrapper(body.open("rb"), 65_536)

    def _say(self, start_response: "StartResponse", status: str, headers: list[tuple[str, str]]) -> Iterable[bytes]:
        body = f"{status}\n".encode()
        start_response(
            status, [*headers, *self._security, ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
        )
        return [body]


def _is_near(environ: "WSGIEnvironment") -> bool:
    """Tell whether the request comes from this machine, and not through a proxy on it."""
    if "HTTP_X_FORWARDED_FOR" in environ or "HTTP_FORWARDED" in environ:
        return False
    try:
        found = ip_address(environ.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


def _served(folder: Path) -> Iterable[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.suffix not in CODINGS.values() and path.name != "csp.json":
            yield path


def _file(path: Path, folder: Path) -> File:
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind in {"application/json", "image/svg+xml"}
    beside = {coding: path.with_name(path.name + suffix) for coding, suffix in CODINGS.items()}
    headers = (
        ("Content-Type", f"{kind}; charset=utf-8" if text else kind),
        ("Cache-Control", FOR_EVER if path.is_relative_to(folder / "_next" / "static") else "no-cache"),
        ("Last-Modified", formatdate(path.stat().st_mtime, usegmt=True)),
    )
    return File(
        path, headers, sha256(path.read_bytes()).hexdigest()[:20], {coding: there for coding, there in beside.items() if there.exists()}
    )


def _coding(file: File, accepted: str) -> str | None:
    """Return the best coding of a file that somebody takes."""
    wishes = [wish.replace(" ", "").lower().partition(";q=") for wish in accepted.split(",")]
    taken = {name for name, _, weight in wishes if weight not in {"0", "0.0", "0.00", "0.000"}}
    return next((coding for coding in file.compressed if coding in taken), None)
