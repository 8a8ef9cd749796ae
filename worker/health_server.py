"""A worker's health and metrics, for probes and Prometheus."""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest


class Port:
    """Serves /health/live, /health/ready and /metrics. `well` says whether the process is alive, `ready` whether it takes turns."""

    def __init__(self, port: int, *, well: Callable[[], bool], ready: Callable[[], bool]) -> None:
        self._server = ThreadingHTTPServer(("", port), _handler(well, ready))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="port", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(well: Callable[[], bool], ready: Callable[[], bool]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            match self.path:
                case "/health/live":
                    self._say(well())
                case "/health/ready":
                    self._say(well() and ready())
                case "/metrics":
                    self._answer(200, generate_latest(), CONTENT_TYPE_LATEST)
                case _:
                    self._answer(404, b"{}", "application/json")

        def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002, the base class's name

        def _say(self, good: bool) -> None:
            body = json.dumps({"status": "ok" if good else "not ok", "time": time.time()}).encode()
            self._answer(200 if good else 503, body, "application/json")

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
