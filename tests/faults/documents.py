"""Documents are brought in while index workers are killed one after the other: each must be read once, whole, and none be given up for it."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.faults.clients.api import Api
from tests.faults.house import House
from tests.faults.table import line

NAME = "import-index-kill"
PAGE = Path(__file__).parents[2] / "docs/knowledge.md"
HEAD = ("fault, documents are brought in", "documents", "ready", "unreadable", "lost", "chunks", "missing or twice", "kills", "took s")
KILL_EVERY_S, AGAIN_S, LOOK_S = 5.0, 1.0, 0.25
DEADLINE_S = 900.0
# Every tenth document takes some batches, every fiftieth can't be read.
_LONG, _BROKEN = 10, 50
_PARAGRAPH = "the kettle stands on the shelf, and the water for the tea is as hot as it has to be. " * 12
_UNFINISHED = "SELECT count(*) FROM documents WHERE state NOT IN ('ready', 'failed')"
_CHUNKS = "SELECT count(*), count(*) FILTER (WHERE embedding IS NULL) FROM chunks"
_ENDED = """
SELECT d.path, d.state, d.chunks, array_agg(k.number ORDER BY k.number) FILTER (WHERE k.id IS NOT NULL), string_agg(k.text, '' ORDER BY k.number)
FROM documents d LEFT JOIN chunks k ON k.document_id = d.id GROUP BY d.id
"""


@dataclass
class Verdict:
    """What became of an import."""

    documents: int
    ready: int = 0
    unreadable: int = 0
    lost: int = 0
    chunks: int = 0
    wrong: int = 0
    kills: int = 0
    took_s: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.problems


def lines(verdict: Verdict) -> Iterator[str]:
    """Return the table's one line."""
    counts = (verdict.documents, verdict.ready, verdict.unreadable, verdict.lost, verdict.chunks, verdict.wrong, verdict.kills)
    yield line("index-kill", *counts, f"{verdict.took_s:.0f}")


async def run(house: House, user: Api, documents: int, *, every_s: float = KILL_EVERY_S) -> Verdict:
    """Bring the documents, kill their readers in turn, and judge."""
    began, verdict = time.monotonic(), Verdict(documents)
    names = house.read_documents()
    try:
        collection = (await user.until("POST", "/api/knowledge/collections", {"name": "Imported"}))["id"]
        killing = asyncio.create_task(_kill(house, names, every_s, verdict))
        await _bring(user, collection, documents)
        await _until_ended(house)
        killing.cancel()
    finally:
        for name in names:
            house.parts.pop(name).kill()
    verdict.took_s = time.monotonic() - began
    _judge(house, verdict)
    return verdict


def content(number: int) -> bytes:
    """Return a document by its number."""
    if number % _BROKEN == _BROKEN - 1:
        return b"%PDF-1.7 broken"
    return text(number).encode()


def text(number: int) -> str:
    paragraphs = 150 if number % _LONG == 0 else 2
    return "\n\n".join(f"Document {number}, paragraph {each}: {_PARAGRAPH}" for each in range(paragraphs))


async def _bring(user: Api, collection: str, documents: int) -> None:
    limit = asyncio.Semaphore(4)

    async def one(number: int) -> None:
        async with limit:
            kind = "pdf" if content(number).startswith(b"%PDF") else "txt"
            path = quote(f"folder/{number}.{kind}")
            await user.until("POST", f"/api/knowledge/collections/{collection}/documents?path={path}", content(number))

    await asyncio.gather(*(one(number) for number in range(documents)))


async def _kill(house: House, names: list[str], every_s: float, verdict: Verdict) -> None:
    while True:
        for name in names:
            await asyncio.sleep(every_s)
            house.parts[name].kill()
            verdict.kills += 1
            await asyncio.sleep(AGAIN_S)
            house.parts[name].start()


async def _until_ended(house: House) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while True:
            if _one(house, _UNFINISHED)[0] == 0:
                return
            await asyncio.sleep(LOOK_S)


def _judge(house: House, verdict: Verdict) -> None:
    with psycopg.connect(house.database_url) as connection:
        rows = connection.execute(_ENDED).fetchall()
    verdict.lost = verdict.documents - len(rows)
    for path, state, chunks, numbers, said in rows:
        number = int(path.removeprefix("folder/").split(".")[0])
        if path.endswith(".pdf"):
            verdict.unreadable += state == "failed"
            _note(verdict, state == "failed", f"{path} was {state}")
            continue
        verdict.ready += state == "ready"
        verdict.lost += state != "ready"
        whole = numbers == list(range(chunks or 0)) and "".join((said or "").split()) == "".join(text(number).split())
        verdict.wrong += not whole
        _note(verdict, state == "ready" and whole, f"{path} was {state}, with {len(numbers or ())} of {chunks} chunks")
    verdict.chunks, bare = _one(house, _CHUNKS)
    _note(verdict, bare == 0, f"{bare} chunks have no embedding")
    _note(verdict, verdict.lost == 0, f"{verdict.lost} documents were lost")


def _note(verdict: Verdict, fine: bool, problem: str) -> None:
    if not fine:
        verdict.problems.append(problem)


def _one(house: House, sql: str) -> tuple[int, ...]:
    with psycopg.connect(house.database_url) as connection:
        found = connection.execute(sql.encode()).fetchone()
    assert found is not None
    return found
