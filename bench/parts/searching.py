"""How long a search takes among many pieces, for people who may read all, a tenth and a hundredth of them; and what their index costs."""

import argparse
import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import psycopg

from bench.answers import percentile
from bench.knowledge import library
from bench.knowledge.library import Library
from bench.knowledge.shelves import DIMENSIONS, Shelves
from bench.reporting import tables
from bench.reporting.results import Point, Results
from olamchat.db.knowledge import indexing, vector_index
from olamchat.db.pool import connected
from olamchat.db.rows import run as ask
from olamchat.services.knowledge import retrieval

SECTION = "Searching among many pieces"
PIECES, PIECES_SHORT = 100_000, 30_000
SEARCHES, WARM, GOAL_MS = 100, 40, 50
# What an operator gives a database of this size; the index is built by two processes.
OPTIONS = ("shared_buffers=9GB", "maintenance_work_mem=4GB", "max_parallel_maintenance_workers=1", "max_wal_size=8GB")
WAYS = {"both ways": (True, True), "by meaning": (False, True), "by words": (True, False)}


@dataclass(frozen=True)
class Row:
    """So many searches of one kind: what the server's process took of CPU for each, and the times of them all."""

    what: str
    cpu_ms: float
    times_ms: list[float]


async def run(folder: Path, asked: argparse.Namespace, found: Results) -> None:
    """Fill, build the index, search."""
    pieces = PIECES_SHORT if asked.short else asked.pieces or PIECES
    points = await asyncio.to_thread(_measured, folder, pieces)
    found.replace_section(SECTION, points)
    print(tables.points(points))


def _measured(folder: Path, pieces: int) -> list[Point]:
    place, shelves = library.opened(folder, options=OPTIONS), Shelves(pieces)
    try:
        with connected():
            space = indexing.space("made", DIMENSIONS)
        began = time.monotonic()
        people = shelves.fill(place.server.url, space, lambda number: print(f"{number:,} pieces", flush=True))
        filled_s = time.monotonic() - began
        began = time.monotonic()
        with connected():
            vector_index.make(space, DIMENSIONS)
        built_s = time.monotonic() - began
        rows = [
            _searched(shelves, who, user_id, space, way)
            for who, user_id in (("all", people.of_all), ("10 %", people.of_tenth), ("1 %", people.of_hundredth))
            for way in WAYS
        ]
        sizes = list(_sizes(place, space))
    finally:
        place.close()
    print(f"filled in {filled_s:.0f} s")
    return [*_points(rows, shelves.pieces), Point(SECTION, "the index of vectors: built", built_s, "s"), *sizes]


def _searched(shelves: Shelves, who: str, user_id: UUID, space: int, way: str) -> Row:
    words, meaning = WAYS[way]

    def search(question: str, embedding: list[float]) -> None:
        given: dict[str, Any] = {"embedding": embedding, "space": space} if meaning else {}
        retrieval.search(user_id=user_id, collections=shelves.collections, question=question if words else "", **given)

    for question, embedding in shelves.questions(WARM):
        search(question, embedding)
    times: list[float] = []
    with connected():  # one connection for all: its process is the one whose CPU counts
        server = psutil.Process(ask("SELECT pg_backend_pid() AS pid")[0]["pid"])
        before = sum(server.cpu_times()[:2])
        for question, embedding in shelves.questions(SEARCHES):
            began = time.monotonic()
            search(question, embedding)
            times.append((time.monotonic() - began) * 1000)
        cpu_ms = (sum(server.cpu_times()[:2]) - before) * 1000 / SEARCHES
    row = Row(f"of a person who may read {who}, {way}", cpu_ms, times)
    print(f"{row.what}: {cpu_ms:.1f} ms of CPU, p50 {percentile(times, 0.5):.1f}, p95 {percentile(times, 0.95):.1f} ms", flush=True)
    return row


def _points(rows: list[Row], pieces: int) -> Iterator[Point]:
    note = f"{SEARCHES} searches among {pieces:,} pieces of {DIMENSIONS} dimensions; load of the machine {os.getloadavg()[0]:.1f}"
    for row in rows:
        yield Point(SECTION, f"a search {row.what}: p50", percentile(row.times_ms, 0.5), "ms")
        yield Point(SECTION, f"a search {row.what}: p95", percentile(row.times_ms, 0.95), "ms", GOAL_MS, note=note)
        yield Point(SECTION, f"a search {row.what}: the server's CPU", row.cpu_ms, "ms")


def _sizes(place: Library, space: int) -> Iterator[Point]:
    names = {"the pieces' rows": "chunks", "the index of words": "chunks_words", "the index of vectors": vector_index.name(space)}
    with psycopg.connect(place.server.url) as connection:
        for what, name in names.items():
            [size] = connection.execute("SELECT pg_table_size(%s::regclass)", [name]).fetchone() or [0]
            yield Point(SECTION, f"{what}: size", size / 2**30, "GiB")
