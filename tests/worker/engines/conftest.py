"""The engines under test: each kind over a scripted engine, and with --real-engines the real ones that are at hand.

`bench` is a scripted engine that does what it is told; `counter` is any engine with a model that counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from olamchat.tokenlog.replay import Text
from tests.scripted_engine.book import Book
from tests.scripted_engine.script import make
from tests.scripted_engine.server import Server, serving
from tests.worker.engines.real import STARTERS, RealEngine
from worker.answer.text import revised
from worker.engines.base import Anew, ChatRequest, Delta, Engine, Message, Options, Piece, Thoughts, Usage, text_of
from worker.engines.ollama import Ollama
from worker.engines.openai import OpenAI

KINDS: dict[str, Callable[[str], Engine]] = {"ollama": Ollama, "openai": lambda url: OpenAI(url + "/v1", can_continue=True)}
REAL: dict[str, Callable[[RealEngine], Engine]] = {
    "ollama": lambda real: Ollama(real.url),
    "openai": lambda real: OpenAI(real.url),
    "llama.cpp": lambda real: OpenAI(real.url + "/v1"),
    "vllm": lambda real: OpenAI(real.url + "/v1"),
}
# What `make test-engines` prints: each program, and why it did not run where it did not.
RAN, MISSING = pytest.StashKey[dict[str, str]](), pytest.StashKey[dict[str, str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--real-engines", action="store_true", help="run what every engine does against the real ones at hand, too")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "counter" in metafunc.fixturenames:
        real = [pytest.param(starter.name, marks=pytest.mark.engines) for starter in STARTERS]
        scripted = [f"scripted {kind}" for kind in KINDS]
        metafunc.parametrize("counter", [*scripted, *(real if metafunc.config.getoption("--real-engines") else [])], indirect=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not config.getoption("--real-engines"):
        return
    terminalreporter.section("real engines")
    for name, program in config.stash.get(RAN, {}).items():
        ended = {how: _count(terminalreporter, how, name) for how in ("passed", "failed", "error", "skipped")}
        terminalreporter.line(f"{name}: ran against {program}: " + ", ".join(f"{count} {how}" for how, count in ended.items() if count))
    for name, why in config.stash.get(MISSING, {}).items():
        terminalreporter.line(f"{name}: NOT run: {why}.")


def _count(reporter: pytest.TerminalReporter, how: str, name: str) -> int:
    return sum(f"[{name}" in report.nodeid for report in reporter.stats.get(how, []) if report.when == "call" or how != "passed")


@dataclass
class Bench:
    """One engine under test and the server behind it."""

    engine: Engine
    book: Book

    def script(self, *, times: int | None = None, **fields: Any) -> None:
        """Say what the model `counter` does from now on, or the next so many times."""
        self.book.set("counter", make(fields), times)

    def ask(self, said: str = "", **options: Any) -> Heard:
        return hear(self.engine, request(said, **options))


@dataclass
class Counter:
    """Any engine with a model that counts, and what is known of it; `book` is the scripted engine's, None for a real one."""

    engine: Engine
    real: RealEngine
    word: Callable[[int], str]
    book: Book | None = None

    def counted(self, words: int, first: int = 0) -> str:
        return "".join(f" {self.word(number)}" for number in range(first, words))

    def request(self, said: str = "", **options: Any) -> ChatRequest:
        return replace(request(said, **options), model=self.real.model)

    def ask(self, said: str = "", **options: Any) -> Heard:
        return hear(self.engine, self.request(said, **options))


@dataclass
class Heard:
    """Everything that one answer brought."""

    pieces: list[Piece]

    @property
    def text(self) -> str:
        return text_of(self.pieces)

    @property
    def reasoning(self) -> str:
        whole = Text()
        for piece in self.pieces:
            if isinstance(piece, Delta):
                whole = Text(whole.content + piece.text, whole.reasoning + piece.reasoning)
            elif isinstance(piece, Thoughts | Anew):
                whole = revised(whole, piece)
        return whole.reasoning

    @property
    def usage(self) -> Usage:
        assert isinstance(self.pieces[-1], Usage)
        return self.pieces[-1]


def request(said: str = "", **options: Any) -> ChatRequest:
    """A question; with `said`, the answer's beginning that is to be gone on with."""
    messages = [Message(role="system", content="Be brief."), Message(role="user", content="Go on counting.")]
    continued = [Message(role="assistant", content=said)] if said else []
    return ChatRequest(model="counter", messages=[*messages, *continued], options=Options(**options), continues=bool(said))


def hear(engine: Engine, asked: ChatRequest) -> Heard:
    return Heard(list(engine.chat(asked)))


def until(true: Callable[[], object], timeout_s: float = 20) -> None:
    deadline = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(Book({})) as served:
        yield served


@pytest.fixture(params=KINDS)
def bench(request: pytest.FixtureRequest, server: Server) -> Bench:
    server.book.forget()
    for name in server.book.models():
        server.book.remove(name)
    bench = Bench(KINDS[request.param](server.url), server.book)
    bench.script()
    return bench


@pytest.fixture(scope="session")
def real_engines(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Callable[[str], RealEngine]]:
    """Start a real engine when it is asked for first, and keep it to the end; skip the test where it is not at hand."""
    running: dict[str, RealEngine] = {}
    ran, missing = pytestconfig.stash.setdefault(RAN, {}), pytestconfig.stash.setdefault(MISSING, {})
    starters = {starter.name: starter for starter in STARTERS}
    with ExitStack() as ends:

        def started(name: str) -> RealEngine:
            if why := starters[name].missing():
                missing[name] = why
                pytest.skip(f"{name}: {why}")
            if name not in running:
                running[name] = ends.enter_context(contextmanager(starters[name].start)(tmp_path_factory.mktemp("engine")))
                ran[name] = running[name].program
            return running[name]

        yield started


@pytest.fixture
def counter(request: pytest.FixtureRequest, server: Server) -> Counter:
    kind = request.param.removeprefix("scripted ")
    if kind in KINDS:
        server.book.forget()
        server.book.set("counter", make({"length": 1000}), None)
        real = RealEngine(kind=kind, url=server.url, program="scripted", embeds=True)
        return Counter(KINDS[kind](server.url), real, lambda number: f"w{number}", server.book)
    from tests.worker.engines import counter_model

    real = request.getfixturevalue("real_engines")(kind)
    return Counter(REAL[real.kind](real), real, counter_model.word)
