"""A Kubernetes API server's few words that the house uses, over real HTTP: list deployments, patch a pod."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from kubernetes import client

from tests.in_a_thread import in_a_thread


class Cluster(ThreadingHTTPServer):
    """What the server knows and what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.deployments: list[dict[str, Any]] = []
        self.patched: list[tuple[str, dict[str, Any]]] = []
        self.asked: list[str] = []
        self.refuses = False
        self.said = threading.Event()


class Handler(BaseHTTPRequestHandler):
    server: Cluster

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self._answer({"apiVersion": "apps/v1", "kind": "DeploymentList", "metadata": {}, "items": self.server.deployments})

    def do_PATCH(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.server.refuses:
            self.server.patched.append((self.path, body))
        self.server.said.set()
        self._answer({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}})

    def _answer(self, body: object) -> None:
        if self.server.refuses:
            body = {"apiVersion": "v1", "kind": "Status", "status": "Failure", "message": "forbidden", "code": 403}
        text = json.dumps(body).encode()
        self.send_response(403 if self.server.refuses else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running() -> Iterator[tuple[Cluster, client.ApiClient]]:
    """Run a server and a client of it."""
    with (
        in_a_thread(Cluster()) as cluster,
        client.ApiClient(client.Configuration(host=f"http://127.0.0.1:{cluster.server_port}")) as api,
    ):
        yield cluster, api
