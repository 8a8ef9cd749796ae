"""Ollama's /api/pull as it answers: a manifest, two layers with their bytes, and success; or the reason why not."""

import json
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.scripted_engine.server import Handler

ABSENT = "pull model manifest: file does not exist"
LAYERS, LINES = {"sha256:weights": 4_000_000, "sha256:template": 1_000}, 20


class Library:
    """What can be fetched. A test lets it go on with `more`: so many lines, or all there are."""

    def __init__(self) -> None:
        self._more = threading.Semaphore(0)
        self._lock = threading.Lock()
        self._asked: list[str] = []
        self._left: list[str] = []

    def more(self, lines: int = 1_000) -> None:
        self._more.release(lines)

    @property
    def asked(self) -> list[str]:
        """The models that were asked for, each time."""
        with self._lock:
            return list(self._asked)

    @property
    def left(self) -> list[str]:
        """The models whose pull was broken off by who asked."""
        with self._lock:
            return list(self._left)

    def send(self, handler: "Handler", model: str) -> bool:
        """Answer a pull; False where the model is not there in the end."""
        with self._lock:
            self._asked.append(model)
        handler.send_response(200)
        handler.send_header("Content-Type", "application/x-ndjson")
        handler.end_headers()
        handler.close_connection = True
        try:
            return self._lines(handler, model)
        except OSError:
            with self._lock:
                self._left.append(model)
            return False

    def _lines(self, handler: "Handler", model: str) -> bool:
        _say(handler, {"status": "pulling manifest"})
        if model.startswith("absent"):
            _say(handler, {"error": ABSENT})
            return False
        for digest, total in LAYERS.items():
            for number in range(LINES + 1):
                while not self._more.acquire(timeout=0.05):
                    _say(handler, _layer(digest, total, max(0, number - 1)))  # as Ollama does while nothing comes
                _say(handler, _layer(digest, total, number))
        _say(handler, {"status": "success"})
        return True


def _layer(digest: str, total: int, number: int) -> dict[str, object]:
    return {"status": f"pulling {digest}", "digest": digest, "total": total, "completed": total * number // LINES}


def _say(handler: "Handler", line: dict[str, object]) -> None:
    handler.wfile.write(json.dumps(line).encode() + b"\n")
    handler.wfile.flush()
