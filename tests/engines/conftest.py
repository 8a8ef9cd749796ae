"""Each engine kind over a scripted engine, and a way to tell the scripted engine what to do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.scripted_engine.book import Book
from tests.scripted_engine.script import make
from tests.scripted_engine.server import Server
from worker.engines.base import ChatRequest, Delta, Engine, Loading, Options, Turn, Usage
from worker.engines.ollama import Ollama
from worker.engines.openai import OpenAI

KINDS: dict[str, Callable[[str], Engine]] = {"ollama": Ollama, "openai": lambda url: OpenAI(url + "/v1")}


@dataclass
class Bench:
    """One engine under test and the server behind it."""

    engine: Engine
    book: Book

    def script(self, **fields: Any) -> None:
        """Say what the model `counter` does from now on."""
        self.book.set("counter", make(fields), None)

    def ask(self, said: str = "", **options: Any) -> Heard:
        return hear(self.engine, request(said, **options))


@dataclass
class Heard:
    """Everything that one answer brought."""

    pieces: list[Delta | Loading | Usage]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces if isinstance(piece, Delta))

    @property
    def reasoning(self) -> str:
        return "".join(piece.reasoning for piece in self.pieces if isinstance(piece, Delta))

    @property
    def usage(self) -> Usage:
        assert isinstance(self.pieces[-1], Usage)
        return self.pieces[-1]


def request(said: str = "", **options: Any) -> ChatRequest:
    """A question; with `said`, the answer's beginning that is to be gone on with."""
    turns = [Turn(role="system", content="Be brief."), Turn(role="user", content="Go on counting.")]
    continued = [Turn(role="assistant", content=said)] if said else []
    return ChatRequest(model="counter", turns=[*turns, *continued], options=Options(**options), continues=bool(said))


def hear(engine: Engine, asked: ChatRequest) -> Heard:
    return Heard(list(engine.chat(asked)))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server(0, Book({}))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=KINDS)
def bench(request: pytest.FixtureRequest, server: Server) -> Bench:
    server.book.forget()
    for name in server.book.models():
        server.book.remove(name)
    bench = Bench(KINDS[request.param](server.url), server.book)
    bench.script()
    return bench
