"""How fast documents are read without their embeddings: PDFs of text, from bytes to what can be searched, in one index worker's way."""

import argparse
import asyncio
import os
import time
from pathlib import Path

from bench.knowledge import library, pages
from bench.reporting import tables
from bench.reporting.results import Point, Results
from worker.pools.space import Space

SECTION = "Reading documents"
DOCUMENTS, PAGES, SHORT = 10, 200, 2
GOAL = 200


async def run(folder: Path, asked: argparse.Namespace, found: Results) -> None:
    """Read the documents one after the other, as one of a worker's places does, and count pages a second."""
    points = await asyncio.to_thread(_measured, folder, SHORT if asked.short else DOCUMENTS)
    found.replace_section(SECTION, points)
    print(tables.points(points))


def _measured(folder: Path, documents: int) -> list[Point]:
    shelves = library.opened(folder)
    try:
        collection = shelves.collection("Books")
        books = [pages.pdf(PAGES, seed) for seed in range(documents)]
        begin, spent = time.monotonic(), time.process_time()
        chunks = sum(shelves.bring(collection, f"book-{number}.pdf", book, Space(None, "")) for number, book in enumerate(books))
        took, used = time.monotonic() - begin, time.process_time() - spent
    finally:
        shelves.close()
    read = documents * PAGES
    note = f"{read} pages, {chunks} pieces; Python took {used:.1f} s of CPU, load {os.getloadavg()[0]:.0f}"
    return [Point(SECTION, "PDF of text, read, cut and kept", read / took, "pages/s", GOAL, least=True, note=note)]
