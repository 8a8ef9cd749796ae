"""A server that speaks Tika's protocol and reads by a table: what comes in is looked up, what it says is XHTML as Tika's."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.in_a_thread import in_a_thread


@dataclass
class Reader:
    """What it says of whatever comes: the text of each page; `status` and `delay_s` for when it is ill."""

    pages: list[str] = field(default_factory=list)
    status: int = 200
    delay_s: float = 0.0
    asked: int = 0
    url: str = ""

    def said(self) -> bytes:
        divs = "".join(f'<div class="page"><p/><div class="ocr">{page}</div></div>' for page in self.pages)
        return f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{divs}</body></html>'.encode()


@contextmanager
def reading(reader: Reader) -> Iterator[Reader]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            reader.asked += 1
            self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(reader.delay_s)
            fine = self.path == "/tika" and self.headers["Accept"] == "text/html"
            body = reader.said() if reader.status == 200 else b""
            self.send_response(reader.status if fine else 400)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    reader.url = f"http://127.0.0.1:{server.server_port}"
    with in_a_thread(server):
        yield reader
