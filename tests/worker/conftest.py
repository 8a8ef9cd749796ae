"""Real workers against real Postgres and Valkey, with a scripted engine; and a way to ask without the HTTP side."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from olamchat import environment, jobs, redis, roster, tokenlog
from olamchat.clock import now, uuid7
from olamchat.db.pool import database, open_database
from olamchat.tokenlog import conv_topic, token_log
from olamchat.tokenlog.events import Closed, Delta, Event, Reset, Started, parse
from tests.forked import Process, started
from tests.scripted_engine.book import Book
from tests.scripted_engine.script import make
from tests.scripted_engine.server import Server, serving
from worker.engines.continuing import QUESTION

# A machine that is busy with other things gets its time; what passes does not wait.
PATIENCE_S = 60.0
ROOT = Path(__file__).parents[2]
QUICK = {"OLAMCHAT_LEASE_TTL_S": "1.5", "OLAMCHAT_HEARTBEAT_S": "0.3", "OLAMCHAT_SWEEP_S": "0.2", "OLAMCHAT_CONCURRENCY": "4"}


@dataclass
class Worker:
    """A worker process; its log is a file."""

    process: Process
    log: Path

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def wait(self, timeout_s: float = PATIENCE_S) -> int:
        return self.process.wait(timeout_s)


@dataclass
class House:
    """Everything a worker needs, and the questions that were asked."""

    database_url: str
    redis_url: str
    engine: Server
    folder: Path
    workers: list[Worker] = field(default_factory=list)

    def start(self, **variables: str) -> Worker:
        """Start a worker on the scripted engine's Ollama side, unless the variables say otherwise."""
        log = self.folder / f"worker-{len(self.workers)}.log"
        given = {
            "DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url, "OLLAMA_URL": self.engine.url,
            "OLAMCHAT_DEMO_TOKENS_PER_S": "0", "PYTHONWARNINGS": "default", **QUICK, **variables,
        }  # fmt: skip
        clean = {name: value for name, value in os.environ.items() if not name.startswith("OLAMCHAT_")}
        worker = Worker(started((), {**clean, **given}, log), log)
        self.workers.append(worker)
        return worker

    def script(self, model: str = "counter", **fields: Any) -> None:
        """Say what the model does from now on, or with `times` in the next requests only."""
        times = fields.pop("times", None)
        self.engine.book.set(model, make(fields), times)

    def user(self) -> UUID:
        user_id = uuid7()
        self.run(
            "INSERT INTO users (id, created_at, email, password_hash) VALUES (%s, %s, %s, '')", user_id, now(), f"{user_id}@example.org"
        )
        return user_id

    def ask(self, content: str = "Count.", *, user: UUID | None = None, pool: str = "ollama", send: bool = True, **given: Any) -> Asked:
        """Do what the messages function does: rows, then a job."""
        conversation, question, answer = uuid7(), uuid7(), uuid7()
        user = user or self.user()
        model = given.get("model", "demo" if pool == "demo" else "counter")
        with psycopg.connect(self.database_url) as connection:
            connection.execute(
                "INSERT INTO conversations (id, created_at, user_id, settings, updated_at, title, title_by_user) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [conversation, now(), user, Jsonb(given.get("settings", {})), now(), given.get("title", "Named"), "title" not in given],
            )
            for row in ((question, None, "user", content, "done"), (answer, question, "assistant", "", "queued")):
                connection.execute(
                    "INSERT INTO messages (id, parent_id, role, content, status, conversation_id, created_at, model) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                    [*row, conversation, now(), model],
                )
            connection.execute(
                "INSERT INTO turns (id, created_at, kind, user_id, conversation_id, pool, model, options, not_before) VALUES (%s, %s, 'answer', %s, %s, %s, %s, %s, %s)",
                [answer, now(), user, conversation, pool, model, Jsonb(given.get("options", {})), now()],
            )
        if send:
            jobs.enter(pool, answer)
        return Asked(self, conversation, answer, user)

    def run(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def offer(self, model: str) -> str | None:
        """Return the model's state on the roster."""
        return next((offer.state for offer in roster.offers() if offer.model == model), None)

    def requests(self) -> list[dict[str, Any]]:
        """Return what the engine was asked, without the test of whether its model continues answers."""
        return [asked for asked in self.engine.book.asked() if asked["messages"][0]["content"] != QUESTION.content]


@dataclass
class Asked:
    """One question and what became of it."""

    house: House
    conversation: UUID
    id: UUID
    user: UUID

    @property
    def row(self) -> dict[str, Any]:
        names = ("status", "content", "reasoning", "attempt", "error", "usage", "timings")
        [row] = self.house.run(f"SELECT {', '.join(names)} FROM messages WHERE id = %s", self.id)
        return dict(zip(names, row, strict=True))

    @property
    def events(self) -> list[Event]:
        return [parse(entry.body) for entry in token_log().read(conv_topic(self.conversation))]

    @property
    def read(self) -> str:
        """The text as a reader of the log sees it; fails on a gap."""
        text = ""
        for event in self.events:
            if isinstance(event, Delta) and event.text is not None:
                assert event.at <= len(text), "a gap"
                text = text[: event.at] + event.text
            elif isinstance(event, Reset):
                text = text[: event.at]
            elif isinstance(event, Started):
                assert event.at <= len(text), "a gap"
                text = text[: event.at]
        return text

    @property
    def ends(self) -> list[Closed]:
        return [event for event in self.events if isinstance(event, Closed)]

    def until(self, *statuses: str, timeout_s: float = PATIENCE_S) -> dict[str, Any]:
        until(lambda: self.row["status"] in statuses, f"status {statuses}", timeout_s)
        return self.row

    def until_told(self, timeout_s: float = PATIENCE_S) -> dict[str, Any]:
        """Wait until the answer has ended, its end is told and its turn is gone."""
        until(lambda: self.ends and not self.house.run("SELECT 1 FROM turns WHERE id = %s", self.id), "an end that is told", timeout_s)
        return self.row

    def until_read(self, words: int, timeout_s: float = PATIENCE_S) -> None:
        until(lambda: self.read.count("w") >= words, f"{words} words", timeout_s)


def until(true: Callable[[], object], what: str = "it", timeout_s: float = PATIENCE_S) -> None:
    """Wait until something is true; look often."""
    deadline = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline, f"{what} did not come within {timeout_s} s"
        time.sleep(0.01)


def counted(words: int) -> str:
    return "".join(f" w{number}" for number in range(words))


@contextmanager
def opened(database_url: str, redis_url: str, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[House]:
    """Open a house on these servers, and this process's own doors to them."""
    patch.setenv("DATABASE_URL", database_url)
    patch.setenv("REDIS_URL", redis_url)
    doors = (environment.environment, redis.client, tokenlog.token_log)
    for door in doors:
        door.cache_clear()
    open_database(database_url, size=8)
    with serving(Book({"counter": make({})})) as server:
        house = House(database_url, redis_url, server, folder)
        yield house
        for worker in house.workers:
            worker.process.kill()
            worker.process.wait()
            print(f"--- {worker.log.name}", worker.log.read_text()[-4000:], sep="\n")  # pytest shows it when a test fails
    database.close_all()
    redis.client().close()
    for door in doors:
        door.cache_clear()


@pytest.fixture
def house(database_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with opened(database_url, redis_url, tmp_path, monkeypatch) as house:
        yield house
