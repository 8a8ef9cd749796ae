"""How well passages are found: real documents, questions with the passage that answers each; by words, by meaning, by both."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import psycopg

from bench.knowledge import asked as questions
from bench.knowledge import corpus, library, model, scores
from bench.knowledge.asked import Asked
from bench.knowledge.library import Library
from bench.reporting import tables
from bench.reporting.results import Point, Results
from olamchat.environment import Environment
from olamchat.services.knowledge import retrieval
from worker.pools.space import Space, space

SECTION = "Finding passages"
WAYS = ("words", "meaning", "both")
MISTYPED = "both, a word mistyped"
LOOKED_AT = 10


@dataclass(frozen=True)
class Row:
    """One way to look, over the questions of one language or all: recall@5 and nDCG@10."""

    way: str
    language: str
    questions: int
    recall: float
    ndcg: float


async def run(folder: Path, _: argparse.Namespace, found: Results) -> None:
    """Fill a library with the documents, ask every question in every way, print the table."""
    server = model.serve(model.Model(corpus.FOLDER / "vectors.sqlite"))
    shelves = library.opened(folder)
    try:
        rows = scored(shelves, _space(server.server_port))
    finally:
        shelves.close()
        server.shutdown()
    found.replace_section(SECTION, list(_points(rows)))
    print(table(rows))


def scored(shelves: Library, place: Space) -> list[Row]:
    """Return how each way does, for each language and for all."""
    every = questions.questions()
    collection = shelves.collection("Manuals")
    for path, content in corpus.documents({one.document for one in every}):
        shelves.bring(collection, path, content, place)
    shelves.settle()
    good = questions.answers(every, shelves.texts())
    rows: list[Row] = []
    for way in WAYS:
        told = [(one, _looked(shelves, collection, place, one.question, way)) for one in every]
        rows += [_row(way, language, told, good) for language in (*questions.LANGUAGES, "")]
    told = [(one, _looked(shelves, collection, place, one.mistyped, "both")) for one in every]
    return [*rows, *(_row(MISTYPED, language, told, good) for language in (*questions.LANGUAGES, ""))]


def table(rows: Sequence[Row]) -> str:
    """Return the table of docs/knowledge.md: a line for each language, recall@5 and nDCG@10 for each way."""
    lines = [
        (questions.LANGUAGES.get(language, "all"), str(next(row.questions for row in rows if row.language == language)), *(
            text for way in (*WAYS, MISTYPED) for row in rows if (row.way, row.language) == (way, language) for text in (f"{row.recall:.2f}", f"{row.ndcg:.2f}")
        )) for language in (*questions.LANGUAGES, "")
    ]  # fmt: skip
    return tables.table(("questions in", "", *(f"{way}: {score}" for way in (*WAYS, MISTYPED) for score in ("recall@5", "nDCG@10"))), lines)


def _looked(shelves: Library, collection: UUID, place: Space, question: str, way: str) -> list[int]:
    vector = place.embed_question(question) if way != "words" else None
    passages = retrieval.search(
        user_id=shelves.user_id, collections=[collection], question=question if way != "meaning" else "", limit=LOOKED_AT,
        embedding=vector, space=place.number() if vector else None,
    )  # fmt: skip
    wanted = [(passage["document_id"], passage["chunk"]) for passage in passages]
    with psycopg.connect(shelves.server.url) as connection:
        return [connection.execute("SELECT id FROM chunks WHERE document_id = %s AND number = %s", one).fetchall()[0][0] for one in wanted]


def _row(way: str, language: str, told: Sequence[tuple[Asked, list[int]]], good: dict[Asked, set[int]]) -> Row:
    some = [(one, found) for one, found in told if language in {one.language, ""}]
    recall = sum(scores.recall(found, good[one]) for one, found in some) / len(some)
    ndcg = sum(scores.ndcg(found, good[one]) for one, found in some) / len(some)
    return Row(way, language, len(some), recall, ndcg)


def _points(rows: Sequence[Row]) -> list[Point]:
    best = {row.way: row for row in rows if not row.language}
    alone = max(best["words"].ndcg, best["meaning"].ndcg)
    goal = {"both": alone}
    named = [(row, questions.LANGUAGES.get(row.language, "all")) for row in rows]
    return [
        *(Point(SECTION, f"recall@5 by {row.way}, {name} ({row.questions} questions)", row.recall, "") for row, name in named),
        *(
            Point(SECTION, f"nDCG@10 by {row.way}, {name}", row.ndcg, "", None if row.language else goal.get(row.way), least=True)
            for row, name in named
        ),
    ]


def _space(port: int) -> Space:
    return space(replace(Environment(), embeddings=model.NAME, embeddings_url=f"http://127.0.0.1:{port}/v1"))
