"""Start the scripted engine as a process of its own."""

import argparse
import json
import signal
import threading

from tests.scripted_engine.book import Book
from tests.scripted_engine.script import parse
from tests.scripted_engine.server import Server


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--model", action="append", default=[], help="name, or name?length=5&rate=10 (script.py has the fields)")
    given = parser.parse_args()
    server = Server(given.port, Book(dict(map(parse, given.model or ["counter"]))))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(json.dumps({"url": server.url}), flush=True)
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
