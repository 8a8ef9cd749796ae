"""The scripted engine's HTTP side: one thread a connection, chunked responses, a client's hang-up noticed at once."""

import json
import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.in_a_thread import in_a_thread
from tests.scripted_engine import embeddings, ollama, openai
from tests.scripted_engine.book import Asked, Book, Refused
from tests.scripted_engine.script import Script, make


class HungUp(Exception):
    """The client closed its connection."""


class Server(ThreadingHTTPServer):
    """The engine; `book` is what it knows."""

    daemon_threads = True
    request_queue_size = 1024

    def __init__(self, port: int, book: Book) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.book = book

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that breaks is what this server is for."""


@contextmanager
def serving(book: Book) -> Iterator[Server]:
    """Serve it from a thread, on a free port, until the block ends."""
    with in_a_thread(Server(0, book)) as server:
        yield server


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, format: str, *args: Any) -> None: ...

    def do_GET(self) -> None:
        book = self.server.book
        pages: dict[str, Any] = {
            "/api/version": lambda: {"version": "0.0.0-scripted"},
            "/api/tags": lambda: ollama.tags(book),
            "/api/ps": lambda: ollama.running(book),
            "/v1/models": lambda: openai.models(book),
            "/requests": lambda: {"requests": book.asked()},
            "/health": lambda: {"status": "ok"},
        }
        page = pages.get(self.path)
        self._json(200, page()) if page else self._json(404, {"error": "not found"})

    def do_DELETE(self) -> None:
        self.server.book.forget()
        self._json(200, {})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        match self.path:
            case "/api/show":
                self._reply(lambda: ollama.show(self.server.book, body))
            case "/api/chat":
                self._chat(ollama.Chat(body))
            case "/v1/chat/completions":
                self._chat(openai.Chat(body))
            case "/tokenize":
                self._json(200, {"count": openai.count(body["messages"])})
            case "/api/embed":
                self._embed(embeddings.as_ollama, body)
            case "/v1/embeddings":
                self._embed(embeddings.as_openai, body)
            case "/api/pull":
                if self.server.book.library.send(self, body["model"]):
                    self.server.book.set(body["model"], make({}), None)
            case "/script":
                times = body.pop("times", None)
                self.server.book.set(body.pop("model"), make(body), times)
                self._json(200, {})
            case "/remove":
                self.server.book.remove(body["model"])
                self._json(200, {})
            case _:
                self._json(404, {"error": "not found"})

    def _embed(self, answer: Callable[[dict[str, Any]], tuple[int, dict[str, Any]]], body: dict[str, Any]) -> None:
        script = self.server.book.take(body["model"]) or Script()
        self.server.book.embedded.append(list(body["input"]))
        time.sleep(script.delay_s)
        self._json(*(answer(body) if script.status == 200 else (script.status, {"error": "out of order"})))

    def _reply(self, answer: Any) -> None:
        try:
            self._json(200, answer())
        except Refused as refused:
            self._json(refused.status, refused.body)

    def _json(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _chat(self, chat: "ollama.Chat | openai.Chat") -> None:
        book = self.server.book
        script = book.take(chat.model)
        asked = book.begin(chat.model, chat.protocol, chat.messages, chat.options, chat.continues)
        verbatim = book.verbatim(chat.model)
        try:
            if verbatim is not None:
                asked.how = verbatim.send(self)
                return
            self._refuse(chat, script)
            assert script is not None
            self._wait(script.headers_s)
            self._answer(chat, script, asked)
            asked.how = asked.how or "done"
        except Refused as refused:
            asked.how = "refused"
            self._json(refused.status, refused.body)
        except (HungUp, OSError):
            asked.how = "cancelled"
            self.close_connection = True
        finally:
            asked.ended = time.time()

    def _refuse(self, chat: "ollama.Chat | openai.Chat", script: Script | None) -> None:
        if script is None or script.status == 404:
            raise Refused(404, chat.no_model())
        if script.too_long:
            raise Refused(400, chat.too_long(script))
        if script.no_images and chat.images():
            raise Refused(*chat.no_image())
        if script.status != 200:
            raise Refused(script.status, chat.error("the script says so"))
        left = self.server.book.loading(chat.model, script)
        if left > 0 and chat.refuses_while_loading:
            raise Refused(503, chat.error("Loading model"))
        self._wait(left)

    def _answer(self, chat: "ollama.Chat | openai.Chat", script: Script, asked: Asked) -> None:
        if not chat.streams:
            self._json(200, chat.whole(script))
            return
        self.send_response(200)
        self.send_header("Content-Type", chat.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._wait(script.delay_s)
        for number, line in enumerate(self._paced(chat.lines(script), script.rate)):
            if self._misbehaves(chat, script, number, asked):
                return
            self._send(line, dribble=script.dribble)
            asked.sent = number + 1
        self._send(chat.last(script))
        self.wfile.write(b"0\r\n\r\n")

    def _misbehaves(self, chat: "ollama.Chat | openai.Chat", script: Script, number: int, asked: Asked) -> bool:
        """Do what the script wants done before this token; True when the response has ended by it."""
        if number == script.silence_at:
            self._wait(script.silence_s)
        if number == script.bad_utf8_at:
            self._send(chat.piece("\x00").replace(b"\\u0000", b"\xff\xfe"))
        if number == script.malformed_at:
            self._send(chat.malformed)
        if number == script.error_at:
            self._send(chat.error_line("the script says so"))
            self.wfile.write(b"0\r\n\r\n")
            asked.how = "broken"
            return True
        while script.endless_line:
            self._send(b"x" * 65_536)
        if number == script.cut_at:
            asked.how = "cut"
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return True
        return False

    def _paced(self, lines: Iterator[bytes], rate: float) -> Iterator[bytes]:
        begin = time.monotonic()
        for number, line in enumerate(lines):
            if rate:
                self._wait(begin + number / rate - time.monotonic())
            yield line

    def _wait(self, seconds: float) -> None:
        """Wait, and raise HungUp at once when the client closes."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            readable, _, _ = select.select([self.connection], [], [], left)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                raise HungUp
            if readable:
                time.sleep(min(left, 0.01))

    def _send(self, data: bytes, *, dribble: bool = False) -> None:
        for piece in [data[at : at + 1] for at in range(len(data))] if dribble else [data]:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
