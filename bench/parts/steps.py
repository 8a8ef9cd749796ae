"""What a step costs beyond its tool's own time, how soon the model's place is free, and what answers that wait for a person hold."""

import argparse
import asyncio
import json
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
from psycopg.rows import dict_row

from bench.answers import percentile
from bench.reporting import tables
from bench.reporting.results import Point, Results
from bench.systems.stack import Shape, Stack
from local.parts import ROOT, free_port
from local.process import end, spawn
from tests.faults.clients.api import Api
from tests.tool_server.book import Book

SECTION = "Steps"
WAITING, WAITING_SHORT = 1_000, 100
AT_ONCE, AT_ONCE_SHORT = 64, 8
# Seconds within which so many chats ask: people don't press a button at the same moment.
WITHIN_S = 4.0
WARM_UP = 64
ALONE = 20
PATIENCE_S = 180.0
# The stretches of a step's way, in their order, by what each ends with.
STRETCHES = ("parked", "taken", "at the tool", "result kept", "model asked again")
_TIMES = """
SELECT s.message_id::text AS id, s.idempotency_key::text AS key, extract(epoch FROM s.created_at)::float AS parked,
    extract(epoch FROM s.started_at)::float AS taken, extract(epoch FROM s.finished_at)::float AS kept
FROM steps s WHERE s.state = 'done'
"""
_PARKED = "SELECT count(*) FROM turns WHERE state = 'parked'"


@dataclass(frozen=True)
class Took:
    """Of one step, in milliseconds: the stretches of its way, without the tool's own time."""

    stretches: tuple[float, ...]

    @property
    def added(self) -> float:
        return sum(self.stretches)

    @property
    def freed(self) -> float:
        """How soon after the call its answer was parked."""
        return self.stretches[0]


@dataclass(frozen=True)
class Ground:
    """What is measured: a house, its engine's port, what its tool server was asked, and who asks."""

    house: Stack
    engine: int
    book: Path
    people: list[Api]


async def run(folder: Path, asked: argparse.Namespace, found: Results) -> None:
    """Measure steps one by one, many at once, and answers that wait."""
    at_once, waiting = (AT_ONCE_SHORT, WAITING_SHORT) if asked.short else (AT_ONCE, WAITING)
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240, before anything is asked
    with _servers(folder) as (engine, tools), Stack(folder / "house", engine, Shape(steps=True)) as house:
        ground = Ground(house, engine, folder / "calls.jsonl", await _people(house, tools))
        await _steps(ground, 1, 3)
        alone = await _steps(ground, 1, ALONE)
        chats = await _steps(ground, at_once, asked.rounds, within_s=WITHIN_S)
        many = await _steps(ground, at_once, asked.rounds)
        await _waiting(ground, WARM_UP)
        parked = await _waiting(ground, waiting)
    told = [
        *_points("alone", alone, 40),
        *_points(f"{at_once} chats, asked within {WITHIN_S:g} s", chats, 100),
        *_points(f"{at_once} asked at the same moment", many, None),
        *parked,
    ]
    found.replace_section(SECTION, told)
    print(tables.points(told))


def _points(name: str, took: Sequence[Took], goal: float | None) -> list[Point]:
    added, freed = [one.added for one in took], [one.freed for one in took]
    ways = zip(STRETCHES, zip(*(one.stretches for one in took), strict=True), strict=True)
    note = f"p95 {percentile(added, 0.95):.0f} ms of {len(took)}; medians: " + ", ".join(
        f"{way} {median(times):.0f}" for way, times in ways
    )
    return [
        Point(SECTION, f"a step, {name}: added p50", median(added), "ms", goal, note=note),
        Point(
            SECTION, f"a step, {name}: the model's place free after", median(freed), "ms", 50, note=f"p95 {percentile(freed, 0.95):.0f} ms"
        ),
    ]


@contextmanager
def _servers(folder: Path) -> Iterator[tuple[int, int]]:
    """Run an engine whose models call a tool once, and the tool server; yields their ports."""
    engine, tools = free_port(), free_port()
    models = [word for tool in ("look", "note") for word in ("--model", f"{tool}?{_script(tool)}")]
    commands = {
        "engine": ["-m", "tests.scripted_engine", "--port", str(engine), *models],
        "tools": ["-W", "ignore", "-m", "tests.tool_server", "--port", str(tools), "--book", str(folder / "calls.jsonl")],
    }
    running = [
        spawn([sys.executable, *words], log=folder / f"{name}.log", dies_by=signal.SIGTERM, cwd=ROOT) for name, words in commands.items()
    ]
    try:
        for port in (engine, tools):
            _await_port(port)
        yield engine, tools
    finally:
        for process in running:
            end(process, signal.SIGTERM, 5)


def _script(tool: str) -> str:
    argument = {"look": "about", "note": "text"}[tool]
    calls = json.dumps([{"name": f"bench__{tool}", "arguments": {argument: "x"}}])
    return f"length=3&tools=true&calls_once=true&calls={quote(calls)}"


