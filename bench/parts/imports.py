"""What an import of documents costs the chats beside it: their latency before, while and after documents are read, in one run on one machine."""

import argparse
import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from uuid import uuid4

import psycopg

from bench import measure
from bench.answers import Load, Row
from bench.measure import Ground
from bench.reporting import tables
from bench.reporting.results import Point, Results
from bench.systems.stack import Shape, Stack
from tests.faults.clients.api import Api
from tests.worker.index import samples

SECTION = "Chats beside an import"
DOCUMENTS, DOCUMENTS_SHORT = 10_000, 120
STREAMS, STREAMS_SHORT = 64, 8
# Documents that are uploaded at once.
UPLOADS = 2
# Rounds of chats in which nothing is read: half of them before, half after.
QUIET_ROUNDS = 6
# Most of what an import is given to last; what isn't read by then is told.
PATIENCE_S = 1_200.0
ALLOWED = 1.1
_PARAGRAPH = "The kettle number {} stands on shelf {}. " + "Of tea there is enough, and of water too. " * 12
_ENDED = "SELECT count(*) FROM documents WHERE state IN ('ready', 'failed')"


async def run(folder: Path, asked: argparse.Namespace, found: Results) -> None:
    """Measure rounds of chats without and with an import beside them."""
    documents, streams = (DOCUMENTS_SHORT, STREAMS_SHORT) if asked.short else (asked.documents or DOCUMENTS, STREAMS)
    load = Load(streams)
    async with measure.Ground(folder, Shape(index=True)) as ground:
        house, place = ground.whole_house(), ground.house
        assert place is not None
        await measure.one(ground, house, measure.WARM)
        quiet = [await measure.one(ground, house, load) for _ in range(QUIET_ROUNDS // 2)]
        began = time.monotonic()
        importing = asyncio.create_task(_import(place, documents))
        beside = await _while_it_goes_on(ground, load, importing, documents)
        took, read = time.monotonic() - began, _read(place)
        importing.cancel()
        await asyncio.gather(importing, return_exceptions=True)
        quiet += [await measure.one(ground, house, load) for _ in range(QUIET_ROUNDS // 2)] if read >= documents else []
    told = _points(quiet, beside, f"{read:,} of {documents:,} documents were read in {took:.0f} s, {streams} chats a round")
    found.replace_section(SECTION, told)
    print(tables.points(told))


async def _while_it_goes_on(ground: Ground, load: Load, importing: asyncio.Task[None], documents: int) -> list[Row]:
    """Measure round after round until all documents have been read."""
    place = ground.house
    assert place is not None
    rows: list[Row] = []
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        row = await measure.one(ground, ground.whole_house(), load)
        if importing.done():
            importing.result()
        if rows and _read(place) >= documents:
            break  # in this round there was an end to reading
        rows.append(row)
    return rows


async def _import(house: Stack, documents: int) -> None:
    """Bring documents into a collection as the page does, a few at a time."""
    name = {"email": f"{uuid4().hex}@bench.example", "password": "a long enough password", "tokens": True}
    token = (await Api(house.port("/api/auth")).until("POST", "/api/auth/signup", name))["access_token"]
    api = Api(house.port("/api/knowledge"), token)
    collection = (await api.until("POST", "/api/knowledge/collections", {"name": "Kettles"}))["id"]
    numbers = iter(range(documents))

    async def bring() -> None:
        for number in numbers:
            path, content = _document(number)
            await api.until("POST", f"/api/knowledge/collections/{collection}/documents?path={path}", content)

    await asyncio.gather(*(bring() for _ in range(UPLOADS)))


def _document(number: int) -> tuple[str, bytes]:
    """Return a document's path and bytes: three of four are text of some pages, the others a PDF with one."""
    if number % 4 == 0:
        return f"{number}.pdf", samples.pdf(f"The kettle number {number} stands on shelf {number % 7}.")
    return f"{number}.txt", "\n\n".join(_PARAGRAPH.format(number * 100 + each, each) for each in range(12)).encode()


def _read(house: Stack) -> int:
    with psycopg.connect(house.database_url) as connection:
        row = connection.execute(_ENDED).fetchone()
        assert row is not None
        return int(row[0])


def _points(quiet: Sequence[Row], beside: Sequence[Row], what: str) -> list[Point]:
    note = f"{what}; {len(quiet)} rounds without and {len(beside)} with it; load of the machine {os.getloadavg()[0]:.1f}"
    lost = sum(row.lost + row.doubled + row.failed for row in (*quiet, *beside))
    return [
        *(point for name in ("token_p50", "token_p99", "first_p50") for point in _compared(name, quiet, beside, note)),
        Point(SECTION, "tokens lost or doubled, answers failed", lost, "", 0, note=note),
    ]


def _compared(name: str, quiet: Sequence[Row], beside: Sequence[Row], note: str) -> list[Point]:
    without, with_it = (median(getattr(row, name) for row in rows) for rows in (quiet, beside))
    spoken = {"token_p50": "a token, p50", "token_p99": "a token, p99", "first_p50": "the first token, p50"}[name]
    goal = ALLOWED if name == "token_p50" else None
    return [
        Point(SECTION, f"{spoken}: without an import", without, "ms"),
        Point(SECTION, f"{spoken}: beside one", with_it, "ms"),
        Point(SECTION, f"{spoken}: beside one, as a multiple", with_it / max(without, 0.001), "×", goal, note=note),
    ]
