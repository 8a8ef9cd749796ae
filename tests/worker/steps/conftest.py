"""A house with a step worker and the scripted tool server; and a model that calls what a test says."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from olamchat import jobs
from olamchat.clock import now, uuid7
from olamchat.services.steps import moves
from tests.forked import Forked, started
from tests.tool_server.book import Book
from tests.worker.conftest import PATIENCE_S, QUICK, Asked, House, Worker, until


@dataclass
class Tools:
    """The scripted tool server as a process, and what it was asked."""

    folder: Path
    port: int = 0
    process: Forked | None = None
    url: str = ""
    book: Book = field(init=False)

    def __post_init__(self) -> None:
        self.book = Book(self.folder / "calls.jsonl")

    def start(self, *more: str) -> None:
        """Start it, at the port it had before."""
        log = self.folder / f"tool-server-{uuid4().hex[:6]}.log"
        words = ["--port", str(self.port), "--book", str(self.folder / "calls.jsonl"), *more]
        self.process = Forked("tests.tool_server", words, {**os.environ, "PYTHONWARNINGS": "ignore"}, log)
        until(lambda: log.exists() and log.read_text().endswith("\n"), "a tool server")
        self.url = json.loads(log.read_text())["url"]
        self.port = int(self.url.split(":")[2].split("/")[0])

    def send(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def began(self, tool: str) -> list[dict[str, Any]]:
        return [line for line in self.book.lines() if line["event"] == "began" and line["tool"] == tool]

    def ended(self, tool: str) -> list[str]:
        return [line["how"] for line in self.book.lines() if line["event"] == "ended" and line["tool"] == tool]


@dataclass
class Acts:
    """A house whose answers act."""

    house: House
    tools: Tools

    def start_steps(self, **variables: str) -> Worker:
        """Start a step worker."""
        log = self.house.folder / f"steps-{len(self.house.workers)}.log"
        given = {
            "DATABASE_URL": self.house.database_url,
            "REDIS_URL": self.house.redis_url,
            "PYTHONWARNINGS": "default",
            **QUICK,
            **variables,
        }
        clean = {name: value for name, value in os.environ.items() if not name.startswith("OLAMCHAT_")}
        worker = Worker(started(["steps"], {**clean, **given}, log), log)
        self.house.workers.append(worker)
        return worker

    def add_server(self, name: str = "scripted", *, approval: str = "writes") -> None:
        """Add the server and wait until its tools are known."""
        self.house.run(
            "INSERT INTO tool_servers (id, created_at, name, kind, url, approval) VALUES (%s, %s, %s, 'http', %s, %s)",
            uuid7(), now(), name, self.tools.url, approval,
        )  # fmt: skip
        for _ in range(4):  # a look that took too long is not repeated by itself
            jobs.send_check(name)
            with suppress(AssertionError):
                self.until_tools(name, 25)
                return
        self.until_tools(name)

    def until_tools(self, server: str, timeout_s: float = PATIENCE_S) -> None:
        """Wait until the tools of this server are known; those that are built in may be before."""
        known = "SELECT 1 FROM tools JOIN tool_servers ON tool_servers.id = server_id WHERE tool_servers.name = %s AND kind <> 'built_in'"
        until(lambda: self.house.run(known, server), f"the tools of {server}", timeout_s)

    def plan(self, *rounds: list[dict[str, Any]], text: str = "", **script: Any) -> None:
        """Let the model call these tools, a round after the other, and say its text at last."""
        script["tools"] = True
        self.house.script(**{**({"text": text} if text else {"length": 20}), **script})
        for calls in rounds:
            said = [{"name": f"{call.get('server', 'scripted')}__{call['name']}", "arguments": call.get("arguments", {})} for call in calls]
            self.house.script(text="Let me see.", calls=json.dumps(said), tools=True, times=1)

    def steps(self, asked: Asked) -> list[dict[str, Any]]:
        return moves.of(asked.id)

    def states(self, asked: Asked) -> list[str]:
        return [step["state"] for step in self.steps(asked)]

    def until_states(self, asked: Asked, *states: str) -> None:
        until(lambda: self.states(asked) == list(states), f"steps {states}, not {self.states(asked)}")

    def decide(self, asked: Asked, number: int = 1, decision: Any = "grant", *, attempt: int = 0, note: str = "") -> dict[str, Any] | None:
        return moves.decide(
            conversation_id=asked.conversation, message_id=asked.id, number=number, attempt=attempt, decision=decision, note=note
        )


@pytest.fixture
def tools(tmp_path: Path) -> Iterator[Tools]:
    tools = Tools(tmp_path)
    tools.start()
    yield tools
    tools.stop()


@pytest.fixture
def acts(house: House, tools: Tools) -> Acts:
    house.script(tools=True)  # a worker asks at its start, which may come before a test's plan, what the model can do
    return Acts(house, tools)