def _await_port(port: int) -> None:
    deadline = time.monotonic() + 30
    while socket.socket().connect_ex(("127.0.0.1", port)):
        assert time.monotonic() < deadline, f"nothing listens at {port}"
        time.sleep(0.05)


async def _people(house: Stack, tools: int) -> list[Api]:
    """Sign some people up, the first an administrator who connects the tool server."""
    port = next(iter(house.ports.values()))
    people = []
    for number in range(5):
        name = {"email": f"{uuid4().hex}@bench.example", "password": "a long enough password", "tokens": True}
        token = (await Api(port).until("POST", "/api/auth/signup", name))["access_token"]
        if number == 0:
            with psycopg.connect(house.database_url) as connection:
                connection.execute("UPDATE users SET role = 'admin' WHERE email = %s", [name["email"]])
            token = (await Api(port).until("POST", "/api/auth/login", name))["access_token"]
            body = {"name": "bench", "url": f"http://127.0.0.1:{tools}/mcp"}
            await Api(port, token).until("POST", "/api/admin/tools", body)
        people.append(Api(port, token))
    return people


async def _steps(ground: Ground, at_once: int, rounds: int, *, within_s: float = 0.0) -> list[Took]:
    took: list[Took] = []

    async def one(number: int) -> tuple[str, str]:
        await asyncio.sleep(within_s * number / at_once)
        return await _ask(ground.people[number % len(ground.people)], "look")

    for _ in range(rounds):
        ids = await asyncio.gather(*map(one, range(at_once)))
        await _until(ground.house, "SELECT count(*) FROM turns", 0)
        took += await asyncio.to_thread(_times, ground, dict(ids))
    return took


async def _ask(person: Api, model: str) -> tuple[str, str]:
    """Ask in a new chat; return the answer's id and the words by which the engine knows the question."""
    words = f"Look {uuid4()}."
    made = await person.until("POST", "/api/conversations", {"title": "bench"})
    path = f"/api/conversations/{made['id']}/messages"
    sent = await person.until("POST", path, {"content": words, "model": model}, Idempotency_Key=uuid4().hex)
    return sent["answer"]["id"], words


def _times(ground: Ground, ids: dict[str, str]) -> list[Took]:
    with urllib.request.urlopen(f"http://127.0.0.1:{ground.engine}/requests", timeout=30) as answer:
        requests = json.loads(answer.read())["requests"]
    by_words: dict[str, list[dict[str, Any]]] = {}
    for request in requests:
        words = next(message["content"] for message in request["messages"] if message["role"] == "user")
        by_words.setdefault(words, []).append(request)
    calls = {(line["key"], line["event"]): line["at"] for line in Book(ground.book).lines()}
    with psycopg.connect(ground.house.database_url, row_factory=dict_row) as connection:
        steps = {row["id"]: row for row in connection.execute(_TIMES).fetchall()}
    return [_took(by_words[words], steps[one], calls) for one, words in ids.items()]


def _took(requests: list[dict[str, Any]], step: dict[str, Any], calls: dict[tuple[str, str], float]) -> Took:
    first, second = sorted(requests, key=lambda request: request["began"])
    began, ended = calls[step["key"], "began"], calls[step["key"], "ended"]
    ways = (
        (first["ended"], step["parked"]),
        (step["parked"], step["taken"]),
        (step["taken"], began),
        (ended, step["kept"]),
        (step["kept"], second["began"]),
    )
    return Took(tuple(1000 * (later - earlier) for earlier, later in ways))


async def _waiting(ground: Ground, count: int) -> list[Point]:
    """Ask what a person has to allow, so often; return what these answers hold while they wait."""
    house, people = ground.house, ground.people
    before, parked = house.use(), await _count(house, _PARKED)
    gate = asyncio.Semaphore(16)

    async def one(number: int) -> None:
        async with gate:
            await _ask(people[number % len(people)], "note")

    await asyncio.gather(*(one(number) for number in range(count)))
    await _until(house, _PARKED, parked + count)
    after = house.use()
    grew = {name: after[name].rss_mib - before[name].rss_mib for name in ("worker", "steps", "functions")}
    note = ", ".join(f"{name} {mib:+.1f} MiB" for name, mib in grew.items())
    with psycopg.connect(house.database_url) as connection:
        held = connection.execute("SELECT count(*) FROM turns WHERE worker IS NOT NULL OR state = 'running'").fetchone()
    assert held is not None
    return [
        Point(SECTION, f"{count:,} answers waiting for a person: places held", held[0], "places", 0),
        Point(
            SECTION, f"{count:,} answers waiting for a person: memory for a hundred", sum(grew.values()) * 100 / count, "MiB", 1, note=note
        ),
    ]


async def _until(house: Stack, sql: str, wanted: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while (found := await _count(house, sql)) != wanted:
        assert time.monotonic() < deadline, f"{sql}: {found}"
        await asyncio.sleep(0.05)


async def _count(house: Stack, sql: str) -> int:
    async with await psycopg.AsyncConnection.connect(house.database_url, autocommit=True) as connection:
        row = await (await connection.execute(sql)).fetchone()
        assert row is not None
        return int(row[0])
