"""What index workers do to documents: take, keep batch by batch, end, give back; and who is told of it.

Postgres alone says whose a document is: the attempt's. All of these may raise DatabaseLost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from olamchat.db.knowledge import collections, documents, vector_index
from olamchat.db.knowledge import indexing as statements
from olamchat.db.pool import connected, database
from olamchat.db.rows import Row
from olamchat.services import storage
from olamchat.services.knowledge import telling
from olamchat.services.knowledge.collections import KEPT_S
from olamchat.services.knowledge.languages import language, pairs

# Failures of the engine, without a step ahead, after which a document is found by its words alone.
MOST_FAILURES = 4
# The same of a reader of scans, after which a document goes without it: some five minutes.
MOST_FAILURES_OF_READER = 6
# Deaths of workers after which a document is given up. It is read in a process apart, so nearly all of them are not its own doing: of 500
# documents whose workers were killed every 5 s, one had four of them.
MOST_DEATHS = 10


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """A piece of a document: where it stands and under which headings."""

    number: int
    page: int
    start: int
    end: int
    heading: str
    text: str

    def as_row(self, usual: str) -> Row:
        """Return what is kept of it; in which dictionary its own words say, where they are many enough, else those of its document."""
        return {
            "number": self.number, "page": self.page, "start": self.start, "end": self.end, "heading": self.heading, "text": self.text,
            "pairs": pairs(f"{self.heading} {self.text}"), "language": language(self.text, usual=usual),
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document that this worker is to read, and whose it is. `searchable`: it has been read, its embeddings are missing."""

    id: UUID
    attempt: int
    failures: int
    path: str
    name: str
    store: str
    file_id: UUID
    searchable: bool
    cutting: int | None
    chunks: int | None

    def read(self) -> bytes | None:
        """Return its bytes, None where they are gone."""
        return storage.store(self.store).get(self.file_id)


def take(*, worker: str) -> Document | None:
    """Take the document whose turn it is, None where none is to be read."""
    with connected():
        row = statements.take(worker)
    if row is None:
        return None
    telling.changed(row["id"])
    names = ("id", "attempt", "failures", "path", "name", "store", "file_id", "searchable", "cutting", "chunks")
    return Document(**{name: row[name] for name in names})


def begin(document: Document, cutting: int) -> int | None:
    """Return how many chunks are kept already, to go on after them. None: the document is somebody else's by now."""
    with connected():
        return statements.begin(document.id, document.attempt, cutting)


def keep(document: Document, chunks: Sequence[Chunk], *, usual: str) -> bool:
    """Keep the next batch of chunks. False: the document is somebody else's by now."""
    last = chunks[-1]
    rows = [chunk.as_row(usual) for chunk in chunks]
    with connected():
        kept = statements.keep(document.id, document.attempt, rows, kept=last.number + 1, pages=last.page)
    if kept:
        telling.changed(document.id)
    return kept


def has_read(document: Document, *, chunks: int, pages: int, cut: bool, language: str) -> bool:
    """Note that the document is read to its end: it is searched from now on. False: it is somebody else's by now."""
    with connected():
        return statements.has_read(document.id, document.attempt, chunks=chunks, pages=pages, cut=cut, language=language)


def space(model: str, dimensions: int) -> int:
    """Return the number of the space that a model's embeddings are in; a new one gets its index."""
    with connected():
        number = statements.space(model, dimensions)
        vector_index.make(number, dimensions)
    return number


def unembedded(document: Document, space: int | None, limit: int) -> list[Row]:
    """Return the next chunks (id, heading, text) without an embedding of this space."""
    with connected():
        return statements.unembedded(document.id, space, limit)


def embed(document: Document, *, space: int, ids: Sequence[int], embeddings: Sequence[Sequence[float]]) -> bool:
    """Keep a batch of embeddings. False: the document is somebody else's by now."""
    texts = [vector(embedding) for embedding in embeddings]
    with connected():
        kept = statements.embed(document.id, document.attempt, space=space, ids=ids, embeddings=texts)
    if kept:
        telling.changed(document.id)
    return kept


def done(document: Document, *, space: int | None, note: tuple[str, str] | None = None) -> bool:
    """Note that there is no more to do; `note` is a code and a sentence on what was left out."""
    said = {"code": note[0], "message": note[1]} if note else None
    with connected():
        row = statements.done(document.id, document.attempt, space=space, note=said)
    return _told(document, row)


def wait_for_reader(document: Document, *, seconds: float) -> bool:
    """Let the document wait for a reader of scans that could not be reached."""
    with connected():
        row = statements.put_off(document.id, document.attempt, seconds)
    return _told(document, row)


def failed(document: Document, *, code: str, message: str) -> bool:
    """Note why the document can't be read."""
    with connected():
        row = statements.failed(document.id, document.attempt, {"code": code, "message": message})
    return _told(document, row)


def put_off(document: Document, *, seconds: float, code: str, message: str) -> bool:
    """Let the document wait for its embeddings; after many tries it is found by its words alone, with the reason."""
    again = document.failures + 1 < MOST_FAILURES
    with connected():
        if again:
            row = statements.put_off(document.id, document.attempt, seconds)
        else:
            row = statements.not_embedded(document.id, document.attempt, {"code": code, "message": message})
    return _told(document, row)


def give_back(document_id: UUID, attempt: int, *, died: bool) -> bool:
    """Take a document from a worker that is gone or leaves. False: it is not that attempt's any more."""
    with connected():
        given = statements.give_back(document_id, attempt, died=died)
    if given:
        telling.waits(document_id)
    return given


def held(documents: Sequence[tuple[UUID, int]]) -> set[tuple[UUID, int]]:
    """Return which of these (document, attempt) still run."""
    with connected():
        return statements.held(documents)


def running(longer_than_s: float) -> list[Row]:
    """Return the id and attempt of documents that have been read for a while."""
    with connected():
        return statements.running(longer_than_s)


def waiting(longer_than_s: float) -> int:
    """Return how many documents have waited for a while."""
    with connected():
        return statements.waiting(longer_than_s)


def load() -> list[str]:
    """Return the names of what waits and runs."""
    with connected():
        return statements.load()


def embed_again(model_space: int) -> int:
    """Let documents without embeddings of this space get them; return how many."""
    with connected():
        return statements.embed_again(model_space)


def has_vectors() -> bool:
    """Tell whether the database can compare meanings."""
    with connected():
        return statements.has_vectors()


def sweep() -> int:
    """Erase what was deleted a while ago; return how many documents."""
    with connected(), database.atomic():
        swept = documents.sweep(KEPT_S)
        collections.sweep(KEPT_S)
    return swept


def vector(embedding: Sequence[float]) -> str:
    """Return an embedding as pgvector reads it."""
    return f"[{','.join(format(value, '.6g') for value in embedding)}]"


def _told(document: Document, row: Any) -> bool:
    if row is not None:
        telling.left(document.id)
        telling.changed(document.id)
    return row is not None
